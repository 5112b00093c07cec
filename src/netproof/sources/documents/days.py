"""On which days may the verdict on a signature change, so that one verification answers for many dates?

A verdict rests on the times that lie in the signature and in what it is verified with: validity, revocation,
timestamps. All of them are DER or BER times, and between two of them nothing changes. So every time that is
written anywhere counts, and where the bytes cannot be followed every date is judged for itself.
"""

from __future__ import annotations

from bisect import bisect
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

_UTC_TIME, _GENERALIZED_TIME, _OCTETS, _SEQUENCE = 0x17, 0x18, 0x04, 0x30
_CONSTRUCTED = 0x20
_INDEFINITE = 0x80
_CENTURY = 50
_DEPTH_MAX = 60
_DAY = timedelta(days=1)


class _Lost(Exception):  # noqa: N818 - a state of the reading, never seen outside
    """The bytes are not what they announce."""


def turning_days(objects: Iterable[bytes]) -> frozenset[date] | None:
    """Return the days that are written in some ASN.1 objects; None where they cannot be followed.

    Cost: O(n) in their bytes.
    Source: X.690 §8.1 (length forms), §8.25 and §8.26 (times); RFC 5280 §4.1.2.5.1 (the century).
    """
    days: set[date] = set()
    try:
        for item in objects:
            days.update(_days(memoryview(item), 0))
    except (_Lost, IndexError, ValueError):
        return None
    return frozenset(days)


def kinds(dates: Sequence[date], turning: frozenset[date] | None) -> list[Hashable]:
    """Return for each date its kind: on two of one kind, a verdict is the same.

    A day on which something turns, and the days before and after it, are kinds of their own: the time of
    day and of the zone is not looked at.
    """
    if turning is None:
        return list(dates)
    order = sorted(turning)
    near = {beside for day in turning for beside in (day - _DAY, day, day + _DAY)}
    return [day if day in near else bisect(order, day) for day in dates]


def _days(data: memoryview, depth: int) -> Iterator[date]:
    """Yield the days in a run of values."""
    if depth > _DEPTH_MAX:
        raise _Lost
    place = 0
    while place < len(data):
        tag, start, end, after = _head(data, place, depth)
        if tag == 0 and start == end:  # filling behind a signature in a PDF, or the end of an open value
            return
        inner = data[start:end]
        if tag in (_UTC_TIME, _GENERALIZED_TIME):
            yield _day(bytes(inner), tag)
        elif tag & _CONSTRUCTED or (tag == _OCTETS and _wraps(inner)):
            yield from _days(inner, depth + 1)
        place = after


def _head(data: memoryview, place: int, depth: int) -> tuple[int, int, int, int]:
    """Return a value's tag, where its content begins and ends, and where the next value begins."""
    tag = data[place]
    place += 1
    if tag & 0x1F == 0x1F:
        while data[place] & 0x80:
            place += 1
        place += 1
    size = data[place]
    place += 1
    if size == _INDEFINITE:
        end = _end(data, place, depth)
        return tag, place, end, end + 2
    if size > _INDEFINITE:
        count = size - _INDEFINITE
        size = int.from_bytes(data[place : place + count], "big")
        place += count
    if place + size > len(data):
        raise _Lost
    return tag, place, place + size, place + size


def _end(data: memoryview, place: int, depth: int) -> int:
    """Return where a value of open length ends."""
    if depth > _DEPTH_MAX:
        raise _Lost
    while data[place] or data[place + 1]:
        place = _head(data, place, depth + 1)[3]
    return place


def _wraps(inner: memoryview) -> bool:
    """Return whether octets hold exactly one sequence, such as the content of a timestamp."""
    if len(inner) < 2 or inner[0] != _SEQUENCE:
        return False
    try:
        return _head(inner, 0, 0)[3] == len(inner)
    except (_Lost, IndexError):
        return False


def _day(text: bytes, tag: int) -> date:
    """Return the day of a time."""
    digits = text.decode("ascii")
    if tag == _GENERALIZED_TIME:
        return _bounded(int(digits[:4]), digits[4:8])
    year = int(digits[:2])
    return _bounded(year + (2000 if year < _CENTURY else 1900), digits[2:6])


def _bounded(year: int, rest: str) -> date:
    """Return a day; in the first and last years one that has neighbours."""
    return date(min(max(year, 2), 9998), int(rest[:2]), int(rest[2:4]))
