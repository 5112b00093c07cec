"""Attacks on the log, by the numbers of the threat list: each is refused.

10 one key under two names, 11 rotation, 12 colliding key IDs, 13 weak keys, 14 confused algorithms, 15 proof
without signature, 16 malformed proofs, 17 node as leaf, 18 bad tiles, 19 bad bundles, 28 hidden signs, 29 JSON
that readers differ about, 30 canonical gaps, 31 base64.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest

from netproof.errors import LogError
from netproof.tlog.checkpoint import Checkpoint
from netproof.tlog.cosignature import add_signatures, open_checkpoint, sign_checkpoint, signature_line
from netproof.tlog.encoding import to_base64
from netproof.tlog.keys import SignatureType, SigningKey, VerifierKey, parse_vkey
from netproof.tlog.merkle import leaf_hash, node_hash, verify_inclusion
from netproof.tlog.note import SignatureLine, by_name_and_id, open_note, parse_note, sign_note
from netproof.tlog.policy import Group, Party, Policy
from netproof.tlog.proof import parse_proof
from netproof.tlog.reader import TileReader
from netproof.tlog.statement import make_statement, read_statement
from netproof.tlog.tiles import BUNDLE, Tile
from netproof.tlog.verify import digests_of, verify_artifact, verify_entry
from tests.tlogs import (
    ALL,
    ARTIFACT,
    ENTRY,
    LOG,
    LOG_PQ,
    ORIGIN,
    TIME,
    WITNESSES,
    filled,
    key,
    numbered,
    policy,
    proof_of,
    release,
    signed,
)

CHECKPOINT = Checkpoint(ORIGIN, 7, bytes(32))
PROOF = proof_of()


def test_10_one_key_under_two_names_is_one_witness() -> None:
    one = WITNESSES[b"W1"]
    twin = SigningKey("other.example", one.type, one.seed)

    with pytest.raises(LogError, match="each witness key once"):
        Policy(
            (Party(LOG.verifier()),),
            {b"W1": Party(one.verifier()), b"W2": Party(twin.verifier())},
            {b"both": Group(2, (b"W1", b"W2"))},
            b"both",
        )


def test_10_one_witness_signing_twice_is_counted_once() -> None:
    data = sign_checkpoint(CHECKPOINT, [LOG], TIME)
    lines = [signature_line(CHECKPOINT.text, WITNESSES[b"W1"], TIME + late) for late in range(3)]

    with pytest.raises(LogError, match="quorum"):
        policy(2).judge(add_signatures(data, lines))


def test_10_a_log_is_not_its_own_witness() -> None:
    with pytest.raises(LogError, match="both"):
        Policy((Party(LOG_PQ.verifier()),), {b"W1": Party(LOG_PQ.verifier())}, {}, b"W1")


def test_11_old_and_new_key_both_count_until_the_old_one_is_struck_out() -> None:
    old, new = key(ORIGIN, number=1), key(ORIGIN, number=2)
    both, later = policy(0, logs=[old, new]), policy(0, logs=[new])
    by_old = sign_checkpoint(CHECKPOINT, [old], TIME)

    assert both.judge(by_old).logs == (old.verifier(),)
    assert both.judge(sign_checkpoint(CHECKPOINT, [new, old], TIME)).logs == (new.verifier(), old.verifier())
    with pytest.raises(LogError, match="got those of"):
        later.judge(by_old)


def test_12_a_colliding_key_id_proves_nothing() -> None:
    own = LOG.verifier()
    forger = key("forger.example")
    text = CHECKPOINT.text
    forged = SignatureLine(own.name, own.key_id, forger.sign(text))
    note = parse_note(sign_note(text, [forger]))

    with pytest.raises(LogError, match="does not hold"):
        open_note(replace(note, lines=(forged,)).encode(), [own])


class _Collides(VerifierKey):
    """A key whose ID is that of another, as 2^32 attempts would find it."""

    @property
    def key_id(self) -> bytes:
        return b"same"


def test_12_two_trusted_keys_that_share_name_and_id_are_refused() -> None:
    keys = [_Collides("a", one.type, one.public) for one in (key("a").verifier(), key("b").verifier())]

    with pytest.raises(LogError, match="share name and ID"):
        by_name_and_id(keys)


@pytest.mark.parametrize("kind", [SignatureType.ED25519, SignatureType.ED25519_COSIGNATURE])
@pytest.mark.parametrize(
    "public",
    [
        bytes(32),
        b"\1" + bytes(31),
        b"\xec" + b"\xff" * 30 + b"\x7f",
        b"\xed" + b"\xff" * 30 + b"\x7f",
        b"\xee" + b"\xff" * 31,
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
    ],
)
def test_13_low_order_and_non_canonical_keys_are_refused_at_load(kind: SignatureType, public: bytes) -> None:
    key_id = sha256(b"a\n" + bytes([kind]) + public).digest()[:4]
    vkey = f"a+{key_id.hex()}+{to_base64(bytes([kind]) + public)}"

    with pytest.raises(LogError, match="key 'a': expected"):
        parse_vkey(vkey)


def test_14_a_signature_of_another_type_is_not_taken() -> None:
    seed = key("a").seed
    plain = SigningKey("a", SignatureType.ED25519, seed)
    cosigner = SigningKey("a", SignatureType.ED25519_COSIGNATURE, seed)
    by_plain = sign_checkpoint(CHECKPOINT, [plain], TIME)
    by_cosigner = sign_checkpoint(CHECKPOINT, [cosigner], TIME)
    for data, trusted in ((by_plain, cosigner), (by_cosigner, plain)):
        with pytest.raises(LogError, match="got those of"):
            open_checkpoint(data, [trusted.verifier()])
    # With the ID of the other type in front the bytes still sign something else.
    moved = replace(parse_note(by_plain).lines[0], key_id=cosigner.verifier().key_id)
    with pytest.raises(LogError):
        open_checkpoint(replace(parse_note(by_plain), lines=(moved,)).encode(), [cosigner.verifier()])


@pytest.mark.parametrize("kind", [0x00, 0x02, 0x03, 0x05, 0x07, 0xFA, 0xFF])
def test_14_keys_of_other_algorithms_are_refused(kind: int) -> None:
    public = key("a").verifier().public
    key_id = sha256(b"a\n" + bytes([kind]) + public).digest()[:4]

    with pytest.raises(LogError, match="expected a key of type"):
        parse_vkey(f"a+{key_id.hex()}+{to_base64(bytes([kind]) + public)}")


def test_14_a_policy_takes_each_key_for_its_own_role_only() -> None:
    with pytest.raises(LogError, match="log key of another type"):
        policy(0, logs=[WITNESSES[b"W1"]])


def test_15_a_true_path_under_an_unsigned_checkpoint_is_refused() -> None:
    stranger = key(ORIGIN, number=9)
    data = proof_of(signers=[stranger, *WITNESSES.values()]).encode()

    with pytest.raises(LogError, match="one of the policy's logs"):
        verify_entry(data, policy(2))
    with pytest.raises(LogError):
        parse_proof(PROOF.encode().split("\n\n— ".encode())[0] + b"\n\n")


def test_15_a_signed_checkpoint_with_an_untrue_path_is_refused() -> None:
    data = replace(PROOF, path=(bytes(32), *PROOF.path[1:])).encode()

    with pytest.raises(LogError, match="inclusion proof: expected root"):
        verify_entry(data, policy(2))


def test_16_malformed_proofs_are_refused() -> None:
    root, path = open_checkpoint(PROOF.checkpoint, [LOG.verifier()]).checkpoint.root, list(PROOF.path)
    leaf = leaf_hash(ENTRY)
    verify_inclusion(leaf, 10, 21, path, root)
    for index, size, wrong in (
        (21, 21, path),
        (-1, 21, path),
        (9, 21, path),
        (10, 2**63, path),
        (10, 10, path),
        (10, 21, path[:-1]),
        (10, 21, [*path, bytes(32)]),
        (10, 21, [bytes(32), *path]),
        (10, 21, path[::-1]),
        (10, 21, [*path[:-1], path[-1][:31]]),
        (10, 21, [*path[:-1], path[-1] + b"\0"]),
        (10, 21, [bytes(32)] * 64),
        (0, 0, []),
        (0, 1, path),
    ):
        with pytest.raises(LogError, match="expected"):
            verify_inclusion(leaf, index, size, wrong, root)
    for bad_leaf, bad_root in ((leaf[:31], root), (leaf, root + b"\0"), (leaf, b"")):
        with pytest.raises(LogError, match="32 bytes"):
            verify_inclusion(bad_leaf, 10, 21, path, bad_root)


def test_17_an_inner_node_is_no_entry() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    root = node_hash(left, right)

    with pytest.raises(LogError):
        verify_inclusion(leaf_hash(left + right), 0, 1, [], root)
    assert leaf_hash(left + right) != root
    assert leaf_hash(b"\1" + left + right) != root


SIZE = 600


def read_all(head: Checkpoint, files: dict[Tile, bytes]) -> None:
    """Use every tile of a log."""
    reader = TileReader(head, files.__getitem__)
    for index in range(3):
        reader.leaf_hashes(index)


@pytest.mark.parametrize(
    "tile", [Tile(0, 0), Tile(0, 1), Tile(0, 2, 88), Tile(1, 0, 2)], ids=lambda tile: tile.path
)
@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:-32],
        lambda data: data[:-1],
        lambda data: data + bytes(32),
        lambda data: data + b"\0",
        lambda data: data[:0],
        lambda data: bytes([data[0] ^ 1]) + data[1:],
        lambda data: data[:-1] + bytes([data[-1] ^ 128]),
        lambda data: data[32:64] + data[:32] + data[64:],
        lambda data: data + bytes(256 * 32 - len(data)) if len(data) < 8192 else data[: 88 * 32],
        lambda data: data[:0] + bytes(256 * 32),
    ],
)
def test_18_a_bad_tile_is_never_used(tile: Tile, change: object) -> None:
    edge, files = filled(numbered(SIZE))
    assert callable(change)
    bad = change(files[tile])
    head = Checkpoint(ORIGIN, SIZE, edge.root())
    if bad[: tile.width * 32] == files[tile] and len(bad) == 8192:
        # A full tile in place of the partial one is used as far as it is proven.
        assert TileReader(head, (files | {tile: bad}).__getitem__).leaf_hashes(2)
        return
    with pytest.raises(LogError):
        read_all(head, files | {tile: bad})


@pytest.mark.parametrize("index", [0, 2])
@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:-1],
        lambda data: data + b"\0\0",
        lambda data: data.replace(b"entry", b"Entry", 1),
        lambda data: data[9:] + data[:9],
        lambda data: data[:0],
    ],
)
def test_19_a_bundle_that_differs_from_its_tile_is_refused(index: int, change: object) -> None:
    edge, files = filled(numbered(SIZE))
    bundle = next(tile for tile in files if tile.level == BUNDLE and tile.index == index)
    assert callable(change)
    reader = TileReader(
        Checkpoint(ORIGIN, SIZE, edge.root()), (files | {bundle: change(files[bundle])}).__getitem__
    )

    with pytest.raises(LogError):
        reader.entries(index)
    assert len(reader.entries(1)) == 256


@pytest.mark.parametrize(
    "sign", ["\u202e", "\u200d", "\u2028", "\ufeff", "\uff11", "\u00a0", "\x7f", "\u0660"]
)
def test_28_hidden_signs_are_refused_in_every_identifier(sign: str) -> None:
    for field in ("supplier", "product", "release", "component"):
        with pytest.raises(LogError, match="statement"):
            make_statement(release(**{field: f"a{sign}b"}))
    if not sign.isdigit():
        with pytest.raises(LogError, match="key"):
            VerifierKey(f"a{sign}b", SignatureType.ED25519, LOG.verifier().public)
    with pytest.raises(LogError):
        open_checkpoint(
            signed(filled([b"a"])[0], [LOG]).replace(b"\n1\n", f"\n1{sign}\n".encode()), [LOG.verifier()]
        )


def test_28_only_newline_ends_a_line() -> None:
    data = sign_checkpoint(CHECKPOINT, [LOG], TIME)
    for other in ("\u2028", "\u2029", "\u0085", "\x0b", "\x0c", "\r\n", "\x1e"):
        with pytest.raises(LogError):
            open_checkpoint(data.replace(b"\n", other.encode(), 1), [LOG.verifier()])


@pytest.mark.parametrize(
    "bad",
    [b'"v":1,"v":1', b'"v":NaN', b'"v":1e400', b'"v":1.0', b'"v":9007199254740993', b'"v":' + b"[" * 50_000],
)
def test_29_an_entry_is_strict_json(bad: bytes) -> None:
    with pytest.raises(LogError):
        read_statement(ENTRY.replace(b'"v":1', bad))


def test_30_what_is_read_is_what_was_proven() -> None:
    spaced = ENTRY.replace(b":", b": ", 1)

    assert verify_entry(proof_of(spaced).encode(), policy()).entry == spaced
    with pytest.raises(LogError, match="canonical"):
        verify_artifact(proof_of(spaced).encode(), policy(), digests_of(ARTIFACT))


def test_30_an_entry_beside_the_proof_is_the_one_that_is_proven() -> None:
    other = make_statement(release(release="2.4.2")).entry

    with pytest.raises(LogError, match="inclusion proof"):
        verify_artifact(PROOF.encode(), policy(), digests_of(ARTIFACT), entry=other)
    # Extra data is not authenticated: with the true entry beside the file it is not even read.
    swapped = replace(PROOF, extra=other).encode()
    assert verify_artifact(swapped, policy(), digests_of(ARTIFACT), entry=ENTRY).statement.entry == ENTRY
    with pytest.raises(LogError, match="inclusion proof"):
        verify_artifact(swapped, policy(), digests_of(ARTIFACT))


def test_31_base64_has_one_spelling_everywhere() -> None:
    root = to_base64(bytes(32)).encode()
    text = CHECKPOINT.text
    for other in (root[:-2] + b"B=", root[:-1], root.replace(b"A", b"-", 1), root + b"=", b" " + root):
        wrong = text.replace(root, other)

        assert wrong != text
        with pytest.raises(LogError):
            open_checkpoint(sign_note(wrong, [LOG]), [LOG.verifier()])
        with pytest.raises(LogError):
            parse_proof(PROOF.encode().replace(to_base64(PROOF.path[0]).encode(), other))


def test_31_a_signature_line_has_one_spelling() -> None:
    data = sign_checkpoint(CHECKPOINT, ALL, TIME)
    line = str(parse_note(data).lines[0])
    swapped = line.replace("+", "-").replace("/", "_")
    for other in (swapped, line + "=", line.replace(" ", "\t"), line + " ", line + "\r"):
        if other != line:
            with pytest.raises(LogError):
                open_checkpoint(data.replace(line.encode(), other.encode()), [LOG.verifier()])
