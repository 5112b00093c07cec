"""Trees, proofs and tiles equal the recursive definitions."""

from __future__ import annotations

import random

import pytest

from netproof.errors import LogError
from netproof.tlog.checkpoint import Checkpoint
from netproof.tlog.merkle import leaf_hash, tree_hash, verify_consistency, verify_inclusion
from netproof.tlog.reader import root_of_tiles
from netproof.tlog.tiles import BUNDLE, TILE_WIDTH, encode_bundle, level_widths, new_tiles, tiles_of
from tests.oracle import naive_log
from tests.tlogs import filled, numbered, reader_of

SIZES = range(71)


@pytest.mark.parametrize("size", SIZES)
def test_every_proof_of_a_small_tree_is_that_of_the_definition(size: int) -> None:
    entries = numbered(size)
    edge, files = filled(entries)
    reader = reader_of(edge, files)
    root = naive_log.mth(entries)

    assert edge.root() == tree_hash([leaf_hash(entry) for entry in entries]) == root
    for index in range(size):
        want = naive_log.path(index, entries)
        got = reader.inclusion_path(index)
        assert got == want
        verify_inclusion(leaf_hash(entries[index]), index, size, got, root)
    for old in range(1, size + 1):
        want = naive_log.proof(old, entries)
        got = reader.consistency_path(old)
        assert got == want
        verify_consistency(old, naive_log.mth(entries[:old]), size, root, got)


@pytest.mark.parametrize("seed", range(6))
def test_tiles_after_random_batches_are_those_of_the_definition(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a seed, no secret
    size = chance.randrange(257, 1500)
    entries = [chance.randbytes(chance.randrange(40)) for _ in range(size)]
    batches = [chance.randrange(1, 400) for _ in range(3)]
    edge, files = filled(entries, batches)

    assert edge.root() == naive_log.mth(entries) == root_of_tiles(size, files.__getitem__)
    for tile in tiles_of(size):
        first = tile.index * TILE_WIDTH
        if tile.level == BUNDLE:
            assert files[tile] == encode_bundle(entries[first : first + tile.width])
        else:
            assert files[tile] == naive_log.hash_tile(tile.level, tile.index, entries)


@pytest.mark.parametrize("seed", range(4))
def test_proofs_from_many_tiles_are_those_of_the_definition(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a seed, no secret
    entries = numbered(chance.randrange(600, 1400))
    edge, files = filled(entries)
    reader = reader_of(edge, files)
    for _ in range(10):
        index, old = chance.randrange(edge.size), chance.randrange(1, edge.size)
        smaller = chance.randrange(index + 1, edge.size + 1)

        assert reader.inclusion_path(index, smaller) == naive_log.path(index, entries[:smaller])
        assert reader.consistency_path(old) == naive_log.proof(old, entries)
        assert reader.root(old) == naive_log.mth(entries[:old])


def test_a_reader_that_forgets_tiles_gives_the_same_answers() -> None:
    entries = numbered(1200)
    edge, files = filled(entries)
    want = reader_of(edge, files)
    checkpoint = Checkpoint("log.example", edge.size, edge.root())
    got = type(want)(checkpoint, files.__getitem__, cached=1)

    for index in (0, 300, 700, 1, 1100):
        assert got.inclusion_path(index) == want.inclusion_path(index)


@pytest.mark.parametrize("size", [0, 255, 256, 512, 65_536, 65_537])
def test_the_root_of_tiles_is_that_of_the_tree(size: int) -> None:
    edge, files = filled(numbered(size))

    assert root_of_tiles(size, files.__getitem__) == edge.root()


@pytest.mark.parametrize("batches", [[1], [255, 1], [256], [100, 156, 1, 300], [3] * 90])
def test_batches_do_not_change_the_tree(batches: list[int]) -> None:
    entries = numbered(800)
    got, got_files = filled(entries, batches)
    want, want_files = filled(entries)

    assert got == want
    assert {tile: got_files[tile] for tile in tiles_of(800)} == want_files


@pytest.mark.parametrize(
    ("size", "want"),
    [
        (0, []),
        (1, [1]),
        (256, [256, 1]),
        (70_000, [70_000, 273, 1]),
        (2**63 - 1, [2**63 - 1 >> 8 * level for level in range(8)]),
    ],
)
def test_levels_have_the_widths_of_the_text(size: int, want: list[int]) -> None:
    assert level_widths(size) == want


def test_a_log_of_70000_has_the_tiles_that_the_text_counts() -> None:
    tiles = list(tiles_of(70_000))
    level = [[tile for tile in tiles if tile.level == number] for number in (BUNDLE, 0, 1, 2)]

    assert [len(one) for one in level] == [274, 274, 2, 1]
    assert [one[-1].path for one in level] == [
        "tile/entries/273.p/112",
        "tile/0/273.p/112",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
    ]


@pytest.mark.parametrize(("old", "new"), [(0, 300), (256, 257), (255, 256), (300, 300), (500, 70_000)])
def test_new_tiles_are_those_the_old_size_has_not(old: int, new: int) -> None:
    assert set(new_tiles(old, new)) == set(tiles_of(new)) - set(tiles_of(old))


def test_tiles_of_a_log_that_shrinks_are_refused() -> None:
    with pytest.raises(LogError, match="grow"):
        list(new_tiles(2, 1))
