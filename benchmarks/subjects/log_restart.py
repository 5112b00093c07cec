"""How long until a log of a million entries can be written again after its writer has gone?

Until the first batch is appended: the right edge is verified, the journal replayed, the index of duplicates
built. Once everything is published, once everything is only in the journal. Wanted: under 5 s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.logs import entries, filled_log
from benchmarks.registry import Phase, Subject, in_process
from netproof.integrity.log import writing
from netproof.tlog.merkle import leaf_hash

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 1_000_000


def restart(folder: Path) -> None:
    """Open the log and append an entry that it has: all is loaded, nothing is written."""
    with writing(folder) as writer:
        places = writer.append(entries(COUNT // 2, COUNT // 2 + 1))
        if places != [COUNT // 2] or writer.size != COUNT:
            msg = f"expected entry {COUNT // 2} of {COUNT}, got {places} of {writer.size}"
            raise RuntimeError(msg)


def prepare(scratch: Path) -> list[Phase]:
    """Make both logs, once."""
    public = filled_log(scratch / "published", COUNT, published=True)
    durable = filled_log(scratch / "durable", COUNT, published=False)

    def hashed() -> None:
        for entry in entries(0, COUNT):
            leaf_hash(entry)

    bound = f"one hash an entry, {COUNT:,} entries"
    return [
        Phase(bound, in_process(hashed)),
        Phase("restart, all published", in_process(lambda: restart(public)), against=bound),
        Phase("restart, all in the journal", in_process(lambda: restart(durable)), against=bound),
    ]


SUBJECT = Subject("restart of a log", prepare, repeats=5)
