"""How fast does a log grow in memory, beside the hashes that no log can do without?

Every entry needs a leaf hash and a node hash; the bound does just these, with the same library and nothing
else. Wanted: at most 2.5 times as long, in batches of 4,096.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from benchmarks.logs import batches
from benchmarks.registry import Phase, Subject, in_process
from netproof.tlog.growth import Edge, grow

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 400 * 1024


def prepare(scratch: Path) -> list[Phase]:
    """Make the entries; nothing is written."""
    del scratch
    made = list(batches(COUNT))
    node = b"\x01" + bytes(64)

    def hashed() -> None:
        for batch in made:
            for entry in batch:
                sha256(b"\x00" + entry).digest()
                sha256(node).digest()

    def grown() -> None:
        edge = Edge()
        for batch in made:
            edge = grow(edge, batch).edge

    bound = f"two hashes an entry, {COUNT:,} entries"
    return [
        Phase(bound, in_process(hashed)),
        Phase("tiles and root in memory, 4,096 a batch", in_process(grown), against=bound),
    ]


SUBJECT = Subject("growing a log in memory", prepare)
