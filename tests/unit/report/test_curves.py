"""Curves on scales of powers of ten: everything stays on the drawing, and names do not cover each other."""

from __future__ import annotations

import itertools
import re

from hypothesis import given
from hypothesis import strategies as st

from netproof.report import curves
from netproof.report.outage_words import power_of_ten

FALLING = st.lists(st.integers(1, 10**9), min_size=1, max_size=60).map(
    lambda lost: [(float(rank), float(y)) for rank, y in enumerate(sorted(lost, reverse=True), 1)]
)


def plot(points: list[curves.Points], top: float = 1e6) -> curves.Plot | None:
    named = [curves.Curve(f"kind {number}", one) for number, one in enumerate(points)]
    return curves.plot(named, top, said=power_of_ten, all_said="all")


def test_without_a_loss_there_is_nothing_to_draw() -> None:
    assert plot([]) is None
    assert plot([[], []]) is None


def test_one_loss_of_one_person_is_drawn() -> None:
    got = plot([[(1.0, 1.0)]], 1.0)

    assert got is not None
    assert [(line.letter, line.end[0]) for line in got.lines] == [("A", 0.0)]
    assert got.lines[0].dots.endswith("h0")


def test_each_step_of_a_scale_is_ten_times_as_much() -> None:
    got = plot([[(1.0, 1e6), (10.0, 1e4), (1000.0, 100.0)]])

    assert got is not None
    assert [(tick.label, round(tick.at, 3)) for tick in got.level] == [
        ("1", 0.0),
        ("10", 0.333),
        ("100", 0.667),
        ("1,000", 1.0),
    ]
    assert [tick.label for tick in got.upright] == ["all", "100", "1,000", "10,000", "100,000"]
    heights = sorted(tick.at for tick in got.upright)
    steps = [round(later - earlier) for earlier, later in itertools.pairwise(heights)]
    assert max(steps) - min(steps) <= 1
    assert got.lines[0].path == f"M0 {curves.TOP_PX}.0L333 156.0L1000 {got.floor}.0"


def test_curves_are_lettered_from_the_highest_and_the_rest_is_counted() -> None:
    got = plot([[(1.0, float(number))] for number in range(1, 15)])

    assert got is not None
    assert [line.name for line in got.lines][:2] == ["kind 13", "kind 12"]
    assert "".join(line.letter for line in got.lines) == "ABCDEFGHIJK"
    assert got.unnamed == 3


@given(st.lists(FALLING, min_size=1, max_size=14))
def test_nothing_leaves_the_drawing_and_no_name_covers_another(points: list[curves.Points]) -> None:
    got = plot(points)
    assert got is not None

    for line in got.lines:
        steps = [tuple(map(float, step.split())) for step in re.findall(r"[\d.]+ [\d.]+", line.path)]
        assert all(0 <= x <= curves.WIDTH for x, _ in steps)
        assert all(curves.TOP_PX <= y <= got.floor for _, y in steps)
    assert all(0 <= tick.at <= 1 for tick in got.level)
    assert all(curves.TOP_PX <= tick.at <= got.floor for tick in got.upright)
    labels = [line.label_px for line in got.lines]
    assert all(later - earlier >= curves.LABEL_PX - 0.11 for earlier, later in itertools.pairwise(labels))
    assert all(0 < label <= got.floor for label in labels)
