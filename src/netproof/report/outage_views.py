"""What a page shows of outages: curves of losses, the worst of each kind, single points of failure.

The page of `netproof outages` and the section in the report of `netproof check` show the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netproof.report import curves
from netproof.report.outage_words import power_of_ten
from netproof.report.outages_terminal import KIND, KINDS
from netproof.report.words import number

if TYPE_CHECKING:
    from netproof.report.words import Model

SHOWN = 5
"""Events of a kind that stand open; the others can be opened."""
POINTS_SHOWN = 10
RANKS = (1, 2, 5)
"""Ranks within a power of ten that the table of a curve tells."""


@dataclass(frozen=True, slots=True)
class KindView:
    """One kind of events.

    Attributes:
        row: From the model.
        title: All of them in words.
        share: Share of all people that the worst takes [1].
        letter: In the drawing; empty where it is not drawn.
        first: The worst events that take something.
        more: Further ones that are listed.
        told: Rank and loss at even steps of the curve.
    """

    row: dict[str, Any]
    title: str
    share: float
    letter: str
    first: list[dict[str, Any]]
    more: list[dict[str, Any]]
    told: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class OutagesView:
    """All that a page shows of outages.

    Attributes:
        worst: The event that takes most; None where none takes anything.
        points: Single points of failure that stand open.
        more_points: Further ones that are listed.
    """

    model: Model
    plot: curves.Plot | None
    kinds: list[KindView]
    worst: dict[str, Any] | None
    points: list[dict[str, Any]]
    more_points: list[dict[str, Any]]


def view(model: Model) -> OutagesView:
    """Arrange the model of `netproof outages`."""
    people = model["scale"]["people"]
    plot = curves.plot(
        [
            curves.Curve(
                KIND[row["kind"]], [(float(rank), float(lost)) for rank, lost in row["curve"] if lost]
            )
            for row in model["kinds"]
        ],
        float(max(people, 1)),
        said=power_of_ten,
        all_said=f"all {number(people)} people",
    )
    letters = {line.name: line.letter for line in plot.lines} if plot else {}
    losing = [event for event in model["events"] if event["lost_population"]]
    points = model["single_points_of_failure"]
    return OutagesView(
        model,
        plot,
        [
            _kind(row, losing, people, letters.get(KIND[row["kind"]], ""))
            for row in sorted(model["kinds"], key=lambda row: -row["worst_population"])
        ],
        max(losing, key=lambda event: event["lost_population"], default=None),
        points[:POINTS_SHOWN],
        points[POINTS_SHOWN:],
    )


def _kind(row: dict[str, Any], losing: list[dict[str, Any]], people: int, letter: str) -> KindView:
    """Arrange one kind of events."""
    events = [event for event in losing if event["kind"] == row["kind"]]
    worst = row["worst_population"] / people if people else 0.0
    return KindView(
        row, KINDS[row["kind"]], worst, letter, events[:SHOWN], events[SHOWN:], told(row["curve"])
    )


def told(curve: list[list[int]]) -> list[tuple[int, int]]:
    """Points of a curve at even steps, and its last: the first that a curve has from each step on."""
    found: dict[int, int] = {}
    steps = [step * 10**power for power in range(10) for step in RANKS]
    at = 0
    for rank, lost in curve:
        while at < len(steps) and steps[at] < rank:
            at += 1
        if (at < len(steps) and steps[at] == rank) or rank == curve[-1][0] or rank == 1:
            found[rank] = lost
    return list(found.items())
