"""Which files does a log of this size have, and what stands in them?

A hash tile holds up to 256 hashes of one level, an entry bundle up to 256 entries. Paths are read as strictly
as they are written. Source: C2SP tlog-tiles 0.1.0 (5ba5ee8).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.tlog.encoding import HASH_BYTES, SIZE_MAX, shown
from netproof.tlog.merkle import leaf_hash

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TILE_WIDTH = 256
TILE_BITS = 8
LEVEL_MAX = 63
BUNDLE = -1
"""The "level" of an entry bundle."""
ENTRY_BYTES_MAX = 65_535
_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<index>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """One file of a log: its level (`BUNDLE` for entries), its index in the level, how many it holds.

    Raises:
        LogError: no log has such a tile.
    """

    level: int
    index: int
    width: int = TILE_WIDTH

    def __post_init__(self) -> None:
        """Refuse what has no path."""
        if not (
            BUNDLE <= self.level <= LEVEL_MAX
            and 0 <= self.index <= SIZE_MAX >> TILE_BITS
            and 1 <= self.width <= TILE_WIDTH
        ):
            raise LogError(f"tile: expected one of a log, got {self.level}, {self.index}, {self.width}")

    @property
    def path(self) -> str:
        """Where it lies below the log's prefix."""
        digits = f"{self.index % 1000:03}"
        rest = self.index // 1000
        while rest:
            digits = f"x{rest % 1000:03}/{digits}"
            rest //= 1000
        level = "entries" if self.level == BUNDLE else self.level
        return f"tile/{level}/{digits}" + (f".p/{self.width}" if self.width < TILE_WIDTH else "")

    @property
    def full(self) -> Tile:
        """The same tile once it is full."""
        return Tile(self.level, self.index)


def parse_tile_path(path: str) -> Tile:
    """Read the path of a tile or bundle.

    Raises:
        LogError: not exactly as `Tile.path` writes it.
    """
    found = _PATH.fullmatch(path)
    if found is None:
        raise LogError(f"tile path: expected tile/<level>/<index>, got {shown(path)}")
    level = BUNDLE if found["level"] == "entries" else int(found["level"])
    index = int(found["index"].replace("x", "").replace("/", ""))
    tile = Tile(level, index, int(found["width"] or TILE_WIDTH))
    if tile.path != path:
        raise LogError(f"tile path: expected {tile.path}, got {shown(path)}")
    return tile


def level_widths(size: int) -> list[int]:
    """Return how many hashes each level of a log has, from the leaves up to the last that has any."""
    if not 0 <= size <= SIZE_MAX:
        raise LogError(f"tree: expected a size from 0 to 2^63 - 1, got {size}")
    widths = []
    while size:
        widths.append(size)
        size >>= TILE_BITS
    return widths


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield every tile and bundle of a log of this size, bundles first, then level by level.

    Source: C2SP tlog-tiles, "Partial Tiles".
    """
    return new_tiles(0, size)


def new_tiles(old: int, new: int) -> Iterator[Tile]:
    """Yield the tiles and bundles that a log of size `new` has and one of size `old` has not.

    Raises:
        LogError: `old` is above `new`, or no size.
    """
    if old > new:
        raise LogError(f"tiles: expected sizes that grow, got {old} and {new}")
    before = level_widths(old)
    after = level_widths(new)
    levels = [BUNDLE, *range(len(after))] if after else []
    for level in levels:
        at = max(level, 0)
        had = before[at] if at < len(before) else 0
        yield from _grown(level, had, after[at])


def _grown(level: int, had: int, has: int) -> Iterator[Tile]:
    """Yield the tiles of a level that appear as it grows."""
    for index in range(had >> TILE_BITS, has >> TILE_BITS):
        yield Tile(level, index)
    rest = has % TILE_WIDTH
    if rest and has != had:
        yield Tile(level, has >> TILE_BITS, rest)


def split_hashes(tile: Tile, data: bytes) -> tuple[bytes, ...]:
    """Return the hashes of a hash tile.

    Raises:
        LogError: truncated, padded, or another tile than it should be.
    """
    if tile.level == BUNDLE or len(data) != tile.width * HASH_BYTES:
        raise LogError(f"{tile.path}: expected {tile.width} hashes of 32 bytes, got {len(data)} bytes")
    return tuple(data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES))


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Return the bytes of an entry bundle: each entry with its length in front.

    Raises:
        LogError: no entry, more than 256, or one above 65,535 bytes.

    Source: C2SP tlog-tiles, "Log entries".
    """
    if not 1 <= len(entries) <= TILE_WIDTH:
        raise LogError(f"entry bundle: expected 1 to {TILE_WIDTH} entries, got {len(entries)}")
    check_entries(entries)
    return b"".join([len(entry).to_bytes(2, "big") + entry for entry in entries])


def check_entries(entries: Sequence[bytes]) -> None:
    """Refuse entries whose length no bundle can state; an empty entry is allowed."""
    longest = max(map(len, entries), default=0)
    if longest > ENTRY_BYTES_MAX:
        raise LogError(f"entry: expected at most {ENTRY_BYTES_MAX} bytes, got {longest}")


def decode_bundle(tile: Tile, data: bytes) -> tuple[bytes, ...]:
    """Return the entries of a bundle; what they are worth, `check_bundle` says.

    Raises:
        LogError: truncated, padded, or another number of entries.
    """
    entries: list[bytes] = []
    at = 0
    while at < len(data) and len(entries) < tile.width:
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        entries.append(data[start:at])
    if at != len(data) or len(entries) != tile.width:
        raise LogError(f"{tile.path}: expected exactly {tile.width} whole entries in {len(data)} bytes")
    return tuple(entries)


def check_bundle(tile: Tile, data: bytes, hashes: Sequence[bytes]) -> tuple[bytes, ...]:
    """Return the entries of a bundle whose every entry hashes to its leaf.

    Args:
        tile: the bundle.
        data: its bytes.
        hashes: the verified leaf hashes, from the level-0 tile of the same index.

    Raises:
        LogError: malformed, or an entry differs from its leaf.
    """
    entries = decode_bundle(tile, data)
    if len(hashes) != len(entries):
        raise LogError(f"{tile.path}: expected {len(hashes)} entries, got {len(entries)}")
    for number, (entry, want) in enumerate(zip(entries, hashes, strict=True)):
        if leaf_hash(entry) != want:
            raise LogError(
                f"{tile.path}: entry {tile.index * TILE_WIDTH + number} is not the one in the tree"
            )
    return entries
