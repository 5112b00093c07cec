"""What can be measured, and how: subjects by name, phases in turns, ratios within one run.

A subject is a file in `subjects/` with a `SUBJECT`. Its phases run in turns (a, b, c, a, b, c, ...), so that
a machine that slows down slows all of them. A phase runs in this process (`in_process`) or in a child of its
own (`in_child`), which gives its peak memory too. The table shows the least and the median of n, and ratios
to the phase named as `against`; bare seconds are for the reader, nothing is ever asserted on them.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from rich.table import Table

from benchmarks import subjects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


WATCH = str(Path(__file__).with_name("watch.py"))


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of one phase: how long [s], and the child's peak memory [MB], if it had a child."""

    seconds: float
    peak_mb: float | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """One thing that is timed.

    Attributes:
        against: Name of the phase that ratios are taken to; empty: none.
    """

    name: str
    run: Callable[[], Sample]
    against: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """One question about speed or memory.

    Attributes:
        title: The question, in words.
        prepare: Given a scratch folder, makes the input and returns the phases.
        repeats: How often each phase runs.
    """

    title: str
    prepare: Callable[[Path], Sequence[Phase]]
    repeats: int = 7


@dataclass(frozen=True, slots=True)
class Line:
    """What is known of one phase after all rounds.

    Attributes:
        ratio: Median of the ratios to the other phase, each within one round.
    """

    name: str
    least_s: float
    median_s: float
    peak_mb: float | None
    against: str
    ratio: float | None


def in_process(function: Callable[[], object]) -> Callable[[], Sample]:
    """Return a phase's run that times `function` here."""

    def run() -> Sample:
        start = time.perf_counter()
        function()
        return Sample(time.perf_counter() - start)

    return run


def in_child(command: Sequence[str | Path], *, times_itself: bool = False) -> Callable[[], Sample]:
    """Return a phase's run that times `command` as a child and takes its peak memory.

    Args:
        command: Program and arguments; an exit code above 1 stops the benchmark.
        times_itself: The last line that the child writes to stdout is its own time [s]; otherwise the time
            from start to end counts, with the interpreter's own start.

    Raises:
        RuntimeError: The child did not finish; its words are in the message.
    """
    words = [str(word) for word in command]

    def run() -> Sample:
        reading, writing = os.pipe()
        watched = [sys.executable, "-I", "-S", WATCH, str(writing), *words]
        done = subprocess.run(watched, capture_output=True, pass_fds=[writing], check=False)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            told = json.loads(pipe.read() or b'{"code": 2}')
        if told["code"] not in (0, 1):
            msg = f"{' '.join(words)}: exit code {told['code']}\n{done.stderr.decode(errors='replace')}"
            raise RuntimeError(msg)
        seconds = float(done.stdout.strip().splitlines()[-1]) if times_itself else told["seconds"]
        return Sample(seconds, told["peak_kb"] / 1024)

    return run


def subject_names() -> list[str]:
    """Return the names of all subjects, in alphabetical order."""
    return sorted(module.name for module in pkgutil.iter_modules(subjects.__path__))


def subject(name: str) -> Subject:
    """Return the subject of that name.

    Raises:
        KeyError: There is none.
    """
    if name not in subject_names():
        msg = f"no subject {name}; there are {', '.join(subject_names())}"
        raise KeyError(msg)
    found: Subject = importlib.import_module(f"benchmarks.subjects.{name}").SUBJECT
    return found


def _rounds(phases: Sequence[Phase], repeats: int) -> Iterator[dict[str, Sample]]:
    """Run all phases in turns; the first round only warms up."""
    for number in range(repeats + 1):
        samples = {phase.name: phase.run() for phase in phases}
        if number:
            yield samples


def measure(phases: Sequence[Phase], repeats: int) -> list[Line]:
    """Run `phases` in turns and return what is known of each, in their order."""
    rounds = list(_rounds(phases, repeats))
    lines = []
    for phase in phases:
        seconds = [samples[phase.name].seconds for samples in rounds]
        peaks = [peak for samples in rounds if (peak := samples[phase.name].peak_mb) is not None]
        ratio = None
        if phase.against:
            ratio = median(samples[phase.name].seconds / samples[phase.against].seconds for samples in rounds)
        lines.append(
            Line(
                name=phase.name,
                least_s=min(seconds),
                median_s=median(seconds),
                peak_mb=max(peaks) if peaks else None,
                against=phase.against,
                ratio=ratio,
            )
        )
    return lines


def table(name: str, title: str, lines: Sequence[Line], repeats: int) -> Table:
    """Return the lines as a table for the terminal."""
    made = Table(title=f"{name}: {title} ({repeats} rounds)", title_justify="left")
    made.add_column("phase")
    for heading in ("least [s]", "median [s]", "peak [MB]", "ratio"):
        made.add_column(heading, justify="right")
    made.add_column("to")
    for line in lines:
        made.add_row(
            line.name,
            f"{line.least_s:.3f}",
            f"{line.median_s:.3f}",
            "" if line.peak_mb is None else f"{line.peak_mb:,.0f}",
            "" if line.ratio is None else f"{line.ratio:.2f}",
            line.against,
        )
    return made
