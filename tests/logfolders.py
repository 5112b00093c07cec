"""Logs on disk for tests: made with the keys of `tlogs`, on a disk that does not wait for syncs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netproof.integrity.log import Settings, create, writing
from netproof.tlog.policy_text import encode_policy
from tests.crash.disks import QuickDisk
from tests.tlogs import LOG, LOG_PQ, ORIGIN, TIME, policy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from netproof.tlog.keys import SigningKey
    from netproof.tlog.note import SignatureLine

QUICK = QuickDisk()
SETTINGS = Settings(ORIGIN, (LOG.verifier(), LOG_PQ.verifier()))
POLICY = encode_policy(policy(0))


def new_log(folder: Path) -> Path:
    """An empty log; returns its folder."""
    create(folder / "releases", SETTINGS, POLICY, disk=QUICK)
    return folder / "releases"


def grown(log: Path, *batches: Sequence[bytes], signers: Sequence[SigningKey] = (LOG,)) -> Path:
    """Append batches, each with a checkpoint after it."""
    with writing(log, disk=QUICK) as writer:
        for batch in batches:
            writer.append(batch)
            writer.checkpoint(signers, TIME)
    return log


def broken(note: bytes, path: Callable[[int], list[bytes]]) -> list[SignatureLine]:
    """Witnesses whose answer never comes: what would be published is signed, and nothing follows."""
    del note, path
    raise ConnectionError
