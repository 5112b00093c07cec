"""How fast are entries durable, beside one fdatasync a batch of the same bytes and nothing else?

Wanted: 100,000 entries a second, or at most twice as long as the bare syncs. The last phase also writes tiles
and signs a checkpoint at the end.
"""

from __future__ import annotations

import os
from itertools import count
from typing import TYPE_CHECKING

from benchmarks.logs import SIGNERS, TIME, batches, new_log
from benchmarks.registry import Phase, Subject, in_process
from netproof.integrity.log import writing

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 200 * 1024


def prepare(scratch: Path) -> list[Phase]:
    """Make the entries; each round writes files of its own."""
    made = list(batches(COUNT))
    numbers = count()

    def synced() -> None:
        file = os.open(scratch / f"plain-{next(numbers)}", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for batch in made:
            os.write(file, b"".join(batch))
            os.fdatasync(file)
        os.close(file)

    def appended(*, public: bool) -> None:
        with writing(new_log(scratch / f"log-{next(numbers)}")) as writer:
            for batch in made:
                writer.append(batch)
            if public:
                writer.checkpoint(SIGNERS, TIME)

    bound = f"one fdatasync a batch, {COUNT:,} entries"
    return [
        Phase(bound, in_process(synced)),
        Phase("appended, durable", in_process(lambda: appended(public=False)), against=bound),
        Phase("appended, tiled, signed", in_process(lambda: appended(public=True)), against=bound),
    ]


SUBJECT = Subject("entries made durable, 4,096 a batch", prepare)
