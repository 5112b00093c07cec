"""Keys and certificates, recognised by their content and not by their name.

- PEM: any block whose label ends in KEY, CERTIFICATE, CERTIFICATE REQUEST or KEY BLOCK, also inside programs.
- OpenSSH: `ssh-ed25519 AAAA...` and the other kinds, as in authorized_keys.
- DER, a whole file: certificate, public key, private key, encrypted private key, PKCS#12.
- JKS, a whole file: by its magic.

A key is the same key if the bytes that the block encodes are the same. DER inside another file is not found.
"""

from __future__ import annotations

import binascii
import hashlib
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from asn1crypto import keys as asn1_keys
from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

if TYPE_CHECKING:
    from collections.abc import Iterator

DER_MAX: Final = 1 << 16
"""Largest file that is tried as DER, and largest PEM block [bytes]."""
_PEM: Final = re.compile(
    rb"-----BEGIN ([A-Z0-9 ]{0,40}?(?:KEY|CERTIFICATE|CERTIFICATE REQUEST|KEY BLOCK))-----"
    rb"((?:[^-]++|-(?!-)){1,60000}+)-----END \1-----"
)
_SSH: Final = re.compile(rb" AAAA[0-9A-Za-z+/]{40,8000}+={0,2}")
_SSH_KIND: Final = re.compile(
    rb"(?<![0-9A-Za-z@.-])(?:sk-)?(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp[0-9]{3})"
    rb"(?:@openssh\.com)?(?= *\Z)"
)
_SSH_KIND_MAX: Final = 60
_ARMOUR_HEAD: Final = re.compile(rb"^[A-Za-z-]+: [^\n]*\n", re.MULTILINE)
_ARMOUR_SUM: Final = re.compile(rb"\n=[0-9A-Za-z+/]{4}\s*\Z")
_NO_BASE64: Final = re.compile(rb"\\[nrt]|[^0-9A-Za-z+/=]")
_JKS: Final = b"\xfe\xed\xfe\xed\0\0\0"
_NAME_MAX: Final = 200
_BAD: Final = (ValueError, TypeError, KeyError, IndexError, OverflowError, UnsupportedAlgorithm)


@dataclass(frozen=True, slots=True)
class KeyFound:
    """A key or certificate.

    Attributes:
        kind: What the block calls itself, in small letters: certificate, public key, rsa private key ...
        sha256: Digest of the bytes that it encodes.
        about: Whose it is and until when, as far as it says.
        path: The first member that holds it.
    """

    kind: str
    sha256: str
    about: str
    path: str


def keys_in(window: bytes, start: int, stop: int, path: str) -> Iterator[KeyFound]:
    """Yield keys that are written as text and begin between two places of a window."""
    for found in _PEM.finditer(window):
        if start <= found.start() < stop:
            yield _from_pem(found[1].decode().lower(), found[2], path)
    for found in _SSH.finditer(window):
        at = found.start()
        kind = _SSH_KIND.search(window[max(0, at - _SSH_KIND_MAX) : at]) if start <= at < stop else None
        if kind is not None and (der := _decoded(found[0])):
            yield KeyFound("ssh public key", hashlib.sha256(der).hexdigest(), kind[0].decode(), path)


def key_of_file(data: bytes, path: str) -> KeyFound | None:
    """Return the key or certificate that a whole file is in DER; None: it is none."""
    if data.startswith(_JKS):
        return KeyFound("java key store", hashlib.sha256(data).hexdigest(), "", path)
    if not _is_sequence(data):
        return None
    about = _certificate(data)
    if about is not None:
        return KeyFound("certificate", hashlib.sha256(data).hexdigest(), about, path)
    for kind, form in (
        ("public key", asn1_keys.PublicKeyInfo),
        ("private key", asn1_keys.PrivateKeyInfo),
        ("encrypted private key", asn1_keys.EncryptedPrivateKeyInfo),
        ("pkcs#12 key store", asn1_pkcs12.Pfx),
    ):
        if (about := _algorithm(form, data)) is not None:
            return KeyFound(kind, hashlib.sha256(data).hexdigest(), about, path)
    return None


def _is_sequence(data: bytes) -> bool:
    """Return whether bytes are one DER sequence from end to end."""
    if len(data) < 16 or data[0] != 0x30:
        return False
    count = data[1] & 0x7F if data[1] & 0x80 else 0
    size = int.from_bytes(data[2 : 2 + count], "big") if count else data[1]
    return count <= 4 and 2 + count + size == len(data)


def _from_pem(kind: str, body: bytes, path: str) -> KeyFound:
    """Return the key in a PEM block; one that cannot be decoded is known by its text."""
    text = _ARMOUR_SUM.sub(b"", _ARMOUR_HEAD.sub(b"", body.replace(b"\r\n", b"\n")))
    der = _decoded(text)
    if not der:
        return KeyFound(kind, hashlib.sha256(body).hexdigest(), "cannot be decoded", path)
    about = (_certificate(der) if kind.endswith("certificate") else None) or ""
    return KeyFound(kind, hashlib.sha256(der).hexdigest(), about, path)


def _decoded(text: bytes) -> bytes:
    """Return what base64 text encodes; empty where it is none."""
    try:
        return binascii.a2b_base64(_NO_BASE64.sub(b"", text))
    except binascii.Error:
        return b""


def _certificate(der: bytes) -> str | None:
    """Return whose a certificate is, by whom and until when; None: it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what RFC 5280 does not allow is still a certificate
            one = x509.load_der_x509_certificate(der)
            subject, issuer = one.subject.rfc4514_string(), one.issuer.rfc4514_string()
            until = one.not_valid_after_utc.date().isoformat()
    except _BAD:
        return None
    by = "itself" if subject == issuer else issuer or "(no name)"
    return f"{subject[:_NAME_MAX] or '(no name)'}, issued by {by[:_NAME_MAX]}, until {until}"


def _algorithm(form: type, data: bytes) -> str | None:
    """Return the algorithm of a key, or empty; None: the bytes are no such thing."""
    try:
        one = form.load(data, strict=True)  # type: ignore[attr-defined]
        native = one.native
    except (*_BAD, RecursionError):
        return None
    if form is asn1_pkcs12.Pfx:
        return "" if native["version"] == "v3" else None
    named = (
        native.get("algorithm") or native.get("private_key_algorithm") or native.get("encryption_algorithm")
    )
    algorithm = named.get("algorithm") if isinstance(named, dict) else None
    # An algorithm that asn1crypto knows is a word; an unknown one is a number with dots.
    return algorithm if isinstance(algorithm, str) and not algorithm[:1].isdigit() else None
