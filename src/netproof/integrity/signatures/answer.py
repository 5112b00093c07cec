"""What is known of a released file: its digests, its signatures, one verdict, and what is missing.

Only values: nothing here reads a file or decides about a signature. How several signatures make one verdict
stands in `together`: a signature that does not hold is never outvoted by one that does.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

VERSION = "1.0"


class Verdict(StrEnum):
    """What may be said of a file, in the order in which one of several signatures decides."""

    NOT_VERIFIED = "not_verified"
    VERIFIED = "verified"
    UNKNOWN_SIGNER = "unknown_signer"
    DIGEST_ONLY = "digest_only"
    UNSIGNED = "unsigned"


_ORDER = tuple(Verdict)


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed.

    Attributes:
        name: As the key or certificate says; not proven by netproof.
        identity: OpenPGP: full fingerprint; certificate or bare key: SHA-256 of its DER, in hexadecimal.
        subkey: Fingerprint of the OpenPGP key that made the signature; empty where there is no such thing.
    """

    name: str
    identity: str
    subkey: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """What is known of one signature, or of one list of digests.

    Attributes:
        file: Where it lies.
        format: openpgp, cms, raw, checksums, dsse, sigstore, csar or csar-manifest.
        reason: Why it is not verified; else empty.
        signer: Whose it is; None: nobody can tell.
        algorithm: How it was made.
        claimed_on: The day that the signer claims; it proves nothing.
        notes: What else a reader should know.
        missing: What could not be judged because something was not given.
        proven_at: By when it existed, as somebody else proves (UTC); then it is judged for that time.
        as_expected: Whether it is provenance that meets the user's policy.
    """

    file: str
    format: str
    verdict: Verdict
    reason: str = ""
    signer: Signer | None = None
    algorithm: str = ""
    claimed_on: date | None = None
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    proven_at: datetime | None = None
    as_expected: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """What is known of one file.

    Attributes:
        file: As the user named it.
        kind: What its first bytes say it is.
        size: Its length [bytes].
        reason: Why it is not verified; else empty.
        missing: What would have to be given for a better verdict.
    """

    file: str
    kind: str
    size: int
    sha256: str
    sha512: str
    verdict: Verdict
    reason: str
    signatures: tuple[Signature, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of all files.

    Attributes:
        at: The date of judgement; its last second (UTC) counts.
        trusted: How many keys, certificates, revocation lists, timestamp authorities and identities.
    """

    at: date
    trusted: dict[str, int]
    releases: tuple[Release, ...]

    @property
    def verified(self) -> bool:
        """Whether every file is verified."""
        return all(release.verdict is Verdict.VERIFIED for release in self.releases)


def together(signatures: Sequence[Signature]) -> tuple[Verdict, str]:
    """Return the verdict that several signatures make, and its reason.

    One that does not hold decides; else one that does; else the best of what remains.
    """
    if not signatures:
        return Verdict.UNSIGNED, "no signature and no list of digests was found"
    decides = min(signatures, key=lambda signature: _ORDER.index(signature.verdict))
    return decides.verdict, decides.reason


def as_model(answer: Answer) -> dict[str, Any]:
    """Return an answer as plain values, in the order of the schema `release-verify`."""
    counts = Counter(release.verdict for release in answer.releases)
    return {
        "schema_version": VERSION,
        "at": answer.at.isoformat(),
        "trusted": answer.trusted,
        "summary": {verdict.value: counts[verdict] for verdict in Verdict},
        "files": [_release(release) for release in answer.releases],
    }


def _release(release: Release) -> dict[str, Any]:
    """Return one file as plain values."""
    return {
        "file": _text(release.file),
        "kind": release.kind,
        "size": release.size,
        "sha256": release.sha256,
        "sha512": release.sha512,
        "verdict": release.verdict.value,
        "reason": _text(release.reason),
        "signatures": [_signature(signature) for signature in release.signatures],
        "missing": [_text(words) for words in release.missing],
    }


def _signature(signature: Signature) -> dict[str, Any]:
    """Return one signature as plain values."""
    signer, claimed, proven = signature.signer, signature.claimed_on, signature.proven_at
    return {
        "file": _text(signature.file),
        "format": signature.format,
        "verdict": signature.verdict.value,
        "reason": _text(signature.reason),
        "signer": signer and {"name": signer.name, "identity": signer.identity, "subkey": signer.subkey},
        "algorithm": signature.algorithm,
        "claimed_on": claimed and claimed.isoformat(),
        "proven_at": proven and proven.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "notes": [_text(note) for note in signature.notes],
    }


def _text(words: str) -> str:
    """Return words that UTF-8 can hold; the name of a file may be any bytes."""
    return words.encode("utf-8", "backslashreplace").decode("utf-8")
