"""How much longer does `netproof outages` take on a folder of a million components than its kernels alone?"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.registry import Phase, Subject, in_child
from netproof.demo import write

SITES = 165_000
"""About a million components."""
ALONE = Path(__file__).parents[1] / "kernels_alone.py"


def prepare(scratch: Path) -> list[Phase]:
    """Write the operator, once; its folder is read anew by every run."""
    network = scratch / "million"
    write(network, sites=SITES, format="parquet")
    words = ("outages", str(network), "--format", "json", "--output", str(scratch / "answer.json"))
    kernels = "the kernels alone, inside such a run"
    return [
        Phase(kernels, in_child([sys.executable, ALONE, *words], times_itself=True)),
        Phase(
            "netproof outages, the whole process",
            in_child([sys.executable, "-m", "netproof", *words]),
            against=kernels,
        ),
    ]


SUBJECT = Subject("netproof outages on a folder of a million components", prepare, repeats=3)
