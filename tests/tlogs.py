"""A made-up log with two keys, three witnesses and a policy; everything from fixed seeds."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from netproof.tlog.checkpoint import Checkpoint
from netproof.tlog.cosignature import sign_checkpoint
from netproof.tlog.growth import Edge, grow
from netproof.tlog.keys import SignatureType, SigningKey
from netproof.tlog.policy import Group, Party, Policy
from netproof.tlog.proof import Proof
from netproof.tlog.reader import TileReader
from netproof.tlog.statement import make_statement
from netproof.tlog.verify import digests_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netproof.tlog.tiles import Tile

ORIGIN = "log.example/releases"
TIME = 1_793_000_000
"""When everything is signed [s since 1970]."""
ARTIFACT = b"image of release 2.4.1"


def key(name: str, kind: SignatureType = SignatureType.ED25519, number: int = 0) -> SigningKey:
    """A key from its name, type and a number."""
    return SigningKey(name, kind, sha256(f"{name}/{kind}/{number}".encode()).digest())


LOG = key(ORIGIN)
LOG_PQ = key(ORIGIN, SignatureType.ML_DSA_44)
WITNESSES = {
    b"W1": key("witness.example/1", SignatureType.ED25519_COSIGNATURE),
    b"W2": key("witness.example/2", SignatureType.ML_DSA_44),
    b"W3": key("witness.example/3", SignatureType.ED25519_COSIGNATURE),
}
ALL = (LOG, LOG_PQ, *WITNESSES.values())


def policy(threshold: int = 2, *, logs: Sequence[SigningKey] = (LOG, LOG_PQ)) -> Policy:
    """Some of the three witnesses; none needed where the threshold is zero."""
    return Policy(
        tuple(Party(log.verifier()) for log in logs),
        {name: Party(witness.verifier()) for name, witness in WITNESSES.items()},
        {b"some": Group(threshold, tuple(WITNESSES))} if threshold else {},
        b"some" if threshold else b"none",
    )


def release(**values: Any) -> dict[str, Any]:
    """Fields of a release statement about the artifact, changed as named."""
    return {
        "v": 1,
        "kind": "release",
        "supplier": "Sample Networks",
        "product": "core-router-9",
        "release": "2.4.1",
        "digests": digests_of(ARTIFACT),
        "size": len(ARTIFACT),
        "time": "2026-10-26T04:53:20Z",
        **values,
    }


ENTRY = make_statement(release()).entry


def filled(entries: Sequence[bytes], batches: Iterable[int] = ()) -> tuple[Edge, dict[Tile, bytes]]:
    """A log's edge and files after appending in batches of these sizes, the rest at once."""
    edge, at = Edge(), 0
    files: dict[Tile, bytes] = {}
    for number in [*batches, len(entries)]:
        growth = grow(edge, entries[at : at + number])
        edge, at = growth.edge, at + number
        files |= dict(growth.files)
    return edge, files


def numbered(count: int) -> list[bytes]:
    """That many different entries."""
    return [b"entry %d" % number for number in range(count)]


def signed(edge: Edge, signers: Sequence[SigningKey] = ALL, time: int = TIME) -> bytes:
    """The checkpoint of a log, signed."""
    return sign_checkpoint(Checkpoint(ORIGIN, edge.size, edge.root()), signers, time)


def reader_of(edge: Edge, files: dict[Tile, bytes]) -> TileReader:
    """A reader of a log held in memory."""
    return TileReader(Checkpoint(ORIGIN, edge.size, edge.root()), files.__getitem__)


def proof_of(
    entry: bytes = ENTRY, *, others: int = 20, signers: Sequence[SigningKey] = ALL, time: int = TIME
) -> Proof:
    """A proof of an entry in a log with others before and after it."""
    entries = [*numbered(others // 2), entry, *numbered(others)[others // 2 :]]
    edge, files = filled(entries)
    path = reader_of(edge, files).inclusion_path(others // 2)
    return Proof(others // 2, tuple(path), signed(edge, signers, time), entry)
