"""Tiles: their paths, what stands in them, and a reader that trusts none."""

from __future__ import annotations

import pytest

from netproof.errors import LogError
from netproof.tlog.checkpoint import Checkpoint
from netproof.tlog.growth import Edge, grow
from netproof.tlog.merkle import (
    EMPTY_ROOT,
    consistency_ranges,
    inclusion_ranges,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)
from netproof.tlog.reader import TileReader
from netproof.tlog.tiles import (
    BUNDLE,
    Tile,
    check_bundle,
    decode_bundle,
    encode_bundle,
    level_widths,
    parse_tile_path,
    split_hashes,
)
from tests.tlogs import filled, numbered, reader_of

PATHS = {
    Tile(0, 5): "tile/0/005",
    Tile(0, 0, 1): "tile/0/000.p/1",
    Tile(3, 1000): "tile/3/x001/000",
    Tile(BUNDLE, 1_234_067): "tile/entries/x001/x234/067",
    Tile(63, 1_234_067, 255): "tile/63/x001/x234/067.p/255",
    Tile(0, 2**55 - 1): "tile/0/x036/x028/x797/x018/x963/967",
}


@pytest.mark.parametrize(("tile", "path"), PATHS.items())
def test_paths_are_those_of_the_text(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert parse_tile_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0",
        "tile/0/5",
        "tile/00/005",
        "tile/64/005",
        "tile/-1/005",
        "tile/data/005",
        "tile/0/005/",
        "/tile/0/005",
        "tile/0/x000/005",
        "tile/0/001/005",
        "tile/0/x1/005",
        "tile/0/005.p/0",
        "tile/0/005.p/01",
        "tile/0/005.p/256",
        "tile/0/005.p/999",
        "tile/0/００５",
        "tile/0/005\n",
        "tile/0/../../005",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
    ],
)
def test_other_paths_are_refused(path: str) -> None:
    with pytest.raises(LogError):
        parse_tile_path(path)


@pytest.mark.parametrize(
    ("level", "index", "width"), [(-2, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)]
)
def test_a_tile_that_no_log_has_is_refused(level: int, index: int, width: int) -> None:
    with pytest.raises(LogError, match="tile: expected"):
        Tile(level, index, width)


def test_a_partial_tile_becomes_the_full_one() -> None:
    assert Tile(1, 2, 3).full == Tile(1, 2)


@pytest.mark.parametrize("size", [-1, 2**63])
def test_a_size_that_no_log_has_is_refused(size: int) -> None:
    with pytest.raises(LogError, match="size"):
        level_widths(size)
    with pytest.raises(LogError, match="size"):
        inclusion_ranges(0, size)


@pytest.mark.parametrize("entries", [[b""], [b"a"], [b"", b"abc", bytes(65_535)], numbered(256)])
def test_bundles_read_back(entries: list[bytes]) -> None:
    assert list(decode_bundle(Tile(BUNDLE, 0, len(entries)), encode_bundle(entries))) == entries


@pytest.mark.parametrize("entries", [[], numbered(257), [bytes(65_536)]])
def test_bundles_that_no_reader_could_read_are_not_made(entries: list[bytes]) -> None:
    with pytest.raises(LogError):
        encode_bundle(entries)


@pytest.mark.parametrize(
    "data", [b"", b"\0", b"\0\1", b"\0\1a\0", b"\0\1a\0\1b\0\1c", b"\0\1a\0\2b", b"\0\0\0\0\0"]
)
def test_a_bundle_holds_exactly_its_entries(data: bytes) -> None:
    with pytest.raises(LogError, match="whole entries"):
        decode_bundle(Tile(BUNDLE, 0, 2), data)


def test_a_bundle_has_as_many_entries_as_leaves() -> None:
    with pytest.raises(LogError, match="expected 1 entries, got 2"):
        check_bundle(Tile(BUNDLE, 0, 2), encode_bundle([b"a", b"b"]), [leaf_hash(b"a")])


@pytest.mark.parametrize(
    ("tile", "length"), [(Tile(0, 0, 2), 63), (Tile(0, 0, 2), 96), (Tile(BUNDLE, 0, 2), 64)]
)
def test_a_hash_tile_holds_exactly_its_hashes(tile: Tile, length: int) -> None:
    with pytest.raises(LogError, match="hashes of 32 bytes"):
        split_hashes(tile, bytes(length))


