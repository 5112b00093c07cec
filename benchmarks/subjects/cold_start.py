"""How long does a command take from the prompt to the answer, beside what DuckDB's import alone takes?"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from benchmarks.registry import Phase, Subject, in_child

if TYPE_CHECKING:
    from pathlib import Path

NETPROOF: list[str | Path] = [sys.executable, "-m", "netproof"]


def prepare(scratch: Path) -> list[Phase]:
    """Write the example operator once; time the help and a whole check of it."""
    network = scratch / "musternetz"
    written = subprocess.run([*NETPROOF, "demo", network], capture_output=True, text=True, check=False)
    if written.returncode not in (0, 1):
        raise RuntimeError(written.stderr)
    duckdb = "import duckdb"
    check = [*NETPROOF, "check", network, "--format", "json", "--output", scratch / "answer.json"]
    return [
        Phase(duckdb, in_child([sys.executable, "-c", duckdb])),
        Phase("netproof --help", in_child([*NETPROOF, "--help"]), against=duckdb),
        Phase("netproof check musternetz", in_child(check), against=duckdb),
    ]


SUBJECT = Subject("cold start of the commands", prepare)
