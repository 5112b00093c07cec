"""What a flow is exposed to, for people: what lies on every path, on some path, whose it is, a way around."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netproof.errors import ReportError
from netproof.report.outages_html import outage_page

if TYPE_CHECKING:
    from netproof.report.words import Model

SOME_MAX = 300
"""Things on some path that are listed."""


def text(model: Model, width: int | None = None) -> str:
    """The exposure as one HTML document.

    Args:
        model: The model of `netproof exposure`.
        width: Not used: the reader's window has the width.

    Raises:
        ReportError: The model lacks what a template shows.
    """
    del width
    try:
        names = {row["supplier_id"]: row["name"] for row in model["suppliers"]}
        always = {(step["table"], step["id"]) for step in model["every"]}
        some = [step for step in model["some"] if (step["table"], step["id"]) not in always]
        suppliers = sorted(
            model["suppliers"], key=lambda row: (row["avoidable"], -row["components"] - row["links"])
        )
        return outage_page(
            "exposure.html.j2",
            model,
            suppliers=suppliers,
            whose=lambda supplier: names.get(supplier) or supplier,
            forced=[row for row in suppliers if not row["avoidable"]],
            some=some[:SOME_MAX],
            some_total=model["some_total"] - model["every_total"],
        )
    except KeyError as error:
        raise ReportError(f"report: expected a whole exposure, got a model without {error}") from error
