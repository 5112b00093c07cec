"""Made-up logs for the benchmarks: entries of 200 bytes, keys from fixed seeds."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from netproof.integrity.log import Settings, create, writing
from netproof.tlog.keys import SignatureType, SigningKey

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENTRY_BYTES = 200
BATCH = 4096
ORIGIN = "log.example/bench"
TIME = 1_793_000_000
SIGNERS = tuple(
    SigningKey(ORIGIN, kind, sha256(kind.name.encode()).digest())
    for kind in (SignatureType.ED25519, SignatureType.ML_DSA_44)
)


def entries(start: int, end: int) -> list[bytes]:
    """Return the entries with these numbers; all differ."""
    return [b"%020d" % number * (ENTRY_BYTES // 20) for number in range(start, end)]


def batches(count: int, size: int = BATCH) -> Iterator[list[bytes]]:
    """Yield so many entries in batches."""
    for start in range(0, count, size):
        yield entries(start, min(start + size, count))


def new_log(folder: Path) -> Path:
    """Make an empty log."""
    policy = b"".join(b"log %s\n" % str(key.verifier()).encode() for key in SIGNERS) + b"quorum none\n"
    create(folder, Settings(ORIGIN, tuple(key.verifier() for key in SIGNERS)), policy)
    return folder


def filled_log(folder: Path, count: int, *, published: bool) -> Path:
    """Make a log of so many entries, published or only durable."""
    new_log(folder)
    with writing(folder) as writer:
        for batch in batches(count, 65_536):
            writer.append(batch)
        if published:
            writer.checkpoint(SIGNERS, TIME)
    return folder
