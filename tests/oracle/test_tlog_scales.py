"""tlog-scales, which nobody here wrote, reads what we write, and we read what it writes."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from netproof.tlog.cosignature import open_checkpoint
from netproof.tlog.keys import SignatureType, parse_vkey
from netproof.tlog.merkle import leaf_hash, verify_consistency, verify_inclusion
from netproof.tlog.proof import parse_proof
from tests.tlogs import ALL, ORIGIN, filled, key, numbered, proof_of, reader_of, signed

pytest.importorskip("tlog_scales", reason="test dependency tlog-scales is not installed")

from tlog_scales.reader import TilesReader
from tlog_scales.signing import MLDSA44CosignatureSigner, PlainEd25519Signer, Vkey
from tlog_scales.tlog import Checkpoint, ConsistencyProof, InclusionProof

if TYPE_CHECKING:
    from tlog_scales.signing import CheckpointSigner

    from netproof.tlog.tiles import Tile

SIZE = 70_000


class InMemory:
    """Files of a log by path, as tlog-scales asks for them."""

    def __init__(self, files: dict[Tile, bytes], checkpoint: bytes) -> None:
        self.files = {tile.path: data for tile, data in files.items()} | {"checkpoint": checkpoint}

    def get(self, *path: str) -> bytes | None:
        return self.files.get("/".join(path))


@pytest.fixture(scope="module")
def log() -> InMemory:
    edge, files = filled(numbered(SIZE), [4096, 10_000])
    return InMemory(files, signed(edge))


def test_it_reads_our_log_of_70000_entries(log: InMemory) -> None:
    theirs = TilesReader(log)
    checkpoint = theirs.get_checkpoint()
    chance = random.Random(7)  # noqa: S311 - a seed, no secret

    assert (checkpoint.size, checkpoint.origin) == (SIZE, ORIGIN)
    assert theirs.calculate_root_hash() == checkpoint.root_hash
    for index in [0, SIZE - 1, *(chance.randrange(SIZE) for _ in range(20))]:
        entry = theirs.get_entry(index)
        assert entry == b"entry %d" % index
        proof = theirs.get_inclusion_proof(index, SIZE)
        proof.check(leaf_hash(entry), checkpoint.root_hash)
        verify_inclusion(leaf_hash(entry), index, SIZE, proof.node_hashes, checkpoint.root_hash)


def test_both_make_the_same_proofs_and_verify_each_others(log: InMemory) -> None:
    theirs = TilesReader(log)
    checkpoint = theirs.get_checkpoint()
    edge, files = filled(numbered(SIZE))
    ours = reader_of(edge, files)
    for old in (1, 255, 256, 65_536, 69_999, SIZE):
        want = theirs.get_consistency_proof(old, SIZE).node_hashes
        got = ours.consistency_path(old)
        root = ours.root(old)

        assert got == want
        ConsistencyProof(old, SIZE, got).check(root, checkpoint.root_hash)
        verify_consistency(old, root, SIZE, checkpoint.root_hash, want)
    InclusionProof(69_999, SIZE, ours.inclusion_path(69_999)).check(
        leaf_hash(b"entry 69999"), checkpoint.root_hash
    )


@pytest.mark.parametrize("signer", ALL, ids=lambda signer: f"{signer.name}-{signer.type.name}")
def test_it_verifies_each_of_our_kinds_of_signature(log: InMemory, signer: object) -> None:
    ours = next(one for one in ALL if one is signer).verifier()
    theirs = Vkey.from_string(str(ours))

    TilesReader(log).get_checkpoint().verify(theirs)

    assert theirs.key_id.to_bytes(4, "big") == ours.key_id


@pytest.mark.parametrize("kind", [SignatureType.ED25519, SignatureType.ML_DSA_44])
def test_we_verify_what_it_signs(kind: SignatureType) -> None:
    seed = key("w.example", kind).seed
    signer: CheckpointSigner
    if kind is SignatureType.ED25519:
        signer = PlainEd25519Signer("w.example", seed)
    else:
        signer = MLDSA44CosignatureSigner("w.example", seed)
    vkey: str = signer.vkey.serialize()  # type: ignore[no-untyped-call]
    text = Checkpoint.make_signed("w.example", 3, bytes(32), [signer]).serialize()

    got = open_checkpoint(text.encode(), [parse_vkey(vkey)])

    assert (got.checkpoint.size, got.signatures[0].key) == (3, key("w.example", kind).verifier())
    assert (got.signatures[0].time is None) == (kind is SignatureType.ED25519)


def test_it_verifies_the_proof_that_is_shipped() -> None:
    proof = parse_proof(proof_of().encode())
    checkpoint = Checkpoint.from_text(proof.checkpoint.decode())

    InclusionProof(proof.index, checkpoint.size, list(proof.path)).check(
        leaf_hash(proof.extra), checkpoint.root_hash
    )
