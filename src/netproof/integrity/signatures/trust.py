"""Whom does the user trust? A folder of keys, certificates and revocation lists; nothing else is trusted.

OpenPGP certificates (armoured or not), X.509 certificates and CRLs, bare public keys (SubjectPublicKeyInfo),
PEM or DER, several in one PEM file. A file that is none of these is refused by name, so that nobody believes
to have given a key that was never read. The subfolder `timestamps` holds those who are trusted for the time,
and for nothing else: a supplier who could state the time itself could date its signatures back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import load_der_public_key
from cryptography.x509 import (
    Certificate,
    CertificateRevocationList,
    load_der_x509_crl,
)

from netproof.errors import SourceError
from netproof.integrity.signatures import armour, sigstore_trust
from netproof.integrity.signatures.artifact import read_small
from netproof.integrity.signatures.chain import MALFORMED, load, why
from netproof.integrity.signatures.keys import Key, usable
from netproof.integrity.signatures.openpgp_keys import Known, read_certs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from netproof.integrity.signatures.sigstore_trust import Sigstore

FILES_MAX = 1000
BYTES_MAX = 50_000_000
TIMESTAMPS = "timestamps"
"""Subfolder of the trust folder for those who are trusted for the time."""
_HINT = "put in public keys, certificates and revocation lists only: OpenPGP, PEM or DER"
_PGP_KEY = b"-----BEGIN PGP PUBLIC KEY BLOCK-----"
_PRIVATE = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY")


@dataclass(frozen=True, slots=True)
class NamedKey:
    """A bare public key.

    Attributes:
        name: The file that holds it.
    """

    name: str
    key: Key


@dataclass(frozen=True, slots=True)
class Timestamping:
    """Who is trusted for the time: authorities of RFC 3161, by their roots."""

    certificates: tuple[Certificate, ...] = ()
    crls: tuple[CertificateRevocationList, ...] = ()


@dataclass(frozen=True, slots=True)
class Trust:
    """All that the user trusts; `timestamping` is trusted for the time only."""

    certificates: tuple[Certificate, ...] = ()
    crls: tuple[CertificateRevocationList, ...] = ()
    keys: tuple[NamedKey, ...] = ()
    openpgp: tuple[Known, ...] = ()
    timestamping: Timestamping = Timestamping()
    sigstore: Sigstore = sigstore_trust.NOBODY

    @property
    def nobody(self) -> bool:
        """Whether nobody is trusted for software."""
        return not (self.openpgp or self.certificates or self.keys or self.sigstore.identities)

    def counts(self) -> dict[str, int]:
        """Return how many of each kind there are."""
        return {
            "openpgp": len(self.openpgp),
            "certificates": len(self.certificates),
            "keys": len(self.keys),
            "crls": len(self.crls),
            "timestamping": len(self.timestamping.certificates),
            "identities": len(self.sigstore.identities),
        }


def read_trust(folder: Path) -> Trust:
    """Return what a folder of keys, certificates and revocation lists holds.

    Raises:
        SourceError: It is no folder, holds too much, or a file in it is none of these.
    """
    found = _read(folder, leave=TIMESTAMPS)
    return Trust(
        _certificates(found),
        _crls(found),
        tuple(item for item in found if isinstance(item, NamedKey)),
        tuple(item for item in found if isinstance(item, Known)),
        _timestamping(folder / TIMESTAMPS),
        sigstore_trust.together(found, str(folder)),
    )


def _timestamping(folder: Path) -> Timestamping:
    """Return who is trusted for the time; a file of that name would be a mistake and is told.

    Raises:
        SourceError: It is no folder, or holds anything but certificates and revocation lists.
    """
    if not folder.is_symlink() and not folder.exists():
        return Timestamping()
    found = _read(folder)
    if not all(isinstance(item, Certificate | CertificateRevocationList) for item in found):
        got = "a bare key, an OpenPGP key or a trusted root"
        raise SourceError(f"{folder}: expected certificates and revocation lists, got {got}")
    return Timestamping(_certificates(found), _crls(found))


def _certificates(found: Iterable[object]) -> tuple[Certificate, ...]:
    """Return the certificates among some objects, each once."""
    return tuple({item: None for item in found if isinstance(item, Certificate)})


def _crls(found: Iterable[object]) -> tuple[CertificateRevocationList, ...]:
    """Return the revocation lists among some objects."""
    return tuple(item for item in found if isinstance(item, CertificateRevocationList))


def _read(folder: Path, leave: str = "") -> list[object]:
    """Return all objects of a folder, but for the name that is left.

    Raises:
        SourceError: It is no folder, holds too much, or a file in it is none of these.
    """
    if not folder.is_dir():
        raise SourceError(f"{folder}: expected a folder of keys and certificates, got none", hint=_HINT)
    try:
        paths = sorted(
            path for path in folder.iterdir() if not path.name.startswith(".") and path.name != leave
        )
    except OSError as error:
        raise SourceError(f"{folder}: expected a folder that can be read, got: {error.strerror}") from error
    if len(paths) > FILES_MAX:
        raise SourceError(f"{folder}: expected at most {FILES_MAX:,} files, got {len(paths):,}")
    found: list[object] = []
    size = 0
    for path in paths:
        content = read_small(path)
        size += len(content)
        if size > BYTES_MAX:
            raise SourceError(f"{folder}: expected at most {BYTES_MAX:,} bytes, got more")
        found += read_trusted(str(path), content)
    return found


def read_trusted(name: str, content: bytes) -> list[object]:
    """Return the keys, certificates and revocation lists that a file holds.

    Raises:
        SourceError: It holds none, or something else beside them.
    """
    if _PRIVATE.search(content):
        raise SourceError(
            f"{name}: expected public keys, got a private one", hint="take it out, keep it safe"
        )
    if name.rpartition("/")[2] == sigstore_trust.IDENTITIES:
        return [*sigstore_trust.read_identities(name, content)]
    if sigstore_trust.is_root(content):
        return [sigstore_trust.read_root(name, content)]
    try:
        if _PGP_KEY in content:
            return [*read_certs(content)]
        if armour.PEM in content:
            return [_one(kind, der, name) for kind, der in armour.blocks(content)]
        return _binary(content, name)
    except MALFORMED as error:
        got = why(error)
        raise SourceError(f"{name}: expected keys, certificates or CRLs, got: {got}", hint=_HINT) from error


def _one(kind: str, der: bytes, name: str) -> object:
    """Return one object of a PEM file."""
    loaders: Mapping[str, Callable[[bytes], object]] = {
        "CERTIFICATE": load,
        "X509 CRL": load_der_x509_crl,
        "PUBLIC KEY": lambda content: NamedKey(name, usable(load_der_public_key(content))),
    }
    if kind not in loaders:
        raise ValueError(f"a block {kind[:40]!r}")
    return loaders[kind](der)


def _binary(content: bytes, name: str) -> list[object]:
    """Return what a file without armour holds: one object in DER, or OpenPGP packets."""
    for kind in ("CERTIFICATE", "X509 CRL"):
        try:
            return [_one(kind, content, name)]
        except MALFORMED:
            continue
    try:
        key = load_der_public_key(content)
    except MALFORMED:
        return [*read_certs(content)]
    return [NamedKey(name, usable(key))]


def certificates_in(name: str, content: bytes) -> tuple[Certificate, ...]:
    """Return the certificates of a file that lies beside a signature; they are not trusted.

    Raises:
        SourceError: It holds something else.
    """
    found: Iterable[object] = read_trusted(name, content)
    return tuple(item for item in found if isinstance(item, Certificate))
