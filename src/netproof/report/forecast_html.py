"""A forecast for people: what is non-compliant on which date, and which certificates lapse when.

One table of dates and requirements, one of dates and checks, the certificates month by month, and
what changes from one date to the next with the findings behind it. The frame is `html_page`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from netproof.errors import ReportError
from netproof.report.diff_lines import tally
from netproof.report.forecast_rows import for_a_person, kept_dates, lapsing_first
from netproof.report.html_page import anchor, page
from netproof.report.words import FAMILY_TITLE, WORST_FIRST

if TYPE_CHECKING:
    from netproof.report.words import Model

WORDS_MAX = 5
"""Up to so many dates a cell says its outcome in words; beyond, a sign stands for it."""
_COUNTED = ("fail", "no_evidence", "needs_review")


@dataclass(frozen=True, slots=True)
class Cell:
    """One row on one date.

    Attributes:
        outcome: What it comes to.
        count: How many findings have that outcome; None where an outcome has none.
        changed: The outcome differs from the date before.
        more: The outcome is the same, its number is not.
    """

    outcome: str
    count: int | None
    changed: bool
    more: bool


@dataclass(frozen=True, slots=True)
class RowView:
    """A requirement or check with its cells."""

    row: dict[str, Any]
    anchor: str
    cells: list[Cell]


def text(model: Model, width: int | None = None) -> str:
    """The forecast as one HTML document.

    Args:
        model: The forecast's model.
        width: Not used: the reader's window has the width.

    Raises:
        ReportError: The model lacks what a template shows.
    """
    del width
    try:
        return _page(model)
    except KeyError as error:
        raise ReportError(f"report: expected a whole forecast, got one without {error}") from error


def _page(model: Model) -> str:
    """The document; a KeyError where the model lacks something."""
    kept = kept_dates(model)
    waiting = [row for row in model["requirements"] if for_a_person(row)]
    asked = [row for row in model["requirements"] if not for_a_person(row)]
    views = [
        RowView(row, anchor("check", row["id"], place), _cells(row, kept))
        for place, row in enumerate(model["checks"])
    ]
    return page(
        "forecast.html.j2",
        styles=("style.css", "answers.css"),
        model=model,
        dates=[model["dates"][place] for place in kept],
        left_out_dates=len(model["dates"]) - len(kept),
        summary=_summary(model, kept),
        catalogues=_by_catalogue(asked, kept),
        waiting=waiting,
        families=[
            (title, [view for view in views if view.row["verdict"] == family])
            for family, title in FAMILY_TITLE.items()
        ],
        check_views={view.row["id"]: view for view in views},
        stopping=_stopping(asked),
        months=[{**month, "rows": lapsing_first(month["rows"])} for month in model["certificates"]["months"]],
        most=max((month["lapse"] for month in model["certificates"]["months"]), default=0),
        changes=[
            (day, list(changes)) for day, changes in groupby(model["changes"], key=lambda one: one["date"])
        ],
        change_tally=tally,
        in_words=len(kept) <= WORDS_MAX,
    )


def _cells(row: dict[str, Any], kept: list[int]) -> list[Cell]:
    """A row on the dates that are shown."""
    cells: list[Cell] = []
    for place in kept:
        outcome = row["outcomes"][place]
        count = row["counts"][outcome][place] if outcome in _COUNTED else 0
        before = cells[-1] if cells else None
        changed = before is not None and before.outcome != outcome
        more = before is not None and not changed and before.count != (count or None)
        cells.append(Cell(outcome, count or None, changed, more))
    return cells


def _by_catalogue(asked: list[dict[str, Any]], kept: list[int]) -> list[tuple[str, list[RowView]]]:
    """Requirements that something decides, under their catalogue."""
    found: dict[str, list[RowView]] = {}
    for place, row in enumerate(asked):
        views = found.setdefault(row["catalogue"], [])
        kind = f"requirement-{list(found).index(row['catalogue'])}"
        views.append(RowView(row, anchor(kind, row["id"], place), _cells(row, kept)))
    return list(found.items())


def _summary(model: Model, kept: list[int]) -> list[tuple[str, dict[str, int], int]]:
    """For each date that is shown: how many requirements have each outcome, and how many findings fail."""
    rows = []
    for place in kept:
        outcomes = [row["outcomes"][place] for row in model["requirements"]]
        failing = sum(check["counts"]["fail"][place] for check in model["checks"])
        rows.append((model["dates"][place], {o: outcomes.count(o) for o in WORST_FIRST}, failing))
    return rows


def _stopping(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Requirements that pass at first and later do not, the earliest first."""
    return sorted(
        (row for row in asked if row["stops_passing"] is not None), key=lambda row: str(row["stops_passing"])
    )
