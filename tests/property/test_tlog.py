"""Laws of the log: what is written reads back, and one flipped bit anywhere is always refused."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netproof.errors import LogError
from netproof.tlog.canonical import canonical, read_canonical, read_json
from netproof.tlog.checkpoint import Checkpoint, parse_checkpoint
from netproof.tlog.cosignature import open_checkpoint
from netproof.tlog.encoding import from_base64, to_base64, visible
from netproof.tlog.keys import parse_signing_key, parse_vkey
from netproof.tlog.merkle import (
    consistency_ranges,
    inclusion_ranges,
    leaf_hash,
    perfect,
    tree_hash,
    verify_consistency,
    verify_inclusion,
)
from netproof.tlog.note import SignatureLine, checked_note, open_note, parse_note, sign_note
from netproof.tlog.policy_text import parse_policy
from netproof.tlog.proof import parse_proof
from netproof.tlog.reader import TileReader
from netproof.tlog.statement import read_statement
from netproof.tlog.tiles import (
    Tile,
    decode_bundle,
    encode_bundle,
    new_tiles,
    parse_tile_path,
    split_hashes,
    tiles_of,
)
from netproof.tlog.verify import digests_of, verify_artifact
from tests.tlogs import (
    ALL,
    ARTIFACT,
    ENTRY,
    LOG,
    ORIGIN,
    WITNESSES,
    filled,
    numbered,
    policy,
    proof_of,
    reader_of,
    signed,
)

HASHES = st.binary(min_size=32, max_size=32)
LINES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=20,
)
NARROW = (LOG, WITNESSES[b"W1"], WITNESSES[b"W2"])
"""One of each algorithm; all of them are needed."""


def flipped(data: bytes, place: int, bit: int) -> bytes:
    """The bytes with one bit turned."""
    return data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :]


@given(st.binary())
def test_base64_reads_back(data: bytes) -> None:
    assert from_base64(to_base64(data), "here") == data


@given(LINES, st.integers(0, 2**63 - 1), HASHES, st.lists(LINES, max_size=3))
def test_checkpoints_read_back(origin: str, size: int, root: bytes, extensions: list[str]) -> None:
    checkpoint = Checkpoint(origin, size, root, tuple(extensions))

    assert parse_checkpoint(checkpoint.text) == checkpoint


@given(st.lists(LINES | st.just(""), min_size=1))
def test_notes_read_back(lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines).encode()

    assert open_note(sign_note(text, [LOG]), [LOG.verifier()]).text == text


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_bundles_read_back(entries: list[bytes]) -> None:
    assert list(decode_bundle(Tile(-1, 0, len(entries)), encode_bundle(entries))) == entries


@given(st.integers(-1, 63), st.integers(0, 2**55 - 1), st.integers(1, 256))
def test_paths_read_back(level: int, index: int, width: int) -> None:
    tile = Tile(level, index, width)

    assert parse_tile_path(tile.path) == tile


@given(JSON)
def test_canonical_json_reads_back_and_stays_the_same(value: Any) -> None:
    data = canonical(value)

    assert read_canonical(data) == value
    assert canonical(read_json(data)) == data


@given(st.text())
def test_visible_text_is_taken_as_it_is_or_refused(text: str) -> None:
    try:
        assert visible(text, "here") == text
    except LogError:
        assert not (text.isascii() and text.isprintable() and text and text.strip() == text)


@given(st.integers(1, 2**63 - 1), st.data())
def test_proofs_of_huge_trees_name_ranges_that_fill_the_tree(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    inclusion = sorted([*inclusion_ranges(index, size), (index, index + 1)])
    consistency = sorted(consistency_ranges(old, size))

    assert inclusion[0][0] == 0
    assert inclusion[-1][1] == size
    assert all(left[1] == right[0] for left, right in pairwise(inclusion))
    assert all(left[1] == right[0] for left, right in pairwise(consistency))
    assert not consistency or consistency[-1][1] == size
    for start, end in inclusion:
        for first, last in perfect((start, end)):
            assert first % (last - first) == 0


@given(st.integers(0, 600), st.lists(st.integers(0, 300), max_size=5))
def test_batches_do_not_matter(size: int, batches: list[int]) -> None:
    entries = numbered(size)
    edge, files = filled(entries, batches)

    assert edge.root() == tree_hash([leaf_hash(entry) for entry in entries])
    assert edge == filled(entries)[0]
    assert set(tiles_of(size)) <= set(files)
    assert reader_of(edge, files).edge() == edge


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_new_tiles_are_the_difference(one: int, other: int) -> None:
    old, new = sorted((one, other))

    assert set(new_tiles(old, new)) == set(tiles_of(new)) - set(tiles_of(old))


@given(st.integers(2, 500), st.data())
def test_a_proof_holds_for_nothing_else(size: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(entry) for entry in numbered(size)]
    edge, files = filled(numbered(size))
    reader, root = reader_of(edge, files), edge.root()
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda place: place != index))
    old = data.draw(st.integers(1, size - 1))
    path, steps = reader.inclusion_path(index), reader.consistency_path(old)
    verify_inclusion(leaves[index], index, size, path, root)
    verify_consistency(old, reader.root(old), size, root, steps)
    for wrong in ((leaves[other], index), (leaves[index], other)):
        with pytest.raises(LogError):
            verify_inclusion(*wrong, size, path, root)
    place = data.draw(st.integers(0, len(steps) - 1))
    broken = [*steps[:place], flipped(steps[place], 7, 3), *steps[place + 1 :]]
    with pytest.raises(LogError):
        verify_consistency(old, reader.root(old), size, root, broken)


def test_any_flipped_bit_of_a_proof_file_is_refused() -> None:
    data = proof_of(signers=NARROW).encode()
    strict = policy(2, logs=[LOG])
    digests = digests_of(ARTIFACT)
    verify_artifact(data, strict, digests)
    chance = random.Random(1)  # noqa: S311 - a seed, no secret
    for place in range(len(data)):
        with pytest.raises(LogError):
            verify_artifact(flipped(data, place, chance.randrange(8)), strict, digests)


def test_any_flipped_bit_of_a_checkpoint_is_refused() -> None:
    edge, _ = filled(numbered(5))
    for signer in ALL:
        data = signed(edge, [signer])
        key = signer.verifier()
        open_checkpoint(data, [key])
        chance = random.Random(2)  # noqa: S311 - a seed, no secret
        # Every byte of an ML-DSA-44 signature is turned in the proof file above.
        for place in range(0, len(data), 1 if len(data) < 1000 else 5):
            with pytest.raises(LogError):
                open_checkpoint(flipped(data, place, chance.randrange(8)), [key])


def test_any_flipped_bit_of_a_tile_or_bundle_is_refused() -> None:
    edge, files = filled(numbered(600))
    chance = random.Random(3)  # noqa: S311 - a seed, no secret
    for tile, data in files.items():
        for place in chance.sample(range(len(data)), 40):
            bad = files | {tile: flipped(data, place, chance.randrange(8))}
            with pytest.raises(LogError):
                audit(TileReader(Checkpoint(ORIGIN, 600, edge.root()), bad.__getitem__))


def audit(reader: TileReader) -> None:
    """Read every bundle of a log."""
    for index in range((reader.size + 255) // 256):
        reader.entries(index)


def test_any_flipped_bit_of_an_entry_is_another_entry_or_none() -> None:
    chance = random.Random(4)  # noqa: S311 - a seed, no secret
    for place in range(len(ENTRY)):
        changed = flipped(ENTRY, place, chance.randrange(8))
        try:
            got = read_statement(changed).entry
        except LogError:
            continue

        assert got == changed != ENTRY


def test_any_flipped_bit_of_a_key_is_refused() -> None:
    chance = random.Random(5)  # noqa: S311 - a seed, no secret
    for text, parse in ((str(LOG.verifier()), parse_vkey), (LOG.secret_text(), parse_signing_key)):
        for place in range(len(text)):
            wrong = flipped(text.encode(), place, chance.randrange(7)).decode()
            with pytest.raises(LogError):
                parse(wrong)


PARSERS = {
    "note": parse_note,
    "checkpoint": parse_checkpoint,
    "proof": parse_proof,
    "policy": parse_policy,
    "statement": read_statement,
    "JSON": read_json,
    "vkey": lambda data: parse_vkey(data.decode("latin-1")),
    "signing key": lambda data: parse_signing_key("PRIVATE+KEY+" + data.decode("latin-1")),
    "tile path": lambda data: parse_tile_path(data.decode("latin-1")),
    "bundle": lambda data: decode_bundle(Tile(-1, 0, 3), data),
    "hash tile": lambda data: split_hashes(Tile(0, 0, 3), data),
}
SEEDS = [
    proof_of(signers=NARROW[:2]).encode(),
    ENTRY,
    f"log {LOG.verifier()}\nquorum none\n".encode(),
    str(LOG.verifier()).encode(),
    b"tile/0/x001/002.p/3",
    encode_bundle([b"a", b"", b"ccc"]),
]


@st.composite
def mangled(draw: st.DrawFn) -> bytes:
    """Bytes that are nearly something, or nothing at all."""
    data = draw(st.sampled_from(SEEDS) | st.binary(max_size=200))
    for _ in range(draw(st.integers(0, 4))):
        start, end = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
        data = data[:start] + draw(st.binary(max_size=8)) + data[end:]
    return data


@pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS.keys())
@given(data=mangled())
def test_no_bytes_end_a_parser_but_with_its_own_error(parse: Any, data: bytes) -> None:
    message = ""
    try:
        parse(data)
    except LogError as error:
        message = str(error)

    assert message.isprintable()


@given(st.lists(st.binary(min_size=1, max_size=70), min_size=1, max_size=3))
def test_signature_lines_read_back(payloads: list[bytes]) -> None:
    lines = [SignatureLine("a.example", b"\0\1\2\3", payload) for payload in payloads]
    data = checked_note(b"text\n", lines)

    assert parse_note(data).lines == tuple(lines)
    assert parse_note(data).encode() == data
