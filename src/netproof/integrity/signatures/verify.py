"""The door's work: for each file its digests, what vouches for it, and what that is worth on a date.

A file that vouches and cannot be read does not stop the others: it does not hold, and the reason says why.
What the user himself names (files, trust folder) must be readable.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from netproof.errors import SourceError
from netproof.integrity.signatures import (
    checksums,
    cms,
    companions,
    csar,
    dsse,
    manifest,
    openpgp,
    raw,
    sigstore_bundle,
)
from netproof.integrity.signatures.answer import Answer, Release, Signature, Verdict, together
from netproof.integrity.signatures.artifact import Artifact, read_small
from netproof.integrity.signatures.companions import Format
from netproof.integrity.signatures.instant import stamped
from netproof.integrity.signatures.kinds import kind_of
from netproof.integrity.signatures.times import Times
from netproof.integrity.signatures.trust import Trust, certificates_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from netproof.integrity.signatures.logged import Logged
    from netproof.integrity.signatures.provenance import Policy

_NO_TRUST = "keys or certificates to trust (--trust)"


def verify(  # noqa: PLR0913 - what is judged, by what, and for when
    files: Sequence[Path],
    *,
    at: date,
    trust: Trust | None = None,
    signatures: Sequence[Path] = (),
    logged: Sequence[Logged] = (),
    policy: Policy | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Answer:
    """Return what is known of released files on a date.

    Args:
        files: The files, of any size.
        at: The date of judgement; its last second (UTC) counts.
        trust: Whom the user trusts; None: nobody.
        signatures: What vouches for the files; without it, what lies beside each.
        logged: Proofs of log entries about the files, which show by when their signatures existed.
        policy: What is expected of provenance; without provenance that meets it no file is verified.
        progress: Told each file's name, its number from 0, and how many there are.

    Raises:
        SourceError: A file or a signature that was named cannot be opened.

    Cost: one pass over each file for its digests, one more for each OpenPGP signature.
    """
    known = trust or Trust()
    moment = datetime.combine(at, time(23, 59, 59), UTC)
    judge = _Judge(known, moment, logged, policy)
    found: list[Release] = []
    for number, path in enumerate(files):
        if progress:
            progress(path.name, number, len(files))
        found.append(judge.release(path, signatures))
    return Answer(at, known.counts(), tuple(found))


class _Judge:
    """Judges files against one trust folder at one moment."""

    def __init__(
        self, trust: Trust, moment: datetime, logged: Sequence[Logged], policy: Policy | None
    ) -> None:
        self._trust = trust
        self._moment = moment
        self._logged = logged
        self._policy = policy

    def release(self, path: Path, named: Sequence[Path]) -> Release:
        """Return what is known of one file."""
        artifact = Artifact(path)
        times = Times(self._trust.timestamping, self._moment, artifact, self._logged)
        found: list[Signature] = []
        if named:
            for signature in named:
                found += self._by(artifact, signature, read_small(signature), times, wanted=True)
        else:
            for signature in [*companions.signatures_of(path), *companions.lists_of(path)]:
                found += self._by(artifact, signature, None, times, wanted=False)
        found += self._inside(artifact, times)
        artifact.assert_unchanged()
        verdict, reason = self._together(found)
        return Release(
            file=str(path),
            kind=kind_of(artifact.head),
            size=artifact.size,
            sha256=artifact.digest("sha256").hex(),
            sha512=artifact.digest("sha512").hex(),
            verdict=verdict,
            reason=reason,
            signatures=tuple(found),
            missing=self._missing(verdict, found),
        )

    def _together(self, found: Sequence[Signature]) -> tuple[Verdict, str]:
        """Return the verdict of all signatures; who asks for provenance is not served by its absence."""
        verdict, reason = together(found)
        asked = self._policy is not None and verdict is Verdict.VERIFIED
        if asked and not any(one.as_expected for one in found):
            return Verdict.NOT_VERIFIED, "no provenance (SLSA v1) that holds is there to meet the policy"
        return verdict, reason

    def _by(
        self, artifact: Artifact, signature: Path, content: bytes | None, times: Times, *, wanted: bool
    ) -> list[Signature]:
        """Return what one file says of another.

        Args:
            artifact: The other.
            signature: The file that vouches.
            content: Its bytes; None: to be read.
            times: What proves by when it existed.
            wanted: Whether the user named it, so that it must be about the other.
        """
        form = "unknown"
        try:
            held = read_small(signature) if content is None else content
            form = companions.guess(signature.name, held)
            if form is Format.CHECKSUMS:
                return self._by_list(artifact, signature, held, times, wanted=wanted)
            return self._detached(artifact, signature, held, form, times)
        except SourceError as error:
            return [Signature(str(signature), form, Verdict.NOT_VERIFIED, str(error))]

    def _detached(
        self, artifact: Artifact, signature: Path, content: bytes, form: Format, times: Times
    ) -> list[Signature]:
        """Return what is known of the signatures in a file.

        Raises:
            SourceError: It cannot be read as what it seems to be.
        """
        name, trust = str(signature), self._trust
        proven = times.of_file(signature, content)
        moment = proven.at or self._moment
        match form:
            case Format.CMS:
                beside = companions.certificates_beside(artifact.path, signature)
                return cms.judge(cms.read(name, content), artifact, beside, trust, self._moment, proven)
            case Format.SIGSTORE:  # its own log proves its time
                bundle = sigstore_bundle.read(name, content)
                return sigstore_bundle.judge(name, bundle, artifact, trust, self._moment, self._policy)
            case Format.OPENPGP:
                found = openpgp.judge(name, content, artifact, trust.openpgp, moment)
            case Format.DSSE:
                found = dsse.judge(name, dsse.read(name, content), artifact, trust, moment, self._policy)
            case _:
                beside = companions.certificates_beside(artifact.path, signature)
                found = [raw.judge(name, raw.read(name, content), artifact, beside, trust, moment)]
        return [stamped(one, proven) for one in found]

    def _by_list(
        self, artifact: Artifact, listed: Path, content: bytes, times: Times, *, wanted: bool
    ) -> list[Signature]:
        """Return what a list of digests says of a file, and who signed the list."""
        lines = checksums.read(str(listed), content)
        if not wanted and listed.name in companions.LISTS and not lines[0].name:
            return []  # a digest without a name, of nobody knows which file
        said = checksums.compare(lines, _below(artifact.path, listed), artifact)
        if not said.named and not wanted:
            return []
        name, form = str(listed), checksums.FORMAT
        if said.reason:
            return [Signature(name, form, Verdict.NOT_VERIFIED, said.reason)]
        algorithm = ", ".join(said.algorithms)
        if said.weak:
            reason = f"its digest is {algorithm}, which is weak: others can make a file with the same one"
            return [Signature(name, form, Verdict.DIGEST_ONLY, reason, algorithm=algorithm)]
        signed = Artifact(listed)
        if signed.digest("sha256") != _sha256(content):
            raise SourceError(f"{listed}: expected a file at rest, got one that changes while read")
        found = [
            judged
            for signature in companions.signatures_of(listed)
            for judged in self._list_signatures(signed, signature, times)
        ]
        if not found:
            reason = "its digest agrees with an unsigned list, which whoever changes the file can change too"
            return [Signature(name, form, Verdict.DIGEST_ONLY, reason, algorithm=algorithm)]
        return [_of_list(judged, name, algorithm) for judged in found]

    def _list_signatures(self, listed: Artifact, signature: Path, times: Times) -> list[Signature]:
        """Return what is known of a list's own signatures."""
        found = self._by(listed, signature, None, times, wanted=True)
        return [judged for judged in found if judged.verdict is not Verdict.DIGEST_ONLY]

    def _inside(self, artifact: Artifact, times: Times) -> list[Signature]:
        """Return what is known of the signature inside a package; none: there is none inside."""
        return self._beside_inner(artifact, times) or self._by_manifest(artifact, times)

    def _by_manifest(self, artifact: Artifact, times: Times) -> list[Signature]:
        """Return what is known of a package's signed manifest, and of the files that it lists."""
        name = str(artifact.path)
        try:
            package = manifest.read(artifact)
            if package is None:
                return []
            message = cms.read(f"{name}:{package.manifest}", package.signature)
            beside = (
                certificates_in(f"{name}:{package.certificate_name}", package.certificate)
                if package.certificate
                else ()
            )
            proven = times.of_inside()
            tried = [
                cms.judge(message, reading, beside, self._trust, self._moment, proven)
                for reading in package.readings()
            ]
        except SourceError as error:
            return [Signature(name, manifest.FORMAT, Verdict.NOT_VERIFIED, str(error))]
        found = min(tried, key=lambda judged: sum(one.verdict is Verdict.NOT_VERIFIED for one in judged))
        notes = [f"signed is the list {package.manifest}, which has the digest of every file"]
        if package.elsewhere:
            notes.append(
                f"{package.elsewhere} files of the list lie outside the package and were not compared"
            )
        if package.problem:
            found = [replace(one, verdict=Verdict.NOT_VERIFIED, reason=package.problem) for one in found]
        return [_noted(one, manifest.FORMAT, "; ".join(notes)) for one in found]

    def _beside_inner(self, artifact: Artifact, times: Times) -> list[Signature]:
        """Return what is known of the signature beside a package inside a package (option 2)."""
        name = str(artifact.path)
        try:
            package = csar.read(artifact)
            if package is None:
                return []
            label = f"{name}:{package.signature_name}"
            message = cms.read(label, package.signature)
            beside = (
                certificates_in(f"{name}:{package.certificate_name}", package.certificate)
                if package.certificate
                else ()
            )
            found = cms.judge(message, package, beside, self._trust, self._moment, times.of_inside())
            note = f"signed is the member {package.inner}, sha256 {package.digest('sha256').hex()}"
        except SourceError as error:
            return [Signature(name, csar.FORMAT, Verdict.NOT_VERIFIED, str(error))]
        return [_noted(judged, csar.FORMAT, note) for judged in found]

    def _missing(self, verdict: Verdict, found: Sequence[Signature]) -> tuple[str, ...]:
        """Return what would have to be given to know more."""
        named = [words for signature in found for words in signature.missing]
        if verdict is Verdict.UNSIGNED:
            named.append("a signature beside the file, or named by --signature")
        if verdict is Verdict.DIGEST_ONLY:
            named.append("a signature of the file or of the list")
        if self._trust.nobody:
            named.append(_NO_TRUST)
        return tuple(dict.fromkeys(named))


def _below(path: Path, listed: Path) -> str:
    """Return a file's name below the folder of a list, or its bare name where it lies elsewhere."""
    try:
        return path.absolute().relative_to(listed.absolute().parent).as_posix()
    except ValueError:
        return path.name


def _sha256(content: bytes) -> bytes:
    """Return SHA-256 of some bytes."""
    return hashlib.sha256(content).digest()


def _of_list(judged: Signature, name: str, algorithm: str) -> Signature:
    """Return what a list's signature means for a file in it."""
    return _noted(judged, judged.format, f"signed is the list {name}, which has the file's {algorithm}")


def _noted(judged: Signature, form: str, note: str) -> Signature:
    """Return a signature with a further note."""
    return replace(judged, format=form, notes=(*judged.notes, note))
