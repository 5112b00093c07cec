"""How a batch of entries stands in the journal, and which bytes are a batch that was never finished.

A segment is a header and frames, one a batch: salt, first index, count, length, the entries' lengths, the
entries, SHA-256 of all that. Only the newest frame can be unfinished, since each is synced before the next
is written. So a broken frame with a whole one behind it means damage, one with nothing behind it a crash.
The salt, which no supplier knows, keeps an entry from looking like a frame.
"""

from __future__ import annotations

import struct
from hashlib import sha256
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, BinaryIO

from netproof.errors import LogError
from netproof.integrity.log.disk import SALT_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Batch = tuple[int, list[bytes]]
    """Index of the first entry, and the entries."""

FRAME_ENTRIES_MAX = 65_536
FRAME_BYTES_MAX = 1 << 26
"""Most bytes of entries in one frame; a larger batch is several, each synced."""
_MAGIC = b"netproof journal 1\n"
_HEADER = struct.Struct(f">{len(_MAGIC)}s{SALT_BYTES}sQ")
_FRAME = struct.Struct(f">{SALT_BYTES}sQII")
_DIGEST = 32
_PAYLOAD_MAX = FRAME_BYTES_MAX + 2 * FRAME_ENTRIES_MAX


def segment_header(salt: bytes, first: int) -> bytes:
    """Return what a segment begins with."""
    head = _HEADER.pack(_MAGIC, salt, first)
    return head + sha256(head).digest()


def frame(salt: bytes, first: int, entries: Sequence[bytes]) -> bytes:
    """Return the bytes of a batch; none of its entries is above 65,535 bytes."""
    lengths = struct.pack(f">{len(entries)}H", *map(len, entries))
    payload = b"".join([lengths, *entries])
    data = _FRAME.pack(salt, first, len(entries), len(payload)) + payload
    return data + sha256(data).digest()


def in_frames(entries: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """Split a batch into parts that a frame each can hold."""
    start = size = 0
    for at, entry in enumerate(entries):
        if at - start == FRAME_ENTRIES_MAX or size + len(entry) > FRAME_BYTES_MAX:
            yield entries[start:at]
            start, size = at, 0
        size += len(entry)
    if start < len(entries):
        yield entries[start:]


def read_frames(file: BinaryIO, place: str, first: int, *, newest: bool) -> Iterator[Batch]:
    """Yield the batches of a segment.

    Args:
        file: the segment, from its start.
        place: its name, for messages.
        first: the index that its name states.
        newest: whether it is the last segment; only there an unfinished frame at the end is left out.

    Raises:
        LogError: no segment, or a frame is broken that a crash cannot have broken.
    """
    salt = _salt(file, place, first)
    index = first
    while True:
        start = file.tell()
        found = _next(file, salt, index)
        if found is None:
            break
        yield index, found
        index += len(found)
    file.seek(start)
    rest = file.read()
    if rest and (not newest or _follows(rest, salt, index)):
        raise LogError(
            f"{place}: expected a whole batch from entry {index} at byte {start}, got a broken one",
            hint="the file was altered or the disk is failing: restore the journal from a backup",
        )


def _salt(file: BinaryIO, place: str, first: int) -> bytes:
    """Return the salt that a segment's header states."""
    head = file.read(_HEADER.size + _DIGEST)
    if len(head) == _HEADER.size + _DIGEST and sha256(head[: _HEADER.size]).digest() == head[_HEADER.size :]:
        magic, salt, index = _HEADER.unpack(head[: _HEADER.size])
        if magic == _MAGIC and index == first:
            return bytes(salt)
    raise LogError(f"{place}: expected the header of a journal segment from entry {first}")


def _next(file: BinaryIO, salt: bytes, index: int) -> list[bytes] | None:
    """Return the entries of the frame that begins here; None where there is no whole one."""
    head = file.read(_FRAME.size)
    if len(head) < _FRAME.size:
        return None
    mark, first, count, length = _FRAME.unpack(head)
    if mark != salt or first != index or not 1 <= count <= FRAME_ENTRIES_MAX or length > _PAYLOAD_MAX:
        return None
    payload = file.read(length)
    digest = sha256(head)
    digest.update(payload)
    if file.read(_DIGEST) != digest.digest() or len(payload) < 2 * count:
        return None
    lengths = struct.unpack_from(f">{count}H", payload)
    ends = list(accumulate(lengths, initial=2 * count))
    return [payload[at:end] for at, end in pairwise(ends)] if ends[-1] == length else None


def _follows(rest: bytes, salt: bytes, index: int) -> bool:
    """Return whether a whole frame stands somewhere behind a broken one."""
    at = rest.find(salt, 1)
    while at >= 0:
        head = rest[at : at + _FRAME.size]
        if len(head) == _FRAME.size:
            _, first, _, length = _FRAME.unpack(head)
            end = at + _FRAME.size + length
            if first > index and rest[end : end + _DIGEST] == sha256(rest[at:end]).digest():
                return True
        at = rest.find(salt, at + 1)
    return False
