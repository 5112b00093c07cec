"""Pairs of failures for people: how much any two take, the worst pairs, the worst partner of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netproof.errors import ReportError
from netproof.report.outages_html import outage_page

if TYPE_CHECKING:
    from netproof.report.words import Model

SHOWN = 20
"""Rows of each table that stand open; the others can be opened."""


def text(model: Model, width: int | None = None) -> str:
    """The pairs as one HTML document.

    Args:
        model: The model of `netproof outages --pairs`.
        width: Not used: the reader's window has the width.

    Raises:
        ReportError: The model lacks what a template shows.
    """
    del width
    try:
        return outage_page(
            "outage_pairs.html.j2",
            model,
            worst=model["top"][0] if model["top"] and model["top"][0]["lost_population"] else None,
            shown=SHOWN,
        )
    except KeyError as error:
        raise ReportError(f"report: expected whole pairs, got a model without {error}") from error
