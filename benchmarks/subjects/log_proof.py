"""How long does it take to prove that an entry is in a log of a million, beside pymerkle on SQLite?

Each phase makes and verifies 50 inclusion proofs. `opened` opens the log anew for each, so nothing is
remembered; `random` keeps one reader. Wanted: under a millisecond each, and at least 20 times as fast as
pymerkle. NETPROOF_PYMERKLE names a folder that holds it unpacked; without it that phase is left out, and a
line says so.
"""

from __future__ import annotations

import importlib
import os
import sys
from random import Random
from typing import TYPE_CHECKING

from benchmarks.logs import batches, entries, filled_log
from benchmarks.registry import Phase, Subject, in_process
from netproof.integrity.log import published
from netproof.tlog.merkle import leaf_hash, verify_inclusion

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from netproof.integrity.log import Published

COUNT = 1_000_000
PROOFS = 50


def prove(log: Published, index: int) -> None:
    """Make a proof and verify it."""
    path = log.reader.inclusion_path(index)
    leaf = leaf_hash(entries(index, index + 1)[0])
    verify_inclusion(leaf, index, log.checkpoint.size, path, log.checkpoint.root)


def prepare(scratch: Path) -> list[Phase]:
    """Make the logs, once."""
    folder = filled_log(scratch / "log", COUNT, published=True)
    log = published(folder)
    chance = Random(1)  # noqa: S311 - which entries are asked for

    def asked(one: Callable[[int], None]) -> None:
        for _ in range(PROOFS):
            one(chance.randrange(COUNT))

    tiles = f"random, {PROOFS} proofs"
    phases = [
        Phase(tiles, in_process(lambda: asked(lambda index: prove(log, index)))),
        Phase("opened, as many", in_process(lambda: asked(lambda at: prove(published(folder), at))), tiles),
    ]
    peer = pymerkle(scratch / "pymerkle.db")
    if peer is not None:
        phases.append(Phase("pymerkle on SQLite, as many", in_process(lambda: asked(peer)), tiles))
    return phases


def pymerkle(database: Path) -> Callable[[int], None] | None:
    """Fill a tree of pymerkle with the same entries; return what proves one of them, None without it."""
    place = os.environ.get("NETPROOF_PYMERKLE", "")
    if not place:
        sys.stdout.write("pymerkle is left out: NETPROOF_PYMERKLE names no folder\n")
        return None
    sys.path.append(place)
    peer = importlib.import_module("pymerkle")
    tree = peer.SqliteTree(str(database))
    for batch in batches(COUNT, 65_536):
        tree.append_entries(batch)
    root = tree.get_state()

    def one(index: int) -> None:
        leaf = tree.get_leaf(index + 1)
        peer.verify_inclusion(leaf, root, tree.prove_inclusion(index + 1))

    return one


SUBJECT = Subject("inclusion proofs in a log of 1,000,000 entries", prepare)
