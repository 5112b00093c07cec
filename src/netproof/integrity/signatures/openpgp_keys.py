"""OpenPGP certificates as the user gives them, and what their packets say of each key (RFC 9580 §10.1).

Sequoia decides whether a signature holds. It judges a key at the time that the signature claims, so that
the days on which a key may be used are read here and compared with the date of judgement.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pysequoia import Cert
from pysequoia.packet import PacketPile, SignatureType, Tag

if TYPE_CHECKING:
    from datetime import datetime

    from pysequoia.packet import Packet

_KEYS = (Tag.PublicKey, Tag.PublicSubkey, Tag.SecretKey, Tag.SecretSubkey)
_BINDS = (
    SignatureType.SubkeyBinding, SignatureType.DirectKey, SignatureType.PositiveCertification,
    SignatureType.CasualCertification, SignatureType.PersonaCertification,
    SignatureType.GenericCertification,
)  # fmt: skip
_REVOKES = (SignatureType.KeyRevocation, SignatureType.SubkeyRevocation)
_PACKETS_MAX = 20_000


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What a certificate's packets say of one of its keys.

    Attributes:
        ends: When it expires by the newest signature that binds it; None: never.
        bound: When that signature was made.
        revoked: Whether a revocation of it lies in the certificate.
    """

    fingerprint: str
    key_id: str
    created: datetime | None
    ends: datetime | None = None
    bound: datetime | None = None
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """An OpenPGP certificate.

    Attributes:
        keys: What it says of each of its keys, the primary key first.
    """

    cert: Cert
    keys: tuple[KeyFacts, ...]

    @property
    def name(self) -> str:
        """Its first name, or that it has none."""
        return next((str(name) for name in self.cert.user_ids), "(no name)")


def read_certs(content: bytes) -> list[Known]:
    """Return the OpenPGP certificates of a file.

    Raises:
        ValueError: It holds none.
    """
    try:
        found = [Known(cert, tuple(_facts_of(cert))) for cert in Cert.split_bytes(content)]
    except RuntimeError as error:
        raise ValueError(first_line(error)) from error
    if not found:
        raise ValueError("no OpenPGP certificate")
    return found


def packets(content: bytes) -> list[Packet]:
    """Return the packets of OpenPGP data, armoured or not.

    Raises:
        ValueError: It is none, or has too many packets.
    """
    try:
        pile = PacketPile.from_bytes(content)
        if len(pile) > _PACKETS_MAX:
            raise ValueError(f"more than {_PACKETS_MAX:,} OpenPGP packets")
        return list(pile)
    except RuntimeError as error:
        raise ValueError(first_line(error)) from error


def _facts_of(cert: Cert) -> list[KeyFacts]:
    """Return what a certificate says of each of its keys, the primary key first."""
    found: list[KeyFacts] = []
    for packet in packets(bytes(cert)):
        if packet.tag in _KEYS:
            found.append(
                KeyFacts(packet.fingerprint or "", (packet.key_id or "").lower(), packet.key_created)
            )
        elif packet.tag == Tag.Signature and found:
            found[-1] = _with(found[-1], packet)
    if found:  # Sequoia knows which of several signatures of the primary key counts
        found[0] = replace(found[0], ends=cert.expiration, revoked=cert.is_revoked)
    return found


def _with(key: KeyFacts, packet: Packet) -> KeyFacts:
    """Return what is known of a key after one more signature about it."""
    if packet.signature_type in _REVOKES:
        return replace(key, revoked=True)
    made = packet.signature_created
    if packet.signature_type not in _BINDS or made is None or (key.bound is not None and made < key.bound):
        return key
    span = packet.key_validity_period
    ends = None if span is None or key.created is None else key.created + span
    return replace(key, ends=ends, bound=made)


def first_line(error: BaseException) -> str:
    """Return what an error of Sequoia says, without the stack that follows."""
    line = (str(error).strip() or type(error).__name__).split("\n", 1)[0].strip()[:200]
    return line if line.isprintable() else ascii(line)
