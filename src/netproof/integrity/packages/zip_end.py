"""Where a zip archive's central directory lies: the record at the end, and its wide form (zip64).

Exactly one end must fit the file; an archive that ends in two ways is read differently by different
programs, and refused.

Source: PKWARE APPNOTE 6.3.10, §4.3.14 to §4.3.16 and §4.5.3.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from netproof.integrity.packages.refusal import Refusal, refuse

if TYPE_CHECKING:
    from netproof.errors import SourceError

_END: Final = struct.Struct("<4sHHHHLLH")
_WIDE: Final = struct.Struct("<4sQHHLLQQQQ")
_LOCATOR: Final = struct.Struct("<4sLQL")
_NARROW_MAX: Final = 0xFFFFFFFF
_COMMENT_MAX: Final = 0xFFFF


@dataclass(frozen=True, slots=True)
class Extent:
    """Where the central directory lies.

    Attributes:
        start: Its first byte.
        length: Its bytes.
        count: How many members it lists.
    """

    start: int
    length: int
    count: int


def extent(file: BinaryIO, size: int, place: str) -> Extent:
    """Return where the central directory lies.

    Raises:
        SourceError: The archive has no end, two ends, several disks, or bytes between directory and end.
    """
    tail_at = max(0, size - _COMMENT_MAX - _END.size)
    file.seek(tail_at)
    tail = file.read(size - tail_at)
    ends = _ends(tail)
    if len(ends) != 1:
        got = "no end" if not ends else "two ends"
        raise refuse(place, Refusal.HEADERS if ends else Refusal.DAMAGED, f"a zip archive with {got}")
    end = tail_at + ends[0]
    _, disk, first, here, count, length, start, _ = _END.unpack_from(tail, ends[0])
    narrow = Extent(start, length, count)
    if disk != first or here != count or disk not in (0, 0xFFFF):
        raise refuse(place, Refusal.DAMAGED, "one part of several")
    large = _wide_extent(file, end, narrow, place)
    found, until = large if large is not None else (narrow, end)
    if found.start + found.length != until:
        raise refuse(place, Refusal.HIDDEN, "bytes before the archive or behind its central directory")
    return found


def _ends(tail: bytes) -> list[int]:
    """Return where a record lies that ends exactly with the file."""
    found = []
    at = tail.find(b"PK\5\6")
    while at >= 0:
        whole = len(tail) - at >= _END.size
        if whole and at + _END.size + int.from_bytes(tail[at + 20 : at + 22], "little") == len(tail):
            found.append(at)
        at = tail.find(b"PK\5\6", at + 1)
    return found


def _wide_extent(file: BinaryIO, end: int, narrow: Extent, place: str) -> tuple[Extent, int] | None:
    """Return what the wide form says, and where the directory must end; None: there is no wide form."""
    at = end - _LOCATOR.size
    if at < 0:
        return None
    file.seek(at)
    locator = file.read(_LOCATOR.size)
    if locator[:4] != b"PK\6\7":
        return None
    _, disk, record_at, disks = _LOCATOR.unpack(locator)
    if disk or disks > 1 or record_at + _WIDE.size > at:
        raise _wrong(place)
    file.seek(record_at)
    record = file.read(_WIDE.size)
    if len(record) != _WIDE.size or record[:4] != b"PK\6\6":
        raise _wrong(place)
    _, length, _, _, disk, first, here, count, directory, start = _WIDE.unpack(record)
    if record_at + 12 + length != at or disk or first or here != count:
        raise _wrong(place)
    found = Extent(start, directory, count)
    pairs = (
        (narrow.start, found.start, _NARROW_MAX),
        (narrow.length, found.length, _NARROW_MAX),
        (narrow.count, found.count, 0xFFFF),
    )
    if any(told not in (most, known) for told, known, most in pairs):
        raise _wrong(place)
    return found, record_at


def _wrong(place: str) -> SourceError:
    """Return the refusal of two ends that do not agree."""
    return refuse(place, Refusal.HEADERS, "a zip64 end that does not agree with the end")


def wide(fields: dict[int, bytes], told: tuple[int, int, int], place: str) -> tuple[int, int, int]:
    """Return size, packed size and offset, from the wide field where they are too large for the narrow.

    Raises:
        SourceError: The wide field is missing what is needed.
    """
    data, at = fields.get(1, b""), 0
    values = []
    for value in told:
        if value != _NARROW_MAX or 1 not in fields:
            values.append(value)
            continue
        if at + 8 > len(data):
            raise refuse(place, Refusal.DAMAGED, "a zip64 field that is too short")
        values.append(int.from_bytes(data[at : at + 8], "little"))
        at += 8
    return values[0], values[1], values[2]
