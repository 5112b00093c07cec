"""A forecast on a terminal: a table of dates, what stops passing, certificates that lapse, what changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netproof.report.diff_lines import FINDINGS_SHOWN, Lines, outcome, tally
from netproof.report.forecast_rows import for_a_person, kept_dates, lapsing_first
from netproof.report.words import number, plural

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from netproof.report.words import Model

_MARK = {"fail": "{n}", "no_evidence": "e{n}", "needs_review": "r{n}", "pass": "ok", "not_applicable": "."}
_WORD = {
    "fail": "fail",
    "no_evidence": "no evid.",
    "needs_review": "review",
    "pass": "pass",
    "not_applicable": ".",
    "error": "!",
}
_COLUMN = 12
"""Columns of one date: its ten characters and two blanks."""


def text(model: Model, width: int | None = None) -> str:
    """Return the forecast as plain text, wrapped at `width` (80 unless told)."""
    lines = Lines(width)
    dates = model["dates"]
    span = dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"
    lines.line(0, f"{model['network']['name']}: forecast for {span}, if the records stay as they are")
    if model["papers_only"]:
        left = len(model["left_out"]["checks"])
        lines.line(
            0,
            "Only what papers and their dates decide: certificates, declarations, restrictions, "
            f"end of support. {number(left)} checks of evidence that ages, or of how the network is "
            "built, are left out: nobody can have measured on a day to come (--all shows them).",
        )
    _tables(model, lines)
    _stops(model["requirements"], lines)
    _certificates(model["certificates"], lines)
    _changes(model, lines)
    return lines.text()


def _tables(model: Model, lines: Lines) -> None:
    """Write requirements and checks by date, without the dates on which none of them changes."""
    kept = kept_dates(model)
    if len(kept) < len(model["dates"]):
        lines.line(0, "Dates on which nothing below changes are left out.")
    requirements = [row for row in model["requirements"] if not for_a_person(row)]
    _table("Requirements", requirements, model["dates"], kept, _requirement_cell, lines)
    _table("Checks", model["checks"], model["dates"], kept, _check_cell, lines)
    lines.gap()
    lines.line(
        0, "A number: that many fail. e: without evidence. r: to review. ok: pass. .: nothing in scope."
    )
    lines.line(0, "!: the check did not finish.")
    for check in model["checks"]:
        if check["message"]:
            lines.line(2, f"{check['id']}: {check['message']}")


def _requirement_cell(row: dict[str, Any], place: int) -> str:
    """Return the outcome of a requirement."""
    return _WORD[row["outcomes"][place]]


def _check_cell(row: dict[str, Any], place: int) -> str:
    """Return how many subjects have the outcome of a check."""
    word = row["outcomes"][place]
    if word == "error":
        return "!"
    return _MARK[word].format(n=number(row["counts"][word][place]) if word in row["counts"] else "")


def _table(
    title: str,
    rows: Sequence[dict[str, Any]],
    dates: Sequence[str],
    kept: Sequence[int],
    cell: Callable[[dict[str, Any], int], str],
    lines: Lines,
) -> None:
    """Write a table, in as many parts as the paper's width asks for."""
    if not rows:
        return
    lead = max(len(title), *(len(row["id"]) for row in rows)) + 2
    room = max(1, (lines.width - lead) // _COLUMN)
    for start in range(0, len(kept), room):
        part = kept[start : start + room]
        lines.gap()
        lines.raw(title.ljust(lead) + "".join(dates[place].rjust(_COLUMN) for place in part))
        for row in rows:
            lines.raw(row["id"].ljust(lead) + "".join(cell(row, place).rjust(_COLUMN) for place in part))


def _stops(requirements: Sequence[dict[str, Any]], lines: Lines) -> None:
    """Write since when each requirement does not pass."""
    lines.gap()
    lines.line(0, "First of these dates on which a requirement does not pass")
    for row in requirements:
        if for_a_person(row):
            continue
        first = row["first_not_passing"] or "passes on all of them"
        again = (
            f"; stops passing on {row['stops_passing']}" if row["stops_passing"] not in (None, first) else ""
        )
        lines.line(2, f"{row['id']}  {first}{again}  {row['title']}")

    waiting = sum(for_a_person(row) for row in requirements)
    if waiting:
        lines.line(2, f"{number(waiting)} more wait for a person's answer on every date")


def _certificates(certificates: dict[str, Any], lines: Lines) -> None:
    """Write the certificates that lapse, month by month."""
    lines.gap()
    lines.line(0, f"Certificates that lapse from {certificates['since']} until {certificates['until']}")
    lines.line(
        2, f"for components that any of the catalogues calls critical, in use on {certificates['since']}"
    )
    empty = True
    for month in certificates["months"]:
        if not month["rows"]:
            continue
        empty = False
        count = f"{number(month['lapse'])} {plural('certificate', month['lapse'])}"
        left = f"{number(month['uncovered'])} critical {plural('component', month['uncovered'])}"
        verb = "has" if month["uncovered"] == 1 else "have"
        lines.line(2, f"{month['month']}  {count}; {left} {verb} no other that goes on")
        rows = lapsing_first(month["rows"])
        for row in rows[:FINDINGS_SHOWN]:
            place = f"[{row['source']['file']}:{row['source']['line']}]"
            product = row["product_id"] or "no product recorded"
            lines.line(
                6,
                f"{row['certificate_id']}: last day {row['expires_on']}, {product}, "
                f"{number(row['components'])} critical {plural('component', row['components'])} {place}",
            )
        if len(rows) > FINDINGS_SHOWN:
            lines.line(6, f"and {number(len(rows) - FINDINGS_SHOWN)} more")
    if empty:
        lines.line(2, "none")


def _changes(model: Model, lines: Lines) -> None:
    """Write what becomes of findings from one date to the next."""
    titles = {check["id"]: check for check in model["checks"]}
    day = ""
    lines.gap()
    lines.line(0, "What changes, and why")
    for change in model["changes"]:
        if change["date"] != day:
            day = change["date"]
            lines.line(2, f"{day} (since {change['since']})")
        check = titles[change["check_id"]]
        lines.line(4, f"{check['id']}  {tally(change['counts'])}  {check['title']}", hang=4)
        for finding in change["findings"][:FINDINGS_SHOWN]:
            lines.line(8, f"{finding['subject_id']}: {outcome(finding['outcome'])}: {finding['reason']}")
        hidden = sum(change["counts"][k] for k in ("new", "worse", "better")) - FINDINGS_SHOWN
        if hidden > 0:
            lines.line(8, f"and {number(hidden)} more")
    if not model["changes"]:
        lines.line(2, "nothing")
