"""What has the log published, and what had it before?

Everything is verified before it is given out: the log's own signature with the keys of `log.toml`, the tiles
against the root, each entry against its leaf. Whether witnesses vouch for it, a policy says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.integrity.log.layout import CHECKPOINT, kept_name, kept_sizes, read_note, read_tile
from netproof.integrity.log.settings import read_settings
from netproof.tlog.cosignature import open_checkpoint
from netproof.tlog.encoding import shown
from netproof.tlog.reader import TileReader
from netproof.tlog.tiles import TILE_WIDTH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from netproof.integrity.log.settings import Settings
    from netproof.tlog.checkpoint import Checkpoint


@dataclass(frozen=True, slots=True)
class Published:
    """A tree that a log has signed.

    Attributes:
        settings: the log's origin and keys.
        note: the signed checkpoint, byte for byte, with its cosignatures.
        checkpoint: what it says.
        reader: the tree, each tile verified as it is read.
    """

    settings: Settings
    note: bytes
    checkpoint: Checkpoint
    reader: TileReader

    def entries(self, start: int = 0) -> Iterator[tuple[int, bytes]]:
        """Yield index and bytes of the entries from an index on, each verified.

        Raises:
            LogError: an entry or tile is not the one in the tree, or not there.
        """
        for bundle in range(start // TILE_WIDTH, -(-self.checkpoint.size // TILE_WIDTH)):
            first = bundle * TILE_WIDTH
            for index, entry in enumerate(self.reader.entries(bundle), first):
                if index >= start:
                    yield index, entry


def published(folder: Path, *, size: int | None = None) -> Published:
    """Return what a log has published.

    Args:
        folder: the log's own folder, `releases` of a network.
        size: None: the newest checkpoint; else the newest kept one of at most that size.

    Raises:
        LogError: no log, no such checkpoint, or its signature or tiles do not hold.
    """
    settings = read_settings(folder)
    name = CHECKPOINT if size is None else _kept(folder, size)
    try:
        note = read_note(folder, name)
    except FileNotFoundError as error:
        raise LogError(
            f"{folder}: expected a checkpoint, got none",
            hint="`netproof release log NET checkpoint` signs one",
        ) from error
    checkpoint = open_own(note, settings, folder / name)
    return Published(settings, note, checkpoint, tile_reader(folder, checkpoint))


def _kept(folder: Path, size: int) -> str:
    """Return the name of the newest kept checkpoint of at most a size."""
    sizes = [kept for kept in kept_sizes(folder) if kept <= size]
    if not sizes:
        raise LogError(f"{folder}: expected a kept checkpoint of at most {size} entries, got none")
    return kept_name(sizes[-1])


def history(folder: Path) -> Iterator[tuple[int, bytes]]:
    """Yield size and bytes of the kept checkpoints, the smallest first; they are not verified here.

    Raises:
        LogError: a name that no checkpoint has, or one that cannot be read.
    """
    for size in kept_sizes(folder):
        try:
            yield size, read_note(folder, kept_name(size))
        except FileNotFoundError as error:
            raise LogError(f"{folder / kept_name(size)}: expected a checkpoint, got no file") from error


def open_own(note: bytes, settings: Settings, place: Path | str = "checkpoint") -> Checkpoint:
    """Return what a log's own checkpoint says, once one of its keys is found to have signed it.

    Args:
        note: the checkpoint.
        settings: the log's origin and keys.
        place: where it lies, for errors.

    Raises:
        LogError: no key of the log signed it, or it is of another log.
    """
    try:
        checkpoint = open_checkpoint(note, settings.keys).checkpoint
    except LogError as error:
        raise LogError(f"{place}: {error}", hint=error.hint) from error
    if checkpoint.origin != settings.origin:
        raise LogError(f"{place}: expected origin {shown(settings.origin)}, got {shown(checkpoint.origin)}")
    return checkpoint


def tile_reader(folder: Path, checkpoint: Checkpoint) -> TileReader:
    """Return the tree of a checkpoint from the tiles in a folder; `LogError` where they are of another."""
    return TileReader(checkpoint, lambda tile: read_tile(folder, tile))
