"""The report as an XLSX workbook, for people who live in spreadsheets.

Seven sheets: summary, requirements, checks, findings, issues, assumptions, and words. Texts are
written as texts, never as formulas or links; one that a spreadsheet could take for a formula when
the sheet is saved as CSV and opened again starts with an apostrophe. The workbook's dates are the
date of the assessment, so the same model gives the same bytes.

Source: OWASP, "CSV Injection"; ECMA-376, Part 1, 18.3.1.4 (cells).
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from netproof import __version__
from netproof.report.exchange import TOOL, line, unlisted, waiver
from netproof.report.words import (
    COUNTED,
    OUTCOME,
    OUTCOME_MEANING,
    TAG_MEANING,
    WORST_FIRST,
    answer_words,
    spaced,
    waiver_words,
)

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from netproof.report.words import Model

CHARACTERS_MAX: Final = 32_767
"""Longest text of a cell. Source: Excel specifications and limits."""
ROWS_MAX: Final = 1_000_000
"""Rows of a sheet that are written; Excel holds 1,048,576."""
STARTERS: Final = tuple("=+-@|%\t\r\n＝＋－＠")
"""Signs with which a formula or a command can start."""
_COLOUR: Final = {
    "error": "#E4D5F2",
    "fail": "#F6D5D1",
    "no_evidence": "#FBEBC8",
    "needs_review": "#D3E8F3",
    "pass": "#D9EBD5",
    "not_applicable": "#EAEAEA",
}
_WIDTH_MAX: Final = 80

Cell = str | int | float | bool | date | None


def safe(value: Any) -> str:
    """Text of a cell: visible, in one line, not too long, and no formula even after a detour by CSV."""
    if value is None or value == "":
        return ""
    text = line(value)
    if text.startswith(STARTERS):
        text = "'" + text
    return text if len(text) <= CHARACTERS_MAX else text[: CHARACTERS_MAX - 1] + "…"


def content(model: Model) -> bytes:
    """The report as a workbook.

    Cost: O(listed findings), 0.3 s for 6,000.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 - only this format needs it

    file = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = Workbook(file, options)
    made = datetime.combine(date.fromisoformat(model["as_of"]), datetime.min.time(), UTC).replace(tzinfo=None)
    book.set_properties(
        {
            "title": safe(f"{model['network']['name']}, checked for {model['as_of']}"),
            "author": f"{TOOL} {__version__}",
            "created": made,
        }
    )
    pen = _Pen(book)
    pen.sheet("summary", ("what", "outcome", "count"), _summary(model))
    pen.sheet("requirements", _REQUIREMENTS, _requirements(model))
    pen.sheet("checks", _CHECKS, _checks(model))
    pen.sheet("findings", _FINDINGS, _findings(model))
    pen.sheet("issues", ("kind", "table", "file", "line", "column", "key", "issue"), _issues(model))
    pen.sheet("assumptions", _ASSUMPTIONS, _assumptions(model))
    pen.sheet("words", ("word", "meaning"), _words())
    book.close()
    return file.getvalue()


class _Pen:
    """Writes sheets that all look alike."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._head: Format = book.add_format(
            {"bold": True, "bg_color": "#E8ECEF", "bottom": 1, "valign": "top"}
        )
        self._plain: Format = book.add_format({"valign": "top", "text_wrap": True})
        self._date: Format = book.add_format({"valign": "top", "num_format": "yyyy-mm-dd"})
        self._outcome: dict[str, Format] = {
            OUTCOME[word]: book.add_format({"valign": "top", "bg_color": colour})
            for word, colour in _COLOUR.items()
        }

    def sheet(self, name: str, head: tuple[str, ...], rows: list[tuple[Cell, ...]]) -> None:
        """Write a sheet: its head stays in view and filters, columns are as wide as what they hold."""
        sheet = self._book.add_worksheet(name)
        widths = [len(title) + 4 for title in head]
        for column, title in enumerate(head):
            sheet.write_string(0, column, title, self._head)
        written = rows[:ROWS_MAX]
        for place, row in enumerate(written, start=1):
            for column, value in enumerate(row):
                widths[column] = max(widths[column], self._cell(sheet, place, column, value))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(width + 1, _WIDTH_MAX))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(written), 1), len(head) - 1)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})

    def _cell(self, sheet: Worksheet, row: int, column: int, value: Cell) -> int:
        """Write one cell and return how many characters it shows."""
        if value is None or value == "":
            return 0
        if isinstance(value, bool):
            sheet.write_string(row, column, "true" if value else "false", self._plain)
            return 5
        if isinstance(value, int | float) and isfinite(value):
            sheet.write_number(row, column, value, self._plain)
            return len(str(value))
        if isinstance(value, date):
            sheet.write_datetime(row, column, value, self._date)
            return 10
        text = safe(value)
        sheet.write_string(row, column, text, self._outcome.get(text, self._plain))
        return len(text)


def _day(value: str | None) -> Cell:
    """A date as a date where the sheet's calendar has it, else as text."""
    try:
        day = date.fromisoformat(value or "")
    except ValueError:
        return value
    return day if day.year >= 1900 else value


