"""What must be written when entries are appended?

The right edge of a tree is all that appending needs: the hashes of each level's unfinished tile and the
entries of the unfinished bundle. A batch makes a new edge and the new files; the old edge stays as it was, so
that a failed write changes nothing. Source: C2SP tlog-tiles 0.1.0 (5ba5ee8); RFC 6962 §2.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.tlog.encoding import HASH_BYTES, SIZE_MAX
from netproof.tlog.merkle import fold, next_layer
from netproof.tlog.tiles import BUNDLE, TILE_BITS, TILE_WIDTH, Tile, check_entries, level_widths

if TYPE_CHECKING:
    from collections.abc import Sequence

_TILE_BYTES = TILE_WIDTH * HASH_BYTES


@dataclass(frozen=True, slots=True)
class Edge:
    """The right edge of a log; `Edge()` is that of the empty log.

    Attributes:
        size: leaves of the tree.
        levels: for each level the hashes of its unfinished tile, one after the other; may be empty bytes.
        entries: the entries of the unfinished bundle.

    Raises:
        LogError: the parts do not belong to one size.
    """

    size: int = 0
    levels: tuple[bytes, ...] = ()
    entries: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an edge that was put together wrongly."""
        want = [width % TILE_WIDTH * HASH_BYTES for width in level_widths(self.size)]
        if [len(level) for level in self.levels] != want or len(self.entries) != self.size % TILE_WIDTH:
            raise LogError(f"right edge: its tiles and entries are not those of size {self.size}")

    def root(self) -> bytes:
        """Return the root of the tree.

        Cost: one hash for every hash in the edge.
        """
        peaks: list[bytes] = []
        for level in self.levels:
            layer = level
            while layer:
                if len(layer) & HASH_BYTES:
                    peaks.append(layer[-HASH_BYTES:])
                layer = next_layer(layer)
        return fold(peaks[::-1])


@dataclass(frozen=True, slots=True)
class Growth:
    """What a batch of entries makes.

    Attributes:
        edge: the new right edge.
        files: the new tiles and bundles with their bytes: full ones, and the partial ones of the new size.
    """

    edge: Edge
    files: tuple[tuple[Tile, bytes], ...]


def grow(edge: Edge, entries: Sequence[bytes]) -> Growth:
    """Append a batch of entries.

    Args:
        edge: where the log ends; it is not changed.
        entries: of 0 to 65,535 bytes each, in order.

    Raises:
        LogError: an entry is too long, or the log would be.

    Cost: a leaf hash and a node hash an entry.
    """
    check_entries(entries)
    size = edge.size + len(entries)
    if size > SIZE_MAX:
        raise LogError(f"log: expected at most 2^63 - 1 entries, got {size}")
    if not entries:
        return Growth(edge, ())
    pending, files = _bundles(edge, entries)
    levels: list[bytes] = []
    added = b"".join([sha256(b"\x00" + entry).digest() for entry in entries])
    level = 0
    while added or level < len(edge.levels):
        old = edge.levels[level] if level < len(edge.levels) else b""
        first = edge.size >> TILE_BITS * (level + 1)
        rest, added = _level(old + added, Tile(level, first), files, changed=bool(added))
        levels.append(rest)
        level += 1
    return Growth(Edge(size, tuple(levels), pending), tuple(files))


def _bundles(edge: Edge, entries: Sequence[bytes]) -> tuple[tuple[bytes, ...], list[tuple[Tile, bytes]]]:
    """Return the entries of the new unfinished bundle, and the new bundles."""
    waiting = (*edge.entries, *entries)
    encoded = [len(entry).to_bytes(2, "big") + entry for entry in waiting]
    first = edge.size // TILE_WIDTH
    files = []
    for at in range(0, len(waiting), TILE_WIDTH):
        part = encoded[at : at + TILE_WIDTH]
        files.append((Tile(BUNDLE, first + at // TILE_WIDTH, len(part)), b"".join(part)))
    return waiting[len(waiting) - len(waiting) % TILE_WIDTH :], files


def _level(
    hashes: bytes, first: Tile, files: list[tuple[Tile, bytes]], *, changed: bool
) -> tuple[bytes, bytes]:
    """Cut a level's hashes into tiles.

    Returns:
        The hashes of its unfinished tile, and the hashes that its full tiles give the next level.
    """
    whole = len(hashes) - len(hashes) % _TILE_BYTES
    parents = hashes[:whole]
    files.extend(
        (Tile(first.level, first.index + at // _TILE_BYTES), hashes[at : at + _TILE_BYTES])
        for at in range(0, whole, _TILE_BYTES)
    )
    # Full tiles are perfect subtrees: eight layers of pairs lead to their roots, all tiles at once.
    for _ in range(TILE_BITS if whole else 0):
        parents = next_layer(parents)
    rest = hashes[whole:]
    if rest and changed:
        files.append((Tile(first.level, first.index + whole // _TILE_BYTES, len(rest) // HASH_BYTES), rest))
    return rest, parents
