"""Which key made a signature, by which algorithm?

A verifier key binds a name to one algorithm and one public key, so nothing in a signature chooses how it is
checked. Ed25519 and ML-DSA-44; each is also a cosigner's key, told apart by its type and so by its ID.
Source: C2SP signed-note 1.0.0, tlog-cosignature 1.1.0-rc.1 (5ba5ee8); RFC 8032; FIPS 204.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from netproof.errors import LogError
from netproof.tlog.ed25519 import check_public_key
from netproof.tlog.encoding import from_base64, shown, to_base64, visible

SEED_BYTES = 32
_PRIVATE = "PRIVATE+KEY+"
_KEY_ID = re.compile(r"[0-9a-f]{8}")


class SignatureType(IntEnum):
    """What a key signs, and how; no other type is ever checked."""

    ED25519 = 0x01
    """Ed25519 over a note's text."""
    ED25519_COSIGNATURE = 0x04
    """Ed25519 over a checkpoint and a time."""
    ML_DSA_44 = 0x06
    """ML-DSA-44 over a cosigner's name, a tree and a time."""


PUBLIC_BYTES = {
    SignatureType.ED25519: 32,
    SignatureType.ED25519_COSIGNATURE: 32,
    SignatureType.ML_DSA_44: 1312,
}
SIGNATURE_BYTES = {
    SignatureType.ED25519: 64,
    SignatureType.ED25519_COSIGNATURE: 64,
    SignatureType.ML_DSA_44: 2420,
}


def check_key_name(name: str, place: str) -> str:
    """Return the name of a key; `LogError` where it is empty or holds a space or a plus.

    Source: C2SP signed-note, "Format".
    """
    if not name or "+" in name or any(sign.isspace() for sign in name):
        raise LogError(f"{place}: expected a key name without space or plus, got {shown(name)}")
    return name


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A name, an algorithm and the public key to check with.

    Raises:
        LogError: the name is none, or the key has another length, is of low order or not canonical.
    """

    name: str
    type: SignatureType
    public: bytes

    def __post_init__(self) -> None:
        """Refuse a key that cannot be trusted."""
        place = f"key {shown(self.name)}"
        visible(check_key_name(self.name, place), place)
        if len(self.public) != PUBLIC_BYTES[self.type]:
            raise LogError(f"{place}: expected {PUBLIC_BYTES[self.type]} bytes, got {len(self.public)}")
        if self.type is not SignatureType.ML_DSA_44:
            check_public_key(self.public, place)

    @property
    def key_id(self) -> bytes:
        """The 4 bytes that find a key; they prove nothing.

        Source: C2SP signed-note, "Signatures".
        """
        return sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.public).digest()[:4]

    def __str__(self) -> str:
        """Return the key as a vkey: name, ID and key, joined by plus."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(bytes([self.type]) + self.public)}"

    def check(self, message: bytes, signature: bytes) -> None:
        """Return if the owner of the key signed exactly these bytes.

        Raises:
            LogError: not so.
        """
        place = f"signature of {self.name}+{self.key_id.hex()}"
        if len(signature) != SIGNATURE_BYTES[self.type]:
            raise LogError(f"{place}: expected {SIGNATURE_BYTES[self.type]} bytes, got {len(signature)}")
        try:
            if self.type is SignatureType.ML_DSA_44:
                MLDSA44PublicKey.from_public_bytes(self.public).verify(signature, message)
            else:
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature as error:
            raise LogError(f"{place}: it does not hold") from error


def parse_vkey(text: str) -> VerifierKey:
    """Read a verifier key.

    Args:
        text: `<name>+<8 hexadecimal digits>+<base64 of type and public key>`.

    Raises:
        LogError: malformed, a type that is not checked here, or an ID that is not the key's.

    Source: C2SP signed-note, "Verifier keys".
    """
    name, key_id, material = _three_parts(text, "vkey")
    key = VerifierKey(name, _type_of(material, "vkey"), material[1:])
    if key.key_id != key_id:
        raise LogError(f"vkey {shown(name)}: expected key ID {key.key_id.hex()}, got {key_id.hex()}")
    return key


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A verifier key with the seed that signs for it; the seed is never shown."""

    name: str
    type: SignatureType
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse a seed or name that makes no key."""
        if len(self.seed) != SEED_BYTES:
            raise LogError(f"signing key: expected a seed of {SEED_BYTES} bytes, got {len(self.seed)}")
        self.verifier()

    def verifier(self) -> VerifierKey:
        """Return the public half."""
        if self.type is SignatureType.ML_DSA_44:
            public = MLDSA44PrivateKey.from_seed_bytes(self.seed).public_key().public_bytes_raw()
        else:
            public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return VerifierKey(self.name, self.type, public)

    def sign(self, message: bytes) -> bytes:
        """Return the signature of exactly these bytes.

        ML-DSA-44 signatures differ each time: FIPS 204 mixes in randomness by default.
        """
        if self.type is SignatureType.ML_DSA_44:
            return MLDSA44PrivateKey.from_seed_bytes(self.seed).sign(message)
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)

    def secret_text(self) -> str:
        """Return the key as Go's note package writes it: `PRIVATE+KEY+name+ID+base64(type ‖ seed)`."""
        key_id = self.verifier().key_id.hex()
        return f"{_PRIVATE}{self.name}+{key_id}+{to_base64(bytes([self.type]) + self.seed)}"


def parse_signing_key(text: str) -> SigningKey:
    """Read a signing key as `SigningKey.secret_text` writes it.

    Raises:
        LogError: malformed, or an ID that is not the key's. No message holds the text.
    """
    if not text.startswith(_PRIVATE):
        raise LogError("signing key: expected PRIVATE+KEY+name+ID+base64")
    try:
        name, key_id, material = _three_parts(text.removeprefix(_PRIVATE), "signing key")
    except LogError:
        # Another cause would show the secret.
        raise LogError("signing key: expected PRIVATE+KEY+name+ID+base64") from None
    key = SigningKey(name, _type_of(material, "signing key"), material[1:])
    if key.verifier().key_id != key_id:
        raise LogError(f"signing key {shown(name)}: expected key ID {key.verifier().key_id.hex()}")
    return key


def _three_parts(text: str, place: str) -> tuple[str, bytes, bytes]:
    """Return name, key ID and decoded material of a key's text."""
    parts = text.split("+", 2)
    if len(parts) != 3 or not _KEY_ID.fullmatch(parts[1]):
        raise LogError(f"{place}: expected name+ID+base64, got {shown(text)}")
    name, key_id, material = parts
    return name, bytes.fromhex(key_id), from_base64(material, place)


def _type_of(material: bytes, place: str) -> SignatureType:
    """Return the algorithm that the first byte names."""
    try:
        return SignatureType(material[0] if material else -1)
    except ValueError as error:
        known = ", ".join(f"0x{one:02x}" for one in SignatureType)
        raise LogError(f"{place}: expected a key of type {known}, got 0x{material[:1].hex()}") from error