def _summary(model: Model) -> list[tuple[Cell, ...]]:
    """The answer on one page."""
    rows: list[tuple[Cell, ...]] = [
        (f"network: {line(model['network']['name'])}", None, None),
        (f"as of: {model['as_of']}", None, None),
    ]
    rows += [(f"catalogue: {line(c['id'])} {line(c['title'])}", None, None) for c in model["catalogues"]]
    for family in model["families"]:
        rows.append((f"verdict: {line(family['title'])}", OUTCOME[family["outcome"]], None))
    for kind in ("requirements", "checks", "findings"):
        counts = model["summary"][kind]
        rows += [(kind, OUTCOME[word], counts[word]) for word in WORST_FIRST if word in counts]
        rows += [(kind, "accepted", counts["waived"])] if "waived" in counts else []
    listed = sum(len(check["findings"]) for check in model["checks"])
    rows.append(("findings listed in this workbook", None, listed))
    rows.append(("findings in all", None, sum(check["findings_total"] for check in model["checks"])))
    rows.append(("values that could not be read", None, model["import_issues"]["total"]))
    rows.append(("rows that contradict others", None, model["data_issues"]["total"]))
    return rows


_REQUIREMENTS: Final = (
    *("catalogue", "requirement", "title", "outcome", "legal status", "valid from", "valid to"),
    *("checks", "reason", "answer", "text"),
)


def _requirements(model: Model) -> list[tuple[Cell, ...]]:
    """A row for each requirement of each catalogue."""
    return [
        (
            catalogue["id"],
            one["id"],
            one["title"],
            OUTCOME[one["outcome"]],
            spaced(one["legal_status"]),
            _day(one["valid_from"]),
            _day(one["valid_to"]),
            ", ".join(one["checks"]) or "answered by a person",
            one.get("reason") or "",
            answer_words(one),
            one["prose"],
        )
        for catalogue in model["catalogues"]
        for one in catalogue["requirements"]
    ]


_CHECKS: Final = (
    *("check", "title", "outcome", "severity", "verdict", "subject", "in scope"),
    *("fail", "no evidence", "needs review", "accepted", "findings", "listed", "message"),
    *("motivation", "remedy"),
)


def _checks(model: Model) -> list[tuple[Cell, ...]]:
    """A row for each check."""
    return [
        (
            check["id"],
            check["title"],
            OUTCOME[check["outcome"]],
            check["severity"],
            check["verdict"],
            check["subject_table"],
            check["in_scope"],
            check["counts"]["fail"],
            check["counts"]["no_evidence"],
            check["counts"]["needs_review"],
            check["counts"].get("waived", 0),
            check["findings_total"],
            len(check["findings"]),
            "; ".join(word for word in (check["message"], unlisted(check)) if word),
            check["motivation"],
            check["remedy"],
        )
        for check in model["checks"]
    ]


_FINDINGS: Final = (
    *("check", "title", "severity", "table", "subject", "outcome", "reason"),
    *("waiver", "waiver ends", "file", "line", "SHA-256 of the file"),
)


def _findings(model: Model) -> list[tuple[Cell, ...]]:
    """A row for each finding that the model lists."""
    rows: list[tuple[Cell, ...]] = []
    for check in model["checks"]:
        for finding in check["findings"]:
            source = finding["source"] or {"file": "", "line": None, "sha256": ""}
            rows.append(
                (
                    check["id"],
                    check["title"],
                    check["severity"],
                    finding["subject_table"],
                    finding["subject_id"],
                    OUTCOME[finding["outcome"]],
                    finding["reason"],
                    waiver_words(finding),
                    _day(waiver(finding).get("ends_on")),
                    source["file"],
                    source["line"],
                    source["sha256"],
                )
            )
    return rows


def _issues(model: Model) -> list[tuple[Cell, ...]]:
    """What was wrong with the data: the first of each kind."""
    rows: list[tuple[Cell, ...]] = [
        (
            "not read",
            "",
            one["file"],
            one["line"],
            one["column"],
            "",
            f"expected {line(one['expected'])}, got {line(one['got'])}",
        )
        for one in model["import_issues"]["examples"]
    ]
    return rows + [
        (
            spaced(one["kind"]),
            one["table"],
            one["file"],
            one["line"],
            one["column"],
            one["key"],
            one["message"],
        )
        for one in model["data_issues"]["examples"]
    ]


_ASSUMPTIONS: Final = (
    *("check or catalogue", "parameter", "value", "default", "unit", "meaning"),
    *("where it comes from", "reliability"),
)


def _assumptions(model: Model) -> list[tuple[Cell, ...]]:
    """Values that checks rest on, and what a catalogue says of itself."""
    rows: list[tuple[Cell, ...]] = [
        (
            check["id"],
            one["name"],
            one["value"],
            one["default"],
            one["unit"],
            one["meaning"],
            one["source"],
            TAG_MEANING[one["tag"]][0],
        )
        for check in model["checks"]
        for one in check["parameters"]
    ]
    for catalogue in model["catalogues"]:
        rows += [(catalogue["id"], "note", None, None, None, note, None, None) for note in catalogue["notes"]]
    return rows


def _words() -> list[tuple[Cell, ...]]:
    """What the outcomes mean."""
    return [(OUTCOME[word], f"{COUNTED[word]}: {OUTCOME_MEANING[word]}") for word in WORST_FIRST]
