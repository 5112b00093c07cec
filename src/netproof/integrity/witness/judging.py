"""May this checkpoint be cosigned?

The checks of tlog-witness in their order, each with the status that the text gives it. It decides from bytes
and from what was cosigned last; it keeps nothing and signs nothing.
Source: C2SP tlog-witness 1.0.0, "add-checkpoint" (5ba5ee8).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.integrity.witness.request import encode_size
from netproof.tlog.checkpoint import Checkpoint, parse_checkpoint
from netproof.tlog.cosignature import check_signature
from netproof.tlog.encoding import shown
from netproof.tlog.keys import SignatureType, VerifierKey
from netproof.tlog.merkle import EMPTY_ROOT, verify_consistency
from netproof.tlog.note import SignatureLine, by_name_and_id, parse_note

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netproof.integrity.witness.request import Request

_LOG_TYPES = (SignatureType.ED25519, SignatureType.ML_DSA_44)
_NAME_MAX = 255


class Status(IntEnum):
    """What a witness answers."""

    COSIGNED = 200
    MALFORMED = 400
    NOT_SIGNED = 403
    UNKNOWN_LOG = 404
    OTHER_SIZE = 409
    INCONSISTENT = 422
    UNAVAILABLE = 503


class RefusedError(LogError):
    """A checkpoint that is not cosigned.

    Attributes:
        status: What the text says to answer.
        body: The body of that answer; else the reason is told.
    """

    def __init__(self, status: Status, reason: str, *, body: bytes = b"") -> None:
        super().__init__(reason)
        self.status = status
        self.body = body


@dataclass(frozen=True, slots=True)
class Asked:
    """A checkpoint that its log signed; whether it fits is not judged yet.

    Attributes:
        request: as it came.
        text: the signed text.
        checkpoint: the tree.
        lines: the log's signature lines that hold.
    """

    request: Request
    text: bytes
    checkpoint: Checkpoint
    lines: tuple[SignatureLine, ...]


def logs_by_origin(keys: Iterable[VerifierKey]) -> dict[str, tuple[VerifierKey, ...]]:
    """Return the keys of each log; several share an origin while a log changes its key.

    Raises:
        LogError: a key that signs no checkpoints of logs, two that share name and ID, or an origin that an
            ML-DSA-44 cosignature cannot hold.
    """
    logs: dict[str, tuple[VerifierKey, ...]] = {}
    for key in by_name_and_id(keys).values():
        if key.type not in _LOG_TYPES:
            raise LogError(f"log {shown(key.name)}: expected a key that a log signs with, got a witness's")
        if len(key.name.encode()) > _NAME_MAX:
            raise LogError(f"log {shown(key.name)}: expected an origin of at most {_NAME_MAX} bytes")
        logs[key.name] = (*logs.get(key.name, ()), key)
    return logs


def asked(request: Request, logs: Mapping[str, tuple[VerifierKey, ...]]) -> Asked:
    """Return a request whose checkpoint a known log signed.

    Raises:
        RefusedError: 400, 404, 403 or 400, in this order.
    """
    try:
        note = parse_note(request.checkpoint)
        checkpoint = parse_checkpoint(note.text)
    except LogError as error:
        raise RefusedError(Status.MALFORMED, str(error)) from error
    origin = checkpoint.origin
    if origin not in logs:
        raise RefusedError(Status.UNKNOWN_LOG, f"log {shown(origin)}: this witness does not know it")
    trusted = by_name_and_id(logs[origin])
    lines = []
    for line in note.lines:
        key = trusted.get((line.name, line.key_id))
        if key is None:
            continue
        try:
            check_signature(key, note.text, line.payload)
        except LogError as error:
            raise RefusedError(Status.NOT_SIGNED, str(error)) from error
        lines.append(line)
    if not lines:
        raise RefusedError(Status.NOT_SIGNED, f"log {shown(origin)}: expected a signature of its keys")
    if request.old > checkpoint.size:
        raise RefusedError(
            Status.MALFORMED, f"expected an old size up to {checkpoint.size}, got {request.old}"
        )
    return Asked(request, note.text, checkpoint, tuple(dict.fromkeys(lines)))


def judge(one: Asked, last: Checkpoint | None) -> None:
    """Return if a checkpoint continues what was cosigned last.

    Args:
        one: what a known log signed.
        last: the checkpoint of that log that was cosigned last; None: none ever was.

    Raises:
        RefusedError: 409 or 422, in this order.
    """
    new, request = one.checkpoint, one.request
    known = 0 if last is None else last.size
    if request.old != known:
        raise RefusedError(
            Status.OTHER_SIZE, f"size {known} was cosigned last, not {request.old}", body=encode_size(known)
        )
    if new.size == 0 and new.root != EMPTY_ROOT:
        raise RefusedError(Status.INCONSISTENT, "a tree without leaves has the root of the empty tree")
    if known == 0 and request.path:
        raise RefusedError(Status.INCONSISTENT, "expected no proof from the empty tree")
    if last is None or known == 0:
        return
    try:
        verify_consistency(known, last.root, new.size, new.root, request.path)
    except LogError as error:
        raise RefusedError(Status.INCONSISTENT, str(error)) from error


def forked(one: Asked, last: Checkpoint | None) -> bool:
    """Return whether a log signed another tree of the size that was cosigned: that alone proves it lied."""
    return last is not None and one.checkpoint.size == last.size and one.checkpoint.root != last.root
