"""Outages for people: how much each kind of event takes, single points of failure, the worst events.

The frame is `html_page`'s; what is shown is arranged in `outage_views`.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from netproof.errors import ReportError
from netproof.report import outage_words
from netproof.report.html_page import page
from netproof.report.outage_views import view
from netproof.report.outages_terminal import KIND

if TYPE_CHECKING:
    from netproof.report.words import Model

STYLES: Final = ("style.css", "answers.css", "outages.css")
WORDS: Final = SimpleNamespace(
    KIND=KIND, **{name: value for name, value in vars(outage_words).items() if not name.startswith("_")}
)
"""What templates of outages say: `outage_words`, and kinds of events."""


def text(model: Model, width: int | None = None) -> str:
    """The outages as one HTML document.

    Args:
        model: The model of `netproof outages`.
        width: Not used: the reader's window has the width.

    Raises:
        ReportError: The model lacks what a template shows.
    """
    del width
    try:
        return outage_page("outages.html.j2", model, outages=view(model))
    except KeyError as error:
        raise ReportError(f"report: expected whole outages, got a model without {error}") from error


def outage_page(template: str, model: Model, **values: Any) -> str:
    """A page about outages: its words and its style."""
    return page(template, styles=STYLES, model=model, o=WORDS, **values)