def test_the_empty_log_has_the_empty_root() -> None:
    reader = TileReader(Checkpoint("o", 0, EMPTY_ROOT), filled([])[1].__getitem__)

    assert reader.root(0) == Edge().root() == EMPTY_ROOT
    assert reader.edge() == Edge()
    with pytest.raises(LogError, match="bundle of 0 entries"):
        reader.entries(0)
    with pytest.raises(LogError, match="root"):
        TileReader(Checkpoint("o", 0, bytes(32)), filled([])[1].__getitem__)


@pytest.mark.parametrize("size", [1, 255, 256, 257, 600, 65_536])
def test_a_log_grows_from_the_edge_that_a_reader_finds(size: int) -> None:
    edge, files = filled(numbered(size))

    assert reader_of(edge, files).edge() == edge


def test_nothing_appended_changes_nothing() -> None:
    edge, _ = filled(numbered(3))
    growth = grow(edge, [])

    assert growth.edge is edge
    assert growth.files == ()


def test_an_entry_that_is_too_long_changes_nothing() -> None:
    edge, _ = filled(numbered(3))

    with pytest.raises(LogError, match="65535"):
        grow(edge, [b"a", bytes(65_536)])


def test_a_log_never_has_more_than_the_largest_number_of_entries() -> None:
    size = 2**63 - 1
    widths = [width % 256 for width in level_widths(size)]
    edge = Edge(size, tuple(bytes(32 * width) for width in widths), (b"",) * 255)

    assert len(edge.root()) == 32
    with pytest.raises(LogError, match="2\\^63 - 1 entries"):
        grow(edge, [b"a"])


@pytest.mark.parametrize("edge", [(1, (), ()), (1, (bytes(32),), ()), (0, (b"",), ()), (0, (), (b"a",))])
def test_an_edge_put_together_wrongly_is_refused(
    edge: tuple[int, tuple[bytes, ...], tuple[bytes, ...]],
) -> None:
    with pytest.raises(LogError, match="right edge"):
        Edge(*edge)


@pytest.mark.parametrize("size", [300, 600])
def test_a_full_tile_may_stand_for_a_partial_one(size: int) -> None:
    edge, files = filled(numbered(size))
    later = dict(grow(edge, numbered(256)).files)
    reader = TileReader(
        Checkpoint("o", size, edge.root()),
        lambda tile: (
            files[tile] if tile.width == 256 else later[tile.full] if tile.level < 1 else files[tile]
        ),
    )

    assert reader.entries(size // 256) == tuple(numbered(size)[size // 256 * 256 :])


def test_a_reader_answers_for_smaller_sizes_only() -> None:
    edge, files = filled(numbered(10))
    reader = reader_of(edge, files)
    for ask in (
        lambda: reader.root(11),
        lambda: reader.inclusion_path(3, 11),
        lambda: reader.inclusion_path(10),
        lambda: reader.inclusion_path(-1),
        lambda: reader.consistency_path(5, 11),
        lambda: reader.entries(1),
        lambda: reader.entries(-1),
        lambda: reader.consistency_path(0),
        lambda: reader.consistency_path(7, 6),
    ):
        with pytest.raises(LogError):
            ask()


def test_there_is_nothing_to_prove_about_the_empty_tree() -> None:
    with pytest.raises(LogError, match="0 < old"):
        consistency_ranges(0, 5)
    with pytest.raises(LogError, match="0 < old"):
        verify_consistency(0, EMPTY_ROOT, 5, bytes(32), [])


def test_equal_sizes_need_equal_roots_and_an_empty_proof() -> None:
    verify_consistency(3, bytes(32), 3, bytes(32), [])
    for root, path in ((bytes(31) + b"\1", []), (bytes(32), [bytes(32)])):
        with pytest.raises(LogError, match="consistency proof"):
            verify_consistency(3, bytes(32), 3, root, path)


def test_a_tree_of_one_leaf_is_the_leaf() -> None:
    verify_inclusion(leaf_hash(b"a"), 0, 1, [], leaf_hash(b"a"))
