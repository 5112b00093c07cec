"""Random failures for people: how much is lost how often, availability, what contributes most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netproof.errors import ReportError
from netproof.report import curves
from netproof.report.outages_html import outage_page
from netproof.report.words import number

if TYPE_CHECKING:
    from netproof.report.words import Model

ANY = "any service"
"""What the union of all services is called."""


@dataclass(frozen=True, slots=True)
class Step:
    """Scenarios whose losses lie within a range.

    Attributes:
        said: The range in words.
        low: Where it begins [people].
        count: How many scenarios.
        share: Of all scenarios [1].
        or_more: Share of all scenarios that lose at least so much [1].
    """

    said: str
    low: int
    count: int
    share: float
    or_more: float


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A service, or any of them, with its losses from nothing to the most."""

    row: dict[str, Any]
    name: str
    letter: str
    steps: list[Step]


def text(model: Model, width: int | None = None) -> str:
    """The samples as one HTML document.

    Args:
        model: The model of `netproof outages --sample`.
        width: Not used: the reader's window has the width.

    Raises:
        ReportError: The model lacks what a template shows.
    """
    del width
    try:
        return _page(model)
    except KeyError as error:
        raise ReportError(f"report: expected whole samples, got a model without {error}") from error


def _page(model: Model) -> str:
    """The document; a KeyError where the model lacks something."""
    steps = {row["service"]: _steps(row["histogram"], model["scenarios"]) for row in model["services"]}
    plot = curves.plot(
        [curves.Curve(row["service"] or ANY, _exceeded(steps[row["service"]])) for row in model["services"]],
        1.0,
        said=_share,
        all_said="every scenario",
    )
    letters = {line.name: line.letter for line in plot.lines} if plot else {}
    views = [
        ServiceView(row, row["service"] or ANY, letters.get(row["service"] or ANY, ""), steps[row["service"]])
        for row in model["services"]
    ]
    return outage_page("outage_samples.html.j2", model, plot=plot, services=views)


def _steps(histogram: list[list[int]], scenarios: int) -> list[Step]:
    """Bars of a histogram, from no loss to the greatest; empty ones that follow each other are one."""
    merged: list[tuple[int, int, int]] = []
    for low, high, count in sorted(histogram):
        if merged and high and not count and merged[-1][1] and not merged[-1][2]:
            merged[-1] = (merged[-1][0], high, 0)
        else:
            merged.append((low, high, count))
    found = []
    whole = scenarios or 1
    left = sum(count for _, _, count in merged)
    for low, high, count in merged:
        said = "nothing" if not high else number(low) if low == high else f"{number(low)} to {number(high)}"
        found.append(Step(said, low, count, count / whole, left / whole))
        left -= count
    return found


def _exceeded(steps: list[Step]) -> curves.Points:
    """Share of scenarios that lose at least so many people, for every bar that begins above none."""
    return [(float(step.low), step.or_more) for step in steps if step.low and step.or_more]


def _share(power: float) -> str:
    """A power of ten of a share: `0.001 %`."""
    return f"{power * 100:.9f}".rstrip("0").rstrip(".") + " %"
