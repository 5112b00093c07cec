"""The fleet against the log, for people: counts, the log's state, what runs, every finding, what to do.

The frame is `html_page`'s, the words are `fleet_words`'; the page needs no script.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup, escape

from netproof.errors import ReportError
from netproof.report import fleet_words
from netproof.report.html_page import page
from netproof.report.words import visible

if TYPE_CHECKING:
    from netproof.report.words import Model

STYLES: Final = ("style.css", "answers.css", "fleet.css")
SHOWN: Final = 20
"""Rows of a table that stand open; the others can be opened."""
VISIBLE: Final = 1.0
"""Width below which nobody sees a segment of the bar [%]; the table beneath has the numbers."""
WORDS: Final = SimpleNamespace(
    **{name: value for name, value in vars(fleet_words).items() if not name.startswith("_")}
)


def text(model: Model, width: int | None = None) -> str:
    """The answer as one HTML document.

    Args:
        model: The model of `netproof fleet`.
        width: Not used: the reader's window has the width.

    Raises:
        ReportError: The model lacks what a template shows.
    """
    del width
    try:
        counts = model["components"]["counts"]
        return page(
            "fleet.html.j2",
            styles=STYLES,
            model=model,
            f=WORDS,
            bars=_bars(counts),
            listed=fleet_words.critical_first(model["listed"]),
            wrong=[row for row in model["releases"]["listed"] if row["status"] != "logged"],
            logged=[row for row in model["releases"]["listed"] if row["status"] == "logged"],
            files=model["files"]["listed"],
            unlogged=model["files"]["total"] - model["files"]["counts"]["logged"],
            steps=[_with_code(step) for step in fleet_words.advice(model)],
            shown=SHOWN,
        )
    except KeyError as error:
        raise ReportError(f"report: expected a whole fleet, got a model without {error}") from error


def _bars(counts: dict[str, int]) -> list[dict[str, Any]]:
    """Segments of the bar of all components: begin and width in percent; the smallest can still be seen."""
    there = [(status, counts[status]) for status in fleet_words.STATUS if counts[status]]
    whole = sum(number for _, number in there)
    wide = [max(100 * number / whole, VISIBLE) for _, number in there]
    at, found = 0.0, []
    for (status, _), width in zip(there, wide, strict=True):
        share = 100 * width / sum(wide)
        found.append({"status": status, "at": at, "width": share})
        at += share
    return found


def _with_code(step: str) -> Markup:
    """A step whose commands, in back quotes, are set as code."""
    parts = [str(escape(visible(part))) for part in step.split("`")]
    # Only text from this package stands between the quotes, and all of it was escaped.
    return Markup("".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts)))  # noqa: S704
