"""Many bad endings of one log, outside the test suite: `python -m tests.crash 1000 --seed 1`."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from tests.crash.full import resize, small_disk
from tests.crash.rounds import Life


def main() -> None:
    """Run the rounds and say what was seen."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("rounds", type=int, nargs="?", default=1000)
    parser.add_argument("--seed", type=int, default=1)
    wish = parser.parse_args()
    numbers = Random(wish.seed)  # noqa: S311 - chance that can be repeated
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        life = Life.begin(Path(scratch) / "log")
        full = _full_rounds(Path(scratch), max(wish.rounds // 20, 1))
        for number in range(wish.rounds):
            (life.failed if number % 8 == 7 else life.killed)(number, numbers)
            life.look(number)
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{number + 1} of {wish.rounds}")
        life.look_at_all()
        endings = ", ".join(
            f"{count} {how}" for how, count in sorted({**life.ended, "disk full": full}.items())
        )
        sys.stdout.write(
            f"{endings}: {len(life.acknowledged)} acknowledged entries are there, {len(life.roots)} checkpoints "
            f"agree, no start needed a person ({time.monotonic() - start:.0f} s)\n"
        )


def _full_rounds(scratch: Path, rounds: int) -> int:
    """Fill a small disk again and again; return how often, 0 where none may be mounted."""
    place = scratch / "small"
    place.mkdir()
    with small_disk(place, 1000) as mounted:
        if not mounted:
            return 0
        life = Life.begin(place / "log")
        for number in range(rounds):
            life.filled(number)
            resize(place, 1000 * (number + 2))
            life.look(number)
        life.look_at_all()
    return rounds


if __name__ == "__main__":
    main()
