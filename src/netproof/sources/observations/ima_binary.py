"""Reads the list that the kernel shows in `binary_runtime_measurements`, in the host's byte order.

An event: register, template hash, template's name, length of its data, data. Only the old template `ima` has
no such length. Source: Linux, ima_fs.c (ima_measurements_show), ima_template_lib.c.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from netproof.errors import SourceError
from netproof.sources.observations.ima import ALGORITHMS, EVENTS_MAX, Event, check_event

if TYPE_CHECKING:
    from typing import BinaryIO

LIST_MAX = 1 << 30
"""Most bytes of a list, which is held in memory."""
_PIECE = 1 << 20
_NAME_MAX = 64
_DATA_MAX = 1 << 18
_OLD_DIGEST_BYTES = 20
_OLD_NAME_BYTES = 256
_PCRS = 24


def form_of(head: bytes) -> tuple[str, int] | None:
    """Return byte order and hash length of a list from its first bytes; None: it is none."""
    for order in "<>":
        for size in ALGORITHMS:
            begin = 4 + size
            if len(head) < begin + 8:
                continue
            (pcr,) = struct.unpack_from(f"{order}I", head)
            (length,) = struct.unpack_from(f"{order}I", head, begin)
            name = head[begin + 4 : begin + 4 + length] if length <= _NAME_MAX else b""
            if pcr < _PCRS and name.startswith((b"ima", b"evm", b"d-")) and len(name) == length:
                return order, size
    return None


def read_binary(file: BinaryIO, place: str) -> list[Event]:
    """Return the events of a list, each with its hash recomputed.

    Raises:
        SourceError: It is no such list, ends within an event, or an event was changed.
    """
    content = _whole(file)
    form = form_of(content)
    if form is None or len(content) > LIST_MAX:
        raise SourceError(
            f"{place}: expected a binary measurement list of at most {LIST_MAX:,} bytes, got none"
        )
    bytes_ = _Bytes(content, place, *form)
    events: list[Event] = []
    while bytes_.at < len(content):
        event = bytes_.event(len(events) + 1)
        check_event(event, place)
        events.append(event)
        if len(events) > EVENTS_MAX:
            raise SourceError(f"{place}: expected at most {EVENTS_MAX:,} events, got more")
    return events


def _whole(file: BinaryIO) -> bytes:
    """Return a file's bytes, a piece above the limit at most; one read would reserve all that it may take."""
    pieces, size = [], 0
    while size <= LIST_MAX and (piece := file.read(_PIECE)):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


class _Bytes:
    """The bytes of a list and how far they are read."""

    def __init__(self, content: bytes, place: str, order: str, hash_bytes: int) -> None:
        self.content = content
        self.place = place
        self.order = order
        self.hash_bytes = hash_bytes
        self.at = 0

    def event(self, number: int) -> Event:
        """Read an event."""
        pcr = self._number("register", _PCRS - 1, number)
        stated = self._take(self.hash_bytes, number)
        template = self._take(self._number("length of a name", _NAME_MAX, number), number)
        try:
            name = template.decode("ascii")
        except UnicodeDecodeError as error:
            raise SourceError(
                f"{self.place}:{number}: expected a template's name in ASCII, got {template!r}"
            ) from error
        if name == "ima":
            return self._old(number, pcr, stated)
        data = self._take(self._number("length of data", _DATA_MAX, number), number)
        return self._new(number, pcr, stated, name, data)

    def _old(self, number: int, pcr: int, stated: bytes) -> Event:
        """Read the fields of template `ima`: a digest of 20 bytes, and a name that is hashed with zeros."""
        digest = self._take(_OLD_DIGEST_BYTES, number)
        path = self._take(self._number("length of a name", _OLD_NAME_BYTES - 1, number), number)
        data = digest + path.ljust(_OLD_NAME_BYTES, b"\0")
        return Event(number, pcr, stated, "ima", data, "sha1", digest, path.decode("utf-8", "replace"))

    def _new(self, number: int, pcr: int, stated: bytes, template: str, data: bytes) -> Event:
        """Read digest and name, the first two fields of every other template; the hash covers all."""
        fields = _Bytes(data, self.place, self.order, 0)
        first = fields._take(fields._number("length of a digest", _DATA_MAX, number), number)
        path = fields._take(fields._number("length of a path", _DATA_MAX, number), number)
        prefix, zero, digest = first.partition(b":\0")
        algorithm = prefix.rpartition(b":")[2].decode("ascii", "replace") if zero else ""
        further = b""
        if fields.at + 4 <= len(data):
            further = fields._take(fields._number("length of a field", _DATA_MAX, number), number)
        name = path.removesuffix(b"\0").decode("utf-8", "replace")
        digest = digest if zero else first
        return Event(number, pcr, stated, template, data, algorithm, digest, name, further)

    def _number(self, what: str, most: int, number: int) -> int:
        """Read a number of four bytes."""
        value = int.from_bytes(self._take(4, number), "little" if self.order == "<" else "big")
        if value > most:
            raise SourceError(f"{self.place}:{number}: expected a {what} of at most {most:,}, got {value:,}")
        return value

    def _take(self, size: int, number: int) -> bytes:
        """Read that many bytes."""
        end = self.at + size
        if end > len(self.content):
            raise SourceError(
                f"{self.place}:{number}: expected {size:,} more bytes, got {len(self.content) - self.at:,}",
                hint="the list is cut off",
            )
        taken = self.content[self.at : end]
        self.at = end
        return taken
