"""What does a log say, once every byte is checked?

Reads tiles through a function that the caller gives, and uses none before it is verified: the unfinished
tiles together hash to the root, every full tile hashes to its place in the tile above, every entry to its
leaf. Source: C2SP tlog-tiles 0.1.0 (5ba5ee8); RFC 6962 §2.1.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.tlog.encoding import HASH_BYTES
from netproof.tlog.growth import Edge
from netproof.tlog.merkle import Range, consistency_ranges, fold, inclusion_ranges, next_layer, perfect
from netproof.tlog.tiles import (
    BUNDLE,
    TILE_BITS,
    TILE_WIDTH,
    Tile,
    check_bundle,
    decode_bundle,
    encode_bundle,
    level_widths,
    split_hashes,
)

if TYPE_CHECKING:
    from netproof.tlog.checkpoint import Checkpoint

Read = Callable[[Tile], bytes]
"""Gives the bytes of a tile or bundle. For a partial one it may give the full one, which a log may have kept
instead; for a missing one it raises."""
_CACHED = 256


class TileReader:
    """The tree of one checkpoint, read from tiles.

    Args:
        checkpoint: the tree that is trusted (see `policy`).
        read: gives the bytes of a tile.
        cached: how many verified tiles it remembers; each takes about 35 kB.

    Raises:
        LogError: the unfinished tiles do not hash to the checkpoint's root. Any method raises it for a tile
            or bundle that is not part of the tree.
    """

    def __init__(self, checkpoint: Checkpoint, read: Read, *, cached: int = _CACHED) -> None:
        self.size = checkpoint.size
        self._read = read
        self._cached = max(cached, 1)
        self._full: OrderedDict[tuple[int, int], list[bytes]] = OrderedDict()
        self._widths = level_widths(checkpoint.size)
        self._edge = [self._edge_layers(level) for level in range(len(self._widths))]
        got = fold([self._node(height, index) for height, index in _nodes((0, self.size))])
        if got != checkpoint.root:
            raise LogError(f"tiles: expected root {checkpoint.root.hex()}, got {got.hex()}")

    def root(self, size: int) -> bytes:
        """Return the root of the tree when it had this size."""
        if not 0 <= size <= self.size:
            raise LogError(f"tree: expected a size up to {self.size}, got {size}")
        return self.subtree((0, size))

    def subtree(self, part: Range) -> bytes:
        """Return the hash of a range that a proof names."""
        return fold([self._node(height, index) for height, index in _nodes(part)])

    def inclusion_path(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the proof that a leaf is in the tree, or was when it had a smaller size."""
        return [self.subtree(part) for part in inclusion_ranges(index, self._at(size))]

    def consistency_path(self, old: int, new: int | None = None) -> list[bytes]:
        """Return the proof that the tree begins with the one of size `old`."""
        return [self.subtree(part) for part in consistency_ranges(old, self._at(new))]

    def leaf_hashes(self, index: int) -> tuple[bytes, ...]:
        """Return the leaf hashes beside a bundle, by the bundle's index."""
        if not 0 <= index * TILE_WIDTH < self.size:
            raise LogError(f"tree: expected a bundle of {self.size} entries, got number {index}")
        width = min(TILE_WIDTH, self.size - index * TILE_WIDTH)
        return split_hashes(Tile(0, index, width), self._layers(0, index)[0])

    def tile(self, tile: Tile) -> bytes:
        """Return the verified bytes of a tile, also of a partial one from when the tree was smaller.

        Raises:
            LogError: the tree has no such tile.
        """
        if tile.level == BUNDLE:
            return encode_bundle(self.entries(tile.index)[: tile.width])
        width = self._widths[tile.level] if tile.level < len(self._widths) else 0
        if tile.index * TILE_WIDTH + tile.width > width:
            raise LogError(f"{tile.path}: expected a tile of a tree of {self.size} entries")
        return self._layers(tile.level, tile.index)[0][: tile.width * HASH_BYTES]

    def entries(self, index: int) -> tuple[bytes, ...]:
        """Return the entries of a bundle, each checked against its leaf."""
        hashes = self.leaf_hashes(index)
        bundle = Tile(BUNDLE, index, len(hashes))
        data = self._read(bundle)
        try:
            return check_bundle(bundle, data, hashes)
        except LogError:
            if bundle.width == TILE_WIDTH:
                raise
        # The full bundle instead of the partial one: its first entries must be the partial one's.
        first = decode_bundle(bundle.full, data)[: bundle.width]
        return check_bundle(bundle, encode_bundle(first), hashes)

    def edge(self) -> Edge:
        """Return the right edge, from which the log can grow."""
        rest = self.size % TILE_WIDTH
        entries = self.entries(self.size // TILE_WIDTH) if rest else ()
        return Edge(self.size, tuple(layers[0] for layers in self._edge), entries)

    def _at(self, size: int | None) -> int:
        """Return the size asked for, if the tree has had it."""
        if size is not None and not 0 <= size <= self.size:
            raise LogError(f"tree: expected a size up to {self.size}, got {size}")
        return self.size if size is None else size

    def _node(self, height: int, index: int) -> bytes:
        """Return the hash of the perfect subtree of 2^height leaves with this index."""
        level, layer = divmod(height, TILE_BITS)
        place, at = divmod(index, TILE_WIDTH >> layer)
        at *= HASH_BYTES
        return self._layers(level, place)[layer][at : at + HASH_BYTES]

    def _layers(self, level: int, index: int) -> list[bytes]:
        """Return the verified hashes of a tile and of the layers above them."""
        if index == self._widths[level] // TILE_WIDTH:
            return self._edge[level]
        known = self._full.get((level, index))
        if known is None:
            tile = Tile(level, index)
            known = _layers_of(self._hashes(tile))
            want = self._node(TILE_BITS * (level + 1), index)
            if known[TILE_BITS] != want:
                raise LogError(f"{tile.path}: expected hashes of {want.hex()}, got {known[TILE_BITS].hex()}")
            self._full[level, index] = known
            if len(self._full) > self._cached:
                self._full.popitem(last=False)
        self._full.move_to_end((level, index))
        return known

    def _edge_layers(self, level: int) -> list[bytes]:
        """Return the layers of a level's unfinished tile, not verified yet."""
        rest = self._widths[level] % TILE_WIDTH
        if not rest:
            return _layers_of(b"")
        return _layers_of(self._hashes(Tile(level, self._widths[level] // TILE_WIDTH, rest)))

    def _hashes(self, tile: Tile) -> bytes:
        """Return a tile's bytes, of the right length."""
        data = self._read(tile)
        if len(data) == TILE_WIDTH * HASH_BYTES:
            data = data[: tile.width * HASH_BYTES]
        return b"".join(split_hashes(tile, data))


def root_of_tiles(size: int, read: Read) -> bytes:
    """Return the root that the unfinished tiles of a log of this size hash to.

    It tells which tree the files are of; it verifies nothing.
    """
    peaks: list[bytes] = []
    for level, width in enumerate(level_widths(size)):
        if rest := width % TILE_WIDTH:
            tile = Tile(level, width // TILE_WIDTH, rest)
            layers = _layers_of(b"".join(split_hashes(tile, read(tile))))
            peaks += [layer[-HASH_BYTES:] for layer in layers if len(layer) & HASH_BYTES]
    return fold(peaks[::-1])


def _nodes(part: Range) -> list[tuple[int, int]]:
    """Return height and index of the perfect subtrees of a range."""
    nodes = []
    for start, end in perfect(part):
        height = (end - start).bit_length() - 1
        nodes.append((height, start >> height))
    return nodes


def _layers_of(hashes: bytes) -> list[bytes]:
    """Return the hashes of a tile, their parents, and so on: nine layers, the last one hash if it is full."""
    layers = [hashes]
    for _ in range(TILE_BITS):
        layers.append(next_layer(layers[-1]))
    return layers
