"""Which entries does a log have that no crash can take back?

Those that are published, from the verified tiles, and those that are only in the journal yet. Whoever adds to
the register must know both. The caller holds the log's lock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.integrity.log import published
from netproof.integrity.log.journal import needed_segments, read_batches, segments

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from netproof.integrity.log import Writer


def durable_entries(folder: Path, writer: Writer) -> Iterator[tuple[int, bytes]]:
    """Yield index and bytes of all entries of a log that is open for writing.

    Args:
        folder: the log's own folder.
        writer: of that log.

    Raises:
        LogError: an entry or tile is not the one in the tree, or entries are missing.
    """
    size = 0
    if writer.published is not None:
        tree = published(folder)
        yield from tree.entries()
        size = tree.checkpoint.size
    for first, entries in read_batches(folder, needed_segments(segments(folder), size), size):
        yield from enumerate(entries, first)
        size = first + len(entries)
    if size != writer.size:
        raise LogError(f"{folder}: expected {writer.size} entries, got {size}")
