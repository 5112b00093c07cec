"""Benchmarks: phases run in turns, ratios are taken within a round."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks.registry import Phase, Sample, in_child, measure, subject, subject_names

if TYPE_CHECKING:
    from collections.abc import Callable


def scripted(name: str, seconds: list[float], log: list[str]) -> Callable[[], Sample]:
    """A phase's run that takes the given times, one after another."""
    left = iter(seconds)

    def run() -> Sample:
        log.append(name)
        return Sample(next(left))

    return run


def test_phases_run_in_turns() -> None:
    log: list[str] = []
    phases = [Phase(name, scripted(name, [1.0] * 3, log)) for name in ("a", "b")]

    measure(phases, 2)

    assert log == ["a", "b"] * 3


def test_the_first_round_is_not_counted() -> None:
    (line,) = measure([Phase("a", scripted("a", [99.0, 2.0, 4.0], []))], 2)

    assert (line.least_s, line.median_s) == (2.0, 3.0)


def test_a_ratio_is_the_median_of_the_ratios_of_each_round() -> None:
    log: list[str] = []
    phases = [
        Phase("raw", scripted("raw", [1.0, 1.0, 10.0, 1.0], log)),
        Phase("ours", scripted("ours", [1.0, 2.0, 20.0, 3.0], log), against="raw"),
    ]

    got = [line.ratio for line in measure(phases, 3)]

    assert got == [None, 2.0]


def test_a_child_gives_its_peak_memory() -> None:
    sample = in_child([sys.executable, "-c", "x = bytearray(200_000_000)"])()

    assert sample.peak_mb is not None
    assert sample.peak_mb > 190


def test_a_child_is_not_charged_with_its_parent_s_memory() -> None:
    held = bytearray(300_000_000)
    sample = in_child([sys.executable, "-c", "pass"])()

    assert sample.peak_mb is not None
    assert sample.peak_mb < len(held) / 1e6 / 3


def test_a_child_may_time_itself() -> None:
    sample = in_child([sys.executable, "-c", "print('words'); print(0.25)"], times_itself=True)()

    assert sample.seconds == 0.25


def test_a_child_that_breaks_stops_the_benchmark() -> None:
    with pytest.raises(RuntimeError, match=r"exit code 2\nno such thing"):
        in_child([sys.executable, "-c", "import sys; sys.stderr.write('no such thing'); sys.exit(2)"])()


def test_every_subject_can_be_found() -> None:
    names = subject_names()

    assert "cold_start" in names
    assert all(subject(name).title for name in names)
