"""Words on standard error: errors with their hint, and progress where a person watches."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netproof.pipeline.supervisor import Progress

_STAGES = {
    "read": "reading",
    "verify": "verifying",
    "derive": "deriving",
    "check": "checking",
    "outage": "computing",
    "exposure": "looking for",
    "pairs": "searching",
    "sample": "drawing",
    "tell": "writing",
}


def say(text: str) -> None:
    """Write words to standard error; what others wrote in them cannot steer the terminal."""
    from netproof.report.words import visible  # noqa: PLC0415 - `--help` says nothing here

    sys.stderr.write("".join(f"{visible(line)}\n" for line in text.split("\n")))


def error(message: str, hint: str = "") -> None:
    """Write an error and what to do about it."""
    say(f"error: {message}")
    if hint:
        say(f"\nhint: {hint}")


@contextmanager
def progress() -> Iterator[Progress]:
    """Yield a function that shows a bar on standard error where that is a terminal, else does nothing."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console  # noqa: PLC0415 - only where somebody watches
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def show(stage: str, what: str, number: int, total: int) -> None:
            words = f"{_STAGES.get(stage, stage)} {what}"
            bar.update(task, description=f"{words[:38]:38}", completed=number, total=total)

        yield show
