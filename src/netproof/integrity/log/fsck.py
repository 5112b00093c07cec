"""Does everything in a log's folder still hold?

Re-reads and re-hashes all of it: the checkpoint, every kept one against the tree of today, every tile and
bundle (also those that no reader asks for any more), the journal, what was signed, and `files/` by digest.
It changes nothing and takes no lock.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.integrity.log import layout
from netproof.integrity.log.journal import read_batches, segments
from netproof.integrity.log.keeping import read_kept
from netproof.integrity.log.reading import history, open_own, published
from netproof.integrity.log.settings import check_policy, read_policy, read_settings
from netproof.tlog.checkpoint import parse_checkpoint
from netproof.tlog.encoding import HASH_BYTES
from netproof.tlog.growth import Edge, grow
from netproof.tlog.merkle import leaf_hash
from netproof.tlog.tiles import (
    BUNDLE,
    TILE_BITS,
    TILE_WIDTH,
    Tile,
    decode_bundle,
    encode_bundle,
    parse_tile_path,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from netproof.integrity.log.reading import Published
    from netproof.integrity.log.settings import Settings
    from netproof.tlog.reader import TileReader

    Progress = Callable[[str, int, int], None]
    """What is looked at, its number, and how many there are."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not hold: where below the log's folder, and what was expected and got."""

    place: str
    text: str


def _silent(what: str, number: int, total: int) -> None:
    """Tell nobody."""


def fsck(folder: Path, progress: Progress = _silent) -> list[Problem]:
    """Return everything in a log's folder that does not hold; none where all does.

    Args:
        folder: the log's own folder, `releases` of a network, or a published copy of it.
        progress: told how far it is.

    Cost: every byte is read once and hashed.
    """
    try:
        settings = read_settings(folder)
    except LogError as error:
        return [Problem(layout.SETTINGS, str(error))]
    check = _Check(folder, settings, progress)
    check.run()
    return check.problems


