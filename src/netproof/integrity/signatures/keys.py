"""Does a key's signature hold? One place that says which keys and digests are strong enough.

RSA (PKCS #1 v1.5 and PSS), ECDSA, Ed25519, Ed448 and ML-DSA by `cryptography`. A key is only used as what it
is: nothing in a signature may choose its kind. SHA-1 and MD5 are refused, so are RSA below 2,048 bits, odd
curves and Ed25519 points of low order (RFC 8032 §5.1.7 does not ask for that; a signature under such a key
says nothing).
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, mldsa, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from netproof.errors import LogError
from netproof.tlog.ed25519 import check_public_key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

    from netproof.integrity.signatures.artifact import Signed

EdwardsOrLattice = (
    ed25519.Ed25519PublicKey, ed448.Ed448PublicKey, mldsa.MLDSA44PublicKey, mldsa.MLDSA65PublicKey,
    mldsa.MLDSA87PublicKey,
)  # fmt: skip
"""Keys that sign the message itself, not a digest of it."""
Key: TypeAlias = (
    rsa.RSAPublicKey
    | ec.EllipticCurvePublicKey
    | ed25519.Ed25519PublicKey
    | ed448.Ed448PublicKey
    | mldsa.MLDSA44PublicKey
    | mldsa.MLDSA65PublicKey
    | mldsa.MLDSA87PublicKey
)
HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512(),
    "sha3_256": hashes.SHA3_256(), "sha3_384": hashes.SHA3_384(), "sha3_512": hashes.SHA3_512(),
}  # fmt: skip
"""Digests that may carry a signature, by their names in hashlib."""
WEAK = ("md5", "sha1")
RSA_BITS_MIN = 2048
_CURVES = (
    "secp256r1", "secp384r1", "secp521r1", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1",
)  # fmt: skip


class Padding(StrEnum):
    """How RSA pads; other keys have no choice."""

    PKCS1 = "PKCS #1 v1.5"
    PSS = "PSS"


def usable(key: PublicKeyTypes) -> Key:
    """Return the key itself if a signature under it says anything.

    Raises:
        ValueError: It is too weak or of another kind; the text says what was expected.
    """
    match key:
        case rsa.RSAPublicKey():
            if key.key_size < RSA_BITS_MIN:
                raise ValueError(f"expected RSA of at least {RSA_BITS_MIN:,} bits, got {key.key_size:,}")
        case ec.EllipticCurvePublicKey():
            if key.curve.name not in _CURVES:
                raise ValueError(f"expected a curve of NIST or Brainpool from 256 bits, got {key.curve.name}")
        case ed25519.Ed25519PublicKey():
            try:
                check_public_key(key.public_bytes(Encoding.Raw, PublicFormat.Raw), "Ed25519")
            except LogError as error:
                raise ValueError(str(error)) from error
        case (
            ed448.Ed448PublicKey()
            | mldsa.MLDSA44PublicKey()
            | mldsa.MLDSA65PublicKey()
            | mldsa.MLDSA87PublicKey()
        ):
            pass
        case _:
            raise ValueError(f"expected RSA, ECDSA, EdDSA or ML-DSA, got {type(key).__name__}")
    return key


def identity(key: Key) -> str:
    """Return SHA-256 of a key's SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), in hexadecimal."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def kind(key: Key) -> str:
    """Return what a key is, in words."""
    match key:
        case rsa.RSAPublicKey():
            return f"RSA-{key.key_size}"
        case ec.EllipticCurvePublicKey():
            return f"ECDSA {key.curve.name}"
        case ed25519.Ed25519PublicKey():
            return "Ed25519"
        case ed448.Ed448PublicKey():
            return "Ed448"
        case mldsa.MLDSA44PublicKey():
            return "ML-DSA-44"
        case mldsa.MLDSA65PublicKey():
            return "ML-DSA-65"
        case _:
            return "ML-DSA-87"


def holds(
    key: Key, signature: bytes, message: Signed, hash_name: str = "", rsa_padding: Padding = Padding.PKCS1
) -> bool:
    """Return whether a signature over a message was made by a key.

    Args:
        key: As `usable` returned it.
        signature: ECDSA: DER; else as the algorithm makes it.
        message: What was signed.
        hash_name: For RSA and ECDSA, a key of `HASHES`; not used by the others.
        rsa_padding: For RSA.
    """
    try:
        if isinstance(key, EdwardsOrLattice):
            with message.whole() as content:
                key.verify(signature, content)  # type: ignore[arg-type] # mmap is a buffer; the stub of one kind says bytes
            return True
        return _digest_holds(key, signature, message.digest(hash_name), HASHES[hash_name], rsa_padding)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False


def _digest_holds(
    key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey,
    signature: bytes,
    digest: bytes,
    algorithm: hashes.HashAlgorithm,
    rsa_padding: Padding,
) -> bool:
    """Return whether a signature over a digest holds.

    Raises:
        InvalidSignature: It does not.
    """
    made = Prehashed(algorithm)
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, digest, ec.ECDSA(made))
    elif rsa_padding is Padding.PSS:
        pss = padding.PSS(mgf=padding.MGF1(algorithm), salt_length=padding.PSS.AUTO)
        key.verify(signature, digest, pss, made)
    else:
        key.verify(signature, digest, padding.PKCS1v15(), made)
    return True


def made_with_sha1(key: Key, signature: bytes, message: Signed) -> bool:
    """Return whether a signature holds over SHA-1; it is refused all the same, but the reason is known."""
    if isinstance(key, EdwardsOrLattice):
        return False
    try:
        return _digest_holds(key, signature, message.digest("sha1"), hashes.SHA1(), Padding.PKCS1)  # noqa: S303
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
