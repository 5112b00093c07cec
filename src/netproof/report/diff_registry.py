"""In which formats answers other than an assessment can be written: differences, forecasts, outages.

A new format is one file with a function `(model, width) -> str` and one line here.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from netproof.errors import ReportError

if TYPE_CHECKING:
    from netproof.report.words import Model

FORMATS: Final = {
    "diff": {"html": "diff_html", "json": "diff_json", "terminal": "diff_terminal"},
    "catalogue-diff": {"html": "diff_html", "json": "diff_json", "terminal": "diff_catalogue"},
    "forecast": {"html": "forecast_html", "json": "diff_json", "terminal": "forecast_terminal"},
    "outages": {"html": "outages_html", "json": "diff_json", "terminal": "outages_terminal"},
    "outage-event": {"html": "outage_event_html", "json": "diff_json", "terminal": "outage_event_terminal"},
    "outage-pairs": {"html": "pairs_html", "json": "diff_json", "terminal": "pairs_terminal"},
    "outage-samples": {"html": "samples_html", "json": "diff_json", "terminal": "samples_terminal"},
    "exposure": {"html": "exposure_html", "json": "diff_json", "terminal": "exposure_terminal"},
    "fleet": {"html": "fleet_html", "json": "diff_json", "terminal": "fleet_terminal"},
    "release-audit": {"json": "diff_json", "terminal": "release_audit_terminal"},
    "release-check": {"json": "diff_json", "terminal": "release_check_terminal"},
    "release-add": {"json": "diff_json", "terminal": "release_add_terminal"},
    "release-diff": {"html": "release_diff_html", "json": "diff_json", "terminal": "release_diff_terminal"},
    "release-rebuild": {"json": "diff_json", "terminal": "rebuild_terminal"},
    "seal": {"json": "diff_json", "terminal": "seal_terminal"},
    "seal-verify": {"json": "diff_json", "terminal": "seal_verify_terminal"},
    "release-verify": {"json": "diff_json", "terminal": "release_terminal"},
}
"""For each answer, the names of its formats and the files beside this one whose `text` writes them."""


def write_answer(answer: str, model: Model, name: str, *, width: int | None = None) -> str:
    """Return an answer as text.

    Args:
        answer: A key of `FORMATS`.
        model: The answer's model.
        name: One of its formats.
        width: Columns of the paper, for formats that break lines; None: the format's own.

    Raises:
        ReportError: There is no such format.
    """
    known(answer, name)
    return str(import_module(f"netproof.report.{FORMATS[answer][name]}").text(model, width))


def known(answer: str, name: str) -> None:
    """Refuse a format that an answer does not have.

    Raises:
        ReportError: There is no such format.
    """
    if name not in FORMATS[answer]:
        raise ReportError(f"--format: expected {', '.join(FORMATS[answer])}, got {name!r}")
