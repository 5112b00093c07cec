"""What vouches for a released file, and what of it goes into the log?

The file is verified (`integrity.signatures`); only a signature that holds is named in the log, by the digest
of its file and the fingerprint of its key. A bill of materials or statement of provenance counts only if it
is about these very bytes. What is named is kept by its digest, and read once more then: it must be the same.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from netproof.errors import SourceError
from netproof.integrity.register.entries import Evidence, SupplierSignature
from netproof.integrity.sbom import read_sbom
from netproof.integrity.signatures import Verdict, companions, dsse, verify
from netproof.integrity.signatures.artifact import read_small

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from netproof.integrity.signatures import Release, Signature, Trust

SBOM_BYTES_MAX: Final = 64_000_000
SIGNATURES_MAX: Final = 16
"""Most signatures that a statement names."""
SBOMS: Final = (".cdx.json", ".spdx.json", ".sbom.json", ".bom.json")
"""What is added to a file's name, or stands in place of its last suffix, for a bill of materials."""
_PROVENANCE: Final = "https://slsa.dev/provenance/"
_FORMATS: Final = {"checksums": "checksum-list", "csar-manifest": "csar"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that the log names by its digest."""

    path: Path
    sha256: str

    def content(self) -> bytes:
        """Return its bytes; `SourceError` where they are no longer those that the log names."""
        content = read_small(self.path, SBOM_BYTES_MAX)
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise SourceError(f"{self.path}: expected a file at rest, got one that changes while read")
        return content


@dataclass(frozen=True, slots=True)
class Looked:
    """What is known of a file.

    Attributes:
        verdict: what its signatures make; empty: it could not be read.
        reason: why it is not verified, or cannot be read; empty: it is verified.
        evidence: None: it could not be read.
        keep: what the log names beside the file itself.
        notes: what else a person should know.
    """

    verdict: Verdict | None
    reason: str
    evidence: Evidence | None
    keep: tuple[Kept, ...] = ()
    notes: tuple[str, ...] = ()


def look(
    files: Sequence[tuple[Path, Sequence[Path]]],
    *,
    at: date,
    trust: Trust,
    threads: int,
    progress: Callable[[str], None] | None = None,
) -> Iterator[Looked]:
    """Yield what is known of files, in their order; several are read at once.

    Args:
        files: each with the signatures named for it; none: what lies beside it.
        at: the date of judgement.
        trust: whom the user trusts.
        threads: how many files are read at once.
        progress: told each file's name when it is done.

    Cost: one pass over each file for both digests (`signatures.verify`).
    """
    with ThreadPoolExecutor(max(1, threads)) as pool:
        waiting = [pool.submit(_look, path, signatures, at, trust) for path, signatures in files]
        for (path, _), task in zip(files, waiting, strict=True):
            yield task.result()
            if progress:
                progress(path.name)


def _look(path: Path, signatures: Sequence[Path], at: date, trust: Trust) -> Looked:
    """Return what is known of one file."""
    try:
        (release,) = verify([path], at=at, trust=trust, signatures=signatures).releases
        return _told(path, release)
    except SourceError as error:
        return Looked(None, str(error), None)


def _told(path: Path, release: Release) -> Looked:
    """Return what the log will say of a file, and what must be kept for it."""
    held = [one for one in release.signatures if one.verdict is Verdict.VERIFIED and one.signer]
    named: list[SupplierSignature] = []
    keep: list[Kept] = []
    notes: list[str] = []
    provenance = ""
    for one in held if release.verdict is Verdict.VERIFIED else ():
        for form, file in _parts(path, release, one):
            named.append(SupplierSignature(form, file.sha256, one.signer.identity if one.signer else ""))
            if file.path != path:
                keep.append(file)
            if form == dsse.FORMAT and _is_provenance(file):
                provenance = file.sha256
    sbom = _sbom(path, release.sha256, notes)
    if len(named) > SIGNATURES_MAX:
        notes.append(f"{len(named)} signatures hold; the log names {SIGNATURES_MAX} of them")
    evidence = Evidence(
        {"sha256": release.sha256, "sha512": release.sha512},
        release.size,
        tuple(dict.fromkeys(named))[:SIGNATURES_MAX],
        sbom.sha256 if sbom else "",
        provenance,
    )
    reason = "" if release.verdict is Verdict.VERIFIED else release.reason or release.verdict.value
    return Looked(release.verdict, reason, evidence, (*keep, *([sbom] if sbom else [])), tuple(notes))


def _parts(path: Path, release: Release, one: Signature) -> list[tuple[str, Kept]]:
    """Return the files that make a signature: its own, the list that it signs; or what it lies in."""
    own = Path(one.file)
    form = "ml-dsa" if one.format == "raw" and one.algorithm.startswith("ML-DSA") else one.format
    form = _FORMATS.get(form, form)
    if own == path or not own.is_file():
        return [(form, Kept(path, release.sha256))]
    lists = [found for found in companions.lists_of(path) if own in companions.signatures_of(found)]
    return [
        (form, _kept(own, read_small(own))),
        *(("checksum-list", _kept(found, read_small(found))) for found in lists),
    ]


def _is_provenance(file: Kept) -> bool:
    """Return whether a verified statement says how the file was built."""
    kinds = (dsse.statement(one.payload).predicate_type for one in dsse.read(file.path.name, file.content()))
    return any(kind.startswith(_PROVENANCE) for kind in kinds)


def _sbom(path: Path, sha256: str, notes: list[str]) -> Kept | None:
    """Return the bill of materials beside a file, if it is about the file's bytes."""
    beside = [path.with_name(path.name + end) for end in SBOMS]
    beside += [path.with_suffix(end) for end in SBOMS if path.suffix]
    for candidate in dict.fromkeys(beside):
        if not candidate.is_file():
            continue
        try:
            content = read_small(candidate, SBOM_BYTES_MAX)
            bill = read_sbom(candidate.name, content)
        except SourceError as error:
            notes.append(f"bill of materials left out: {error}")
            continue
        if bill is None or bill.subject != sha256:
            about = f"about sha256 {bill.subject}" if bill and bill.subject else "not about any digest"
            notes.append(f"bill of materials left out: {candidate.name} is {about}, not about this file's")
            continue
        if not bill.complete:
            notes.append(f"{candidate.name} does not say that it is complete: what it leaves out is unknown")
        return _kept(candidate, content)
    return None


def _kept(path: Path, content: bytes) -> Kept:
    """Return a file by its digest."""
    return Kept(path, hashlib.sha256(content).hexdigest())
