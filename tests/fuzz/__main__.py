"""Hostile bytes for every parser, outside the test suite: `python -m tests.fuzz all --minutes 10 --seed 1`.

Without a name it lists the targets. An input that something went wrong with is written into the folder that
`--keep` names; `--replay FILE` tries it again in this very process.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import sys
import time
from pathlib import Path

from tests.fuzz.engine import Explorer, Result, Target, fuzzed
from tests.fuzz.targets import targets


def main() -> int:
    """Run what was asked for; returns 1 where something went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("name", nargs="?", default="", help="a target, the beginning of its name, or all")
    parser.add_argument("--minutes", type=float, default=1.0, help="for each target")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("fuzzed"), metavar="DIR")
    parser.add_argument("--replay", type=Path, metavar="FILE")
    wish = parser.parse_args()
    chosen = [
        one for one in targets() if wish.name == "all" or (wish.name and one.name.startswith(wish.name))
    ]
    if not chosen:
        sys.stdout.write("".join(f"{one.name}\n" for one in targets()))
        return 2 if wish.name else 0
    if wish.replay is not None:
        return _replayed(chosen[0], wish.replay)
    bad = 0
    for target in chosen:
        start = time.monotonic()
        result = fuzzed(target, wish.seed, wish.minutes * 60)
        _tell(result, time.monotonic() - start)
        if result.problem:
            bad += 1
            _keep(result, wish.keep)
    sys.stdout.write(f"{len(chosen)} targets: {bad} with a problem\n")
    return 1 if bad else 0


def _tell(result: Result, seconds: float) -> None:
    """Print one line about a target."""
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    sys.stdout.write(
        f"{result.name:24} {result.executions:>10,} inputs {result.executions / seconds:>8,.0f}/s "
        f"{result.kept:>6,} kept {result.lines:>5,} lines, slowest {result.slowest_s:.2f} s, "
        f"most memory so far {memory} MB\n"
    )
    sys.stdout.flush()


def _keep(result: Result, folder: Path) -> None:
    """Write an input that something went wrong with."""
    folder.mkdir(exist_ok=True)
    path = (
        folder
        / f"{result.name.replace(' ', '-').replace(':', '')}-{hashlib.sha256(result.data).hexdigest()[:12]}"
    )
    path.write_bytes(result.data)
    sys.stdout.write(f"PROBLEM in {result.name}, input in {path}:\n{result.problem}\n")


def _replayed(target: Target, path: Path) -> int:
    """Try one input again."""
    problem = Explorer(target, 0, traced=False).tried(path.read_bytes())
    sys.stdout.write(problem or "nothing went wrong\n")
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main())
