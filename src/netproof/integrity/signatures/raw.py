"""Who made a bare signature, and does it hold?

Such a file says nothing of itself, so that the keys at hand are tried. RSA, ECDSA (DER), Ed25519, Ed448 and
ML-DSA over the whole file, in binary or Base64. The key is a bare one of the trust folder, a certificate of
it, or a certificate beside the file that leads to one of the folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, mldsa, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from netproof.errors import SourceError
from netproof.integrity.signatures import armour, chain
from netproof.integrity.signatures.answer import Signature, Signer, Verdict
from netproof.integrity.signatures.keys import (
    EdwardsOrLattice,
    Key,
    Padding,
    holds,
    identity,
    kind,
    made_with_sha1,
    usable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from cryptography.x509 import Certificate

    from netproof.integrity.signatures.artifact import Signed
    from netproof.integrity.signatures.trust import Trust

FORMAT = "raw"
BYTES_MAX = 8192
"""Longer than the longest signature in Base64 (ML-DSA-87: 4,627 bytes)."""
_HASHES = ("sha256", "sha512", "sha384")
"""The digests that are at hand first: each other one costs a pass over the file."""
_NO_DATES = "a bare key has no dates and cannot be revoked, except by taking it out of the trust folder"


def read(name: str, content: bytes) -> bytes:
    """Return the signature that a file holds.

    Raises:
        SourceError: It is empty or too long to be one.
    """
    if not 0 < len(content) <= BYTES_MAX:
        raise SourceError(f"{name}: expected a signature of 1 to {BYTES_MAX:,} bytes, got {len(content):,}")
    try:
        return armour.base64_bytes(content) or content
    except ValueError:
        return content


def judge(
    name: str,
    signature: bytes,
    signed: Signed,
    beside: Sequence[Certificate],
    trust: Trust,
    moment: datetime,
) -> Signature:
    """Return what is known of a bare signature.

    Args:
        name: The file that holds it.
        signature: As `read` returned it.
        signed: What it is said to sign.
        beside: Certificates that lie beside it; they are not trusted.
        trust: Whom the user trusts.
        moment: The time of judgement.
    """  # fmt: skip
    tried = weak = 0
    for named in trust.keys:
        algorithm = key_holds(named.key, signature, signed)
        if algorithm:
            signer = Signer(named.name, identity(named.key))
            return Signature(name, FORMAT, Verdict.VERIFIED, "", signer, algorithm, notes=(_NO_DATES,))
        tried += _fits(named.key, signature)
        weak += _fits(named.key, signature) and made_with_sha1(named.key, signature, signed)
    for certificate, key in _of_certificates([*trust.certificates, *beside]):
        algorithm = key_holds(key, signature, signed)
        if algorithm:
            standing = chain.judge(certificate, beside, trust, (), moment)
            signer = chain.signer_of(certificate)
            return Signature(
                name, FORMAT, standing.verdict, standing.reason, signer, algorithm, missing=standing.missing
            )
        tried += _fits(key, signature)
        weak += _fits(key, signature) and made_with_sha1(key, signature, signed)
    if weak:
        return Signature(name, FORMAT, Verdict.NOT_VERIFIED, "made with SHA-1, which shows nothing any more")
    if tried:
        reason = f"it holds under none of the {tried} keys at hand that could have made it"
        return Signature(name, FORMAT, Verdict.NOT_VERIFIED, reason)
    return Signature(name, FORMAT, Verdict.UNKNOWN_SIGNER, "no key at hand could have made it")


def _of_certificates(certificates: Sequence[Certificate]) -> Iterator[tuple[Certificate, Key]]:
    """Yield certificates whose keys can be used."""
    for certificate in dict.fromkeys(certificates):
        try:
            yield certificate, usable(certificate.public_key())
        except chain.MALFORMED:
            continue


def key_holds(key: Key, signature: bytes, signed: Signed) -> str:
    """Return how a key made a signature; empty: it did not."""
    if not _fits(key, signature):
        return ""
    if isinstance(key, EdwardsOrLattice):
        return kind(key) if holds(key, signature, signed) else ""
    paddings = tuple(Padding) if isinstance(key, rsa.RSAPublicKey) else (Padding.PKCS1,)
    for name in _HASHES:
        for padding in paddings:
            if holds(key, signature, signed, name, padding):
                pads = f", {padding.value}" if len(paddings) > 1 else ""
                return f"{kind(key)} with {name}{pads}"
    return ""


def _fits(key: Key, signature: bytes) -> bool:
    """Return whether a signature has the form that a key's signatures have."""
    match key:
        case rsa.RSAPublicKey():
            return len(signature) == (key.key_size + 7) // 8
        case ec.EllipticCurvePublicKey():
            try:
                decode_dss_signature(signature)
            except ValueError:
                return False
            return True
        case ed25519.Ed25519PublicKey():
            return len(signature) == 64
        case ed448.Ed448PublicKey():
            return len(signature) == 114
        case mldsa.MLDSA44PublicKey():
            return len(signature) == 2420
        case mldsa.MLDSA65PublicKey():
            return len(signature) == 3309
        case _:
            return len(signature) == 4627
