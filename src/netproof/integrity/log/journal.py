"""The durable commit: entries are in the log once their batch is synced in the journal.

Segments are named by the index of their first entry. When a log is opened, its last segment is written anew
and synced: that leaves out a batch that a crash cut off, and puts on the disk for good what an earlier failed
sync may have left in memory only. What the published tiles hold is removed.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from netproof.errors import LogError
from netproof.integrity.log import layout
from netproof.integrity.log.frames import frame, in_frames, read_frames, segment_header
from netproof.tlog.encoding import SIZE_MAX, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from netproof.integrity.log.disk import Disk
    from netproof.integrity.log.frames import Batch

SEGMENT_BYTES = 1 << 26
"""From this size on, the next batch begins a new segment."""
_NAME = re.compile(r"[0-9]{20}")


class Journal:
    """The journal of a log that somebody writes.

    Args:
        folder: the log's folder; the caller holds its lock.
        disk: where it is written.
        start: the published size: entries below it are in tiles.

    Raises:
        LogError: entries are missing or broken.
        OSError: the last segment cannot be written anew.
    """

    def __init__(self, folder: Path, disk: Disk, start: int) -> None:
        self.size = start
        self._folder = folder
        self._disk = disk
        self._firsts: list[int] = []
        self._file: int | None = None
        self._salt = b""
        self._written = 0
        self._recover(start)

    def append(self, entries: Sequence[bytes]) -> None:
        """Return when the entries are durable.

        Raises:
            OSError: they may not be; nothing may be appended after that.
        """
        for part in in_frames(entries):
            if self._file is not None and self._written >= SEGMENT_BYTES:
                self.close()
            file = self._begin(self.size, []) if self._file is None else self._file
            self._write(file, self.size, part)
            self._disk.sync_data(file)
            self.size += len(part)

    def batches(self, start: int) -> Iterator[Batch]:
        """Yield the entries from an index on, in batches.

        Raises:
            LogError: not all of them are there.
        """
        index = start
        for first, entries in read_batches(self._folder, self._firsts, start):
            yield first, entries
            index += len(entries)
        if index != self.size:
            raise LogError(
                f"{self._folder / layout.JOURNAL}: expected entries up to {self.size}, got them up to {index}"
            )

    def trim(self) -> None:
        """Remove all segments: every entry is in tiles that are synced and published."""
        self.close()
        self._remove(self._firsts)
        self._firsts = []

    def close(self) -> None:
        """Close the segment that is written."""
        if self._file is not None:
            self._disk.close(self._file)
            self._file = None

    def _recover(self, start: int) -> None:
        """Find what is needed, write the last segment anew and remove what is published."""
        found = segments(self._folder)
        needed = needed_segments(found, start)
        if needed and needed[0] > start:
            raise LogError(
                f"{self._folder / layout.JOURNAL}: expected entries from {start}, got them from {needed[0]}",
                hint="restore the missing part from a backup; a log must not go on without it",
            )
        self._firsts = needed[:-1]
        if needed:
            tail = [batch for batch in read_batches(self._folder, needed[-1:], start) if batch[1]]
            if tail:
                self.size = tail[0][0]
                self._begin(self.size, tail)
                self.size = tail[-1][0] + len(tail[-1][1])
            elif self._firsts:
                # A segment whose first batch was never finished: what is before it is all there is.
                self.size = needed[-1]
        self._remove([first for first in found if first not in self._firsts])

    def _begin(self, first: int, batches: Sequence[Batch]) -> int:
        """Make a segment that holds these batches, and keep it open; return its descriptor."""
        path = self._folder / layout.NEW / "segment"
        self._salt = self._disk.salt()
        file = self._disk.create(path)
        self._file = file
        self._written = 0
        self._disk.write(file, segment_header(self._salt, first))
        for at, entries in batches:
            self._write(file, at, entries)
        self._disk.sync(file)
        folder = self._folder / layout.JOURNAL
        self._disk.rename(path, folder / f"{first:020}")
        self._disk.sync_folder(folder)
        self._firsts.append(first)
        return file

    def _write(self, file: int, first: int, entries: Sequence[bytes]) -> None:
        """Write one frame."""
        data = frame(self._salt, first, entries)
        self._disk.write(file, data)
        self._written += len(data)

    def _remove(self, firsts: Sequence[int]) -> None:
        """Remove segments, the oldest first."""
        for first in firsts:
            self._disk.remove(self._folder / layout.JOURNAL / f"{first:020}")


def segments(folder: Path) -> list[int]:
    """Return the first indexes of a journal's segments, ascending.

    Raises:
        LogError: no folder, or something else lies in it.
    """
    place = folder / layout.JOURNAL
    try:
        names = sorted(path.name for path in place.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise LogError(f"{place}: expected a folder, got: {error.strerror}") from error
    for name in names:
        if not _NAME.fullmatch(name) or int(name) > SIZE_MAX:
            raise LogError(f"{place}: expected segments by their first entry, got {shown(name)}")
    return [int(name) for name in names]


def needed_segments(found: Sequence[int], start: int) -> list[int]:
    """Return the segments that may hold entries from `start` on."""
    nexts = [*found[1:], SIZE_MAX]
    return [first for first, after in zip(found, nexts, strict=False) if after > start]


def read_batches(folder: Path, firsts: Sequence[int], start: int, *, strict: bool = False) -> Iterator[Batch]:
    """Yield the batches of segments, without the entries before `start`.

    Args:
        folder: the log's folder.
        firsts: the segments, ascending.
        start: index of the first entry that is wanted.
        strict: refuse also what a crash leaves: an unfinished batch at the end of the last segment.

    Raises:
        LogError: a segment does not begin where the one before it ends, or is broken.
    """
    index = None
    for number, first in enumerate(firsts, 1):
        path = folder / layout.JOURNAL / f"{first:020}"
        if index not in {None, first}:
            raise LogError(f"{path}: expected the segment before it to end there, got an end at {index}")
        index = first
        with _opened(path) as file:
            for at, entries in read_frames(
                file, str(path), first, newest=not strict and number == len(firsts)
            ):
                index = at + len(entries)
                if index > start:
                    yield max(at, start), entries[max(start - at, 0) :]


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """Open a segment for reading; `LogError` where that fails, then or later."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with open(file, "rb") as opened:  # noqa: PTH123 - a path would follow links
            yield opened
    except OSError as error:
        raise LogError(f"{path}: expected a segment that can be read, got: {error.strerror}") from error
