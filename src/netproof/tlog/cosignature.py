"""Who vouches that this tree is the only one the log shows, and since when?

Opens and signs checkpoints by all three types of signature. Ed25519 cosignatures cover the text and a time,
not the cosigner's name, so one such key serves one cosigner; ML-DSA-44 covers name, origin, tree and time.
Source: C2SP tlog-cosignature 1.1.0-rc.1 (5ba5ee8).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.tlog.checkpoint import Checkpoint, parse_checkpoint
from netproof.tlog.encoding import HASH_BYTES, SIZE_MAX, shown
from netproof.tlog.keys import SignatureType, SigningKey, VerifierKey
from netproof.tlog.note import (
    SignatureLine,
    VerifiedLine,
    check_plain,
    checked_note,
    open_note,
    parse_note,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LABEL = b"subtree/v1\n\x00"
_TIME_BYTES = 8


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint and the trusted keys whose signatures hold; at least one."""

    checkpoint: Checkpoint
    signatures: tuple[VerifiedLine, ...]


def ed25519_message(text: bytes, time: int) -> bytes:
    """Return what an Ed25519 cosigner signs: a header, the time, the whole text of the checkpoint.

    Source: C2SP tlog-cosignature, "Ed25519 signed message".
    """
    _check_time(time)
    return b"cosignature/v1\ntime %d\n" % time + text


def ml_dsa_message(cosigner: str, time: int, origin: str, part: tuple[int, int], root: bytes) -> bytes:
    """Return what an ML-DSA-44 cosigner signs about a tree, or about a subtree of it.

    Args:
        cosigner: name of the key.
        time: seconds since 1970; 0 states nothing, and must be 0 where the part does not begin at 0.
        origin: which log.
        part: first leaf and the one after the last; (0, size) for a checkpoint.
        root: hash of that part.

    Raises:
        LogError: a name of no or more than 255 bytes, or numbers or a hash that no such message holds.

    Source: C2SP tlog-cosignature, "ML-DSA-44 signed message".
    """
    _check_time(time)
    start, end = part
    if not 0 <= start <= end <= SIZE_MAX or (start and time):
        raise LogError(f"cosignature: expected 0 <= start <= end, and no time unless start is 0, got {part}")
    if len(root) != HASH_BYTES:
        raise LogError(f"cosignature: expected a hash of {HASH_BYTES} bytes, got {len(root)}")
    numbers = start.to_bytes(8, "big") + end.to_bytes(8, "big")
    return LABEL + _vector(cosigner) + time.to_bytes(8, "big") + _vector(origin) + numbers + root


def check_signature(key: VerifierKey, text: bytes, payload: bytes) -> int | None:
    """Check the payload of a checkpoint's signature line by the type of its key.

    Returns:
        The time that the signer states [s since 1970]; None for a plain signature or a time of 0.

    Raises:
        LogError: it does not hold, or states a time above 2^63 - 1.
    """
    if key.type is SignatureType.ED25519:
        check_plain(key, text, payload)
        return None
    time = int.from_bytes(payload[:_TIME_BYTES], "big")
    _check_time(time)
    key.check(_message(key.name, key.type, text, time), payload[_TIME_BYTES:])
    return time or None


def open_checkpoint(data: bytes, keys: Iterable[VerifierKey]) -> SignedCheckpoint:
    """Return a checkpoint if trusted keys signed it.

    That says who signed, not that it is enough: `policy.Policy.judge` says that.

    Raises:
        LogError: malformed, no line by a trusted key, or one by a trusted key that fails.
    """
    note = open_note(data, keys, check_signature)
    return SignedCheckpoint(parse_checkpoint(note.text), note.signatures)


def signature_line(text: bytes, signer: SigningKey, time: int) -> SignatureLine:
    """Return a signer's line for the text of a checkpoint.

    Args:
        text: text of the checkpoint.
        signer: a log's or a witness's key.
        time: seconds since 1970; a plain Ed25519 signature leaves it out.

    Raises:
        LogError: the text is no checkpoint, or the time is out of range.
    """
    parse_checkpoint(text)
    key_id = signer.verifier().key_id
    if signer.type is SignatureType.ED25519:
        return SignatureLine(signer.name, key_id, signer.sign(text))
    message = _message(signer.name, signer.type, text, time)
    return SignatureLine(signer.name, key_id, time.to_bytes(_TIME_BYTES, "big") + signer.sign(message))


def sign_checkpoint(checkpoint: Checkpoint, signers: Sequence[SigningKey], time: int) -> bytes:
    """Return a checkpoint with a line of each signer.

    A log must never sign two trees of which one does not begin with the other: whoever calls this has the
    last signed tree on disk and has compared.
    """
    text = checkpoint.text
    return checked_note(text, [signature_line(text, signer, time) for signer in signers])


def add_signatures(data: bytes, lines: Sequence[SignatureLine]) -> bytes:
    """Return a checkpoint with further lines; a line that it already has is not added again."""
    note = parse_note(data)
    return checked_note(note.text, list(dict.fromkeys([*note.lines, *lines])))


def _message(name: str, kind: SignatureType, text: bytes, time: int) -> bytes:
    """Return what a cosigner signs about the text of a checkpoint."""
    if kind is SignatureType.ED25519_COSIGNATURE:
        return ed25519_message(text, time)
    checkpoint = parse_checkpoint(text)
    return ml_dsa_message(name, time, checkpoint.origin, (0, checkpoint.size), checkpoint.root)


def _vector(text: str) -> bytes:
    """Return a text of 1 to 255 bytes with its length in front (RFC 8446 §3.4)."""
    data = text.encode()
    if not 1 <= len(data) <= 255:
        raise LogError(f"cosignature: expected a name of 1 to 255 bytes, got {shown(text)}")
    return bytes([len(data)]) + data


def _check_time(time: int) -> None:
    """Refuse a time that no cosignature states."""
    if not 0 <= time <= SIZE_MAX:
        raise LogError(f"cosignature: expected a time up to 2^63 - 1, got {time}")
