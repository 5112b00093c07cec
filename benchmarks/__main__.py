"""Runs one benchmark subject, or all: `python -m benchmarks NAME [REPEATS]`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from rich.console import Console

from benchmarks.registry import measure, subject, subject_names, table


def main(arguments: list[str]) -> int:
    """Measure the named subject, or all of them, and print a table for each."""
    wanted = arguments[0] if arguments else "all"
    if wanted not in ("all", *subject_names()):
        sys.stderr.write(f"error: no subject {wanted}\n\nhint: one of {', '.join(subject_names())}, or all\n")
        return 2
    console = Console()
    for name in subject_names() if wanted == "all" else [wanted]:
        chosen = subject(name)
        repeats = int(arguments[1]) if len(arguments) > 1 else chosen.repeats
        with tempfile.TemporaryDirectory(prefix="netproof-bench-") as scratch:
            lines = measure(chosen.prepare(Path(scratch)), repeats)
        console.print(table(name, chosen.title, lines, repeats))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
