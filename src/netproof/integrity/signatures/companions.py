"""What lies beside a file, by name: its signatures, lists of digests, the signer's certificate.

Names only; what a file really is, its content says (`guess`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from netproof.errors import SourceError
from netproof.integrity.signatures import armour, checksums, cms, openpgp, raw, sigstore_bundle
from netproof.integrity.signatures.artifact import read_small
from netproof.integrity.signatures.trust import certificates_in

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.x509 import Certificate

SIGNATURES = (
    ".asc", ".sig", ".gpg", ".sign", ".signature", ".cms", ".p7s", ".p7",
    ".dsse", ".dsse.json", ".intoto.json", ".intoto.jsonl", ".sigstore.json", ".sigstore",
)  # fmt: skip
"""What is added to a file's name for a signature of it."""
INSTEAD = (".cms", ".p7s", ".signature")
"""What may also stand in place of a file's last suffix."""
DIGESTS = (".sha512", ".sha384", ".sha256", ".sha1", ".md5", ".sha256sum", ".sha512sum", ".md5sum")
LISTS = (
    "SHA512SUMS", "SHA384SUMS", "SHA256SUMS", "SHA1SUMS", "MD5SUMS", "SHA512SUMS.txt", "SHA256SUMS.txt",
    "MD5SUMS.txt", "sha512sum.txt", "sha256sum.txt", "md5sum.txt", "CHECKSUM", "CHECKSUMS", "checksums.txt",
)  # fmt: skip
"""Lists of digests that may lie in a file's folder."""
TIMESTAMPS = (".tsr", ".tst")
"""What is added to a signature's name for a timestamp of it."""
CERTIFICATES = (".cert", ".crt", ".cer")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_PGP_SIGNATURE_TAGS = (0x88, 0x89, 0x8A, 0xC2)


class Format(StrEnum):
    """What a file that vouches for another may be."""

    OPENPGP = openpgp.FORMAT
    CMS = cms.FORMAT
    DSSE = "dsse"
    SIGSTORE = sigstore_bundle.FORMAT
    CHECKSUMS = checksums.FORMAT
    RAW = raw.FORMAT


def guess(name: str, content: bytes) -> Format:
    """Return what a file that vouches for another is, by its content.

    Raises:
        SourceError: It is none of the formats that netproof reads.
    """
    start = content.lstrip()[:100]
    if openpgp.ARMOUR in content or openpgp.CLEAR in content:
        return Format.OPENPGP
    if any(b"-----BEGIN " + kind.encode() + b"-----" in content for kind in cms.KINDS):
        return Format.CMS
    if sigstore_bundle.looks_like(content):
        return Format.SIGSTORE
    if start.startswith(b"{") and _is_text(content):
        return Format.DSSE
    if start.startswith(b"\x30") and _SIGNED_DATA in content[:32]:
        return Format.CMS
    if checksums.looks_like(content):
        return Format.CHECKSUMS
    if name.endswith(".gpg") or _is_openpgp(name, content):
        return Format.OPENPGP
    if 0 < len(content) <= raw.BYTES_MAX and armour.PEM not in content:
        return Format.RAW
    raise SourceError(
        f"{name}: expected OpenPGP, CMS, DSSE, Sigstore, a list of digests or a bare signature, "
        "got something else"
    )


def _is_text(content: bytes) -> bool:
    """Return whether bytes are UTF-8: one bare signature in 256 begins as JSON does."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_openpgp(name: str, content: bytes) -> bool:
    """Return whether bytes are OpenPGP signatures and nothing else."""
    if not content or content[0] not in _PGP_SIGNATURE_TAGS:
        return False
    try:
        openpgp.read(name, content)
    except SourceError:
        return False
    return True


def signatures_of(path: Path) -> list[Path]:
    """Return the signatures that lie beside a file."""
    named = [path.with_name(path.name + suffix) for suffix in SIGNATURES]
    if path.suffix and path.suffix not in INSTEAD:
        named += [path.with_suffix(suffix) for suffix in INSTEAD]
    return [candidate for candidate in dict.fromkeys(named) if candidate.is_file()]


def lists_of(path: Path) -> list[Path]:
    """Return the lists of digests that lie beside a file; not all of them name it."""
    named = [path.with_name(path.name + suffix) for suffix in DIGESTS]
    named += [path.with_name(name) for name in LISTS if name != path.name]
    return [candidate for candidate in named if candidate.is_file()]


def timestamps_of(signature: Path) -> list[Path]:
    """Return the timestamps that lie beside a signature."""
    named = [signature.with_name(signature.name + suffix) for suffix in TIMESTAMPS]
    return [candidate for candidate in named if candidate.is_file()]


def certificates_beside(path: Path, signature: Path) -> tuple[Certificate, ...]:
    """Return the certificates that lie beside a file or its signature; they are not trusted.

    Raises:
        SourceError: One of them cannot be read.
    """
    named = [p.with_name(p.name + suffix) for p in (path, signature) for suffix in CERTIFICATES]
    named += [p.with_suffix(suffix) for p in (path, signature) for suffix in CERTIFICATES if p.suffix]
    found: list[Certificate] = []
    for candidate in dict.fromkeys(named):
        if candidate.is_file() and candidate != path:
            found += certificates_in(str(candidate), read_small(candidate))
    return tuple(dict.fromkeys(found))