class _Check:
    """One look at a log."""

    def __init__(self, folder: Path, settings: Settings, progress: Progress) -> None:
        self.problems: list[Problem] = []
        self._folder = folder
        self._settings = settings
        self._progress = progress
        self._log: Published | None = None
        self._size = 0
        self._pending: dict[tuple[int, int], tuple[Tile, bytes]] = {}
        self._edge = Edge()

    def run(self) -> None:
        """Look at everything, in the order in which one thing rests on another."""
        steps = (
            (layout.POLICY, self._policy),
            (layout.CHECKPOINT, self._checkpoint),
            (layout.TILES, self._entries),
            (layout.JOURNAL, self._journal),
            (layout.SIGNED, self._signed),
            (layout.KEPT, self._kept),
            (layout.TILES, self._tile_files),
            (layout.FILES, self._files),
        )
        for name, step in steps:
            try:
                self.problems += [Problem(place, text) for place, text in step()]
            except LogError as error:
                self.problems.append(Problem(name, str(error)))

    def _policy(self) -> Iterator[tuple[str, str]]:
        check_policy(read_policy(self._folder), self._settings)
        yield from ()

    def _checkpoint(self) -> Iterator[tuple[str, str]]:
        """Verify the newest checkpoint and the right edge under it."""
        if (self._folder / layout.CHECKPOINT).exists():
            self._log = published(self._folder)
            self._size = self._log.checkpoint.size
            self._edge = self._log.reader.edge()
        yield from ()

    def _entries(self) -> Iterator[tuple[str, str]]:
        """Hash every entry; on the way, every full tile of every level."""
        bundles = -(-self._size // TILE_WIDTH)
        for index in range(bundles if self._log else 0):
            self._progress("entries", index * TILE_WIDTH, self._size)
            try:
                self._reader.entries(index)
            except LogError as error:
                yield Tile(BUNDLE, index).path, str(error)

    def _journal(self) -> Iterator[tuple[str, str]]:
        """Compare the journal with the tiles, and take what is not published yet."""
        found = segments(self._folder)
        for number, first in enumerate(found):
            self._progress("journal", number, len(found))
            try:
                for at, entries in read_batches(self._folder, [first], 0, strict=True):
                    yield from self._batch(at, entries)
            except LogError as error:
                yield f"{layout.JOURNAL}/{first:020}", str(error)

    def _batch(self, at: int, entries: list[bytes]) -> Iterator[tuple[str, str]]:
        """Compare published entries with the tree; let the tree grow by the others."""
        known = min(max(self._edge.size - at, 0), len(entries))
        for index, entry in enumerate(entries[:known], at):
            tile, place = divmod(index, TILE_WIDTH)
            if index < self._size and self._reader.leaf_hashes(tile)[place] != leaf_hash(entry):
                yield layout.JOURNAL, f"expected entry {index} as it is in the tree, got another"
        if at > self._edge.size:
            yield layout.JOURNAL, f"expected entries from {self._edge.size}, got them from {at}"
        elif known < len(entries):
            growth = grow(self._edge, entries[known:])
            self._pending |= {(tile.level, tile.index): (tile, data) for tile, data in growth.files}
            self._edge = growth.edge

    def _signed(self) -> Iterator[tuple[str, str]]:
        """Compare what was signed with what is there."""
        try:
            signed = parse_checkpoint(layout.read_note(self._folder, layout.SIGNED))
        except FileNotFoundError:
            return
        root = self._root(signed.size)
        if signed.origin != self._settings.origin or signed.size > self._edge.size:
            yield layout.SIGNED, f"expected {signed.size} entries, as were signed, got {self._edge.size}"
        elif root is not None and root != signed.root:
            yield layout.SIGNED, f"expected root {signed.root.hex()}, as was signed, got {root.hex()}"

    def _kept(self) -> Iterator[tuple[str, str]]:
        """Verify every kept checkpoint, and that the tree of today begins with its tree."""
        newest = None
        for size, note in history(self._folder):
            self._progress("checkpoints", size, self._size)
            name = layout.kept_name(size)
            newest = size
            try:
                kept = open_own(note, self._settings)
            except LogError as error:
                yield name, str(error)
                continue
            root = self._root(size)
            if kept.size != size or (root is not None and kept.root != root):
                yield name, f"expected the checkpoint of {size} entries of this log, got another"
            yield from self._partial(size)
        if self._log and (newest is None or newest < self._size):
            yield layout.KEPT, f"expected the checkpoint of {self._size} entries, got none above {newest}"

    def _partial(self, size: int) -> Iterator[tuple[str, str]]:
        """Find the partial tiles that a published size must have."""
        if size > self._size:
            return
        for tile in layout.partial_tiles(size):
            if not any((self._folder / one.path).is_file() for one in (tile, tile.full)):
                yield tile.path, "expected the tile of a published size, got no file"

    def _root(self, size: int) -> bytes | None:
        """Return the root that the tree had at a size; None where it is not known without hashing all."""
        if self._log and size <= self._size:
            return self._reader.root(size)
        return self._edge.root() if size == self._edge.size else None

    def _tile_files(self) -> Iterator[tuple[str, str]]:
        """Compare every file below `tile` with what the tree makes of it."""
        names = sorted(_names(self._folder, layout.TILES))
        for number, name in enumerate(names):
            self._progress("tiles", number, len(names))
            try:
                tile = parse_tile_path(name)
                if tile.level == BUNDLE and tile.width == TILE_WIDTH and self._has(tile):
                    continue  # `_entries` has hashed it
                want = self._want(tile)
                got = layout.read_file(self._folder, name, len(want))
            except (LogError, OSError) as error:
                yield name, str(error)
                continue
            if got != want:
                yield name, "expected the bytes that the tree makes, got others"

    def _want(self, tile: Tile) -> bytes:
        """Return what a tile's file must hold; `LogError` where the log has no such tile."""
        if self._has(tile):
            return self._reader.tile(tile)
        full, data = self._pending.get((tile.level, tile.index), (tile, b""))
        if not data or full.width < tile.width:
            raise LogError(f"{tile.path}: expected no tile beyond the log's {self._edge.size} entries")
        if tile.level != BUNDLE:
            return data[: tile.width * HASH_BYTES]
        return encode_bundle(decode_bundle(full, data)[: tile.width])

    def _has(self, tile: Tile) -> bool:
        """Return whether the published tree has a tile."""
        width = self._size >> TILE_BITS * max(tile.level, 0)
        return self._log is not None and tile.index * TILE_WIDTH + tile.width <= width

    def _files(self) -> Iterator[tuple[str, str]]:
        """Hash what is kept by digest."""
        names = sorted(name for name in _names(self._folder, layout.FILES) if "/." not in name)
        for number, name in enumerate(names):
            self._progress("files", number, len(names))
            try:
                read_kept(self._folder, name.removeprefix(f"{layout.FILES}/"))
            except LogError as error:
                yield name, str(error)

    @property
    def _reader(self) -> TileReader:
        """The published tree."""
        if self._log is None:
            raise LogError(f"{layout.CHECKPOINT}: expected one that holds")
        return self._log.reader


def _names(folder: Path, below: str) -> Iterator[str]:
    """Yield the paths of everything below a folder that is no folder; links are not followed."""
    try:
        found = sorted(os.scandir(folder / below), key=lambda one: one.name)
    except FileNotFoundError:
        return
    for one in found:
        name = f"{below}/{one.name}"
        if one.is_dir(follow_symlinks=False):
            yield from _names(folder, name)
        else:
            yield name
