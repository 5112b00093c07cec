"""What differs between two assessments, on a terminal: by requirement, by check, with the rows behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netproof.report.diff_groups import groups, own
from netproof.report.diff_lines import FINDINGS_SHOWN, Lines, counted, outcome, step, tally
from netproof.report.words import number, plural

if TYPE_CHECKING:
    from netproof.report.words import Model

_GROUPS_SHOWN = 6
"""Groups of findings of one check that are told."""
_TITLE = {
    "networks": "What differs between two networks",
    "dates": "What differs between two dates",
    "catalogues": "What another catalogue changes",
}


def text(model: Model, width: int | None = None) -> str:
    """Return the differences as plain text, wrapped at `width` (80 unless told)."""
    lines = Lines(width)
    tell(model, lines)
    return lines.text()


def tell(model: Model, lines: Lines) -> None:
    """Write the differences."""
    lines.line(0, _TITLE[model["kind"]])
    for word, side in (("before", model["old"]), ("after", model["new"])):
        catalogues = ", ".join(c["id"] for c in side["catalogues"]) or "no catalogue"
        lines.line(
            2, f"{word}: {side['network']}, in {side['folder']}, as of {side['as_of']}, {catalogues}", hang=8
        )
    lines.gap()
    if model["same"]:
        lines.line(0, "No verdict, finding or reason differs.")
    else:
        _summary(model, lines)
        _requirements(model["requirements"], lines)
        lines.gap()
        lines.line(0, "Checks")
        for check in model["checks"]:
            _check(check, lines)
    if model["tables"]:
        lines.gap()
        lines.line(0, "Rows that differ")
        for table in model["tables"]:
            counts = ", ".join(f"{number(table[k])} {k}" for k in ("added", "removed", "changed") if table[k])
            lines.line(2, f"{table['table']}: {counts}")


def _summary(model: Model, lines: Lines) -> None:
    """Write how much differs."""
    for noun in ("requirements", "checks", "findings"):
        lines.line(0, f"{noun}: {tally(model['summary'][noun]) or 'none better or worse'}")


def _requirements(requirements: list[dict[str, Any]], lines: Lines) -> None:
    """Write the requirements that differ."""
    if not requirements:
        return
    lines.gap()
    lines.line(0, "Requirements")
    for requirement in requirements:
        was, now = requirement["old"], requirement["new"]
        lines.line(2, f"{requirement['id']}  {step(was, now)}  {requirement['title']}")
        findings = tally(requirement["findings_changed"])
        if findings:
            lines.line(6, f"findings: {findings}")
        if requirement["texts"]:
            lines.line(6, f"changed: {', '.join(t['field'].replace('_', ' ') for t in requirement['texts'])}")


def _check(check: dict[str, Any], lines: Lines) -> None:
    """Write one check: its step, its numbers, and its findings by what stands behind them."""
    was, now = check["old"], check["new"]
    move = step(was["outcome"] if was else None, now["outcome"] if now else None)
    lines.line(2, f"{check['id']}  {move}  {check['title']}")
    for word, side in (("before", was), ("after", now)):
        if side is not None:
            scope = f"{number(side['in_scope'])} {plural(check['subject_table'], side['in_scope'])} in scope"
            lines.line(6, f"{word}: {side['message'] or counted(side['counts'])}, {scope}")
    for parameter in check["parameters"]:
        lines.line(6, f"parameter {parameter['name']}: {parameter['old']} -> {parameter['new']}")
    told = groups(check["findings"])[:_GROUPS_SHOWN]
    for group in told:
        _group(group.findings, check["subject_table"], lines)
    hidden = check["findings_total"] - sum(len(group.findings) for group in told)
    if hidden > 0:
        lines.line(6, f"and {number(hidden)} more findings that differ")


_HEADS = {
    "new": "new: {n} that {was} not found before",
    "worse": "worse: {n}",
    "better": "better: {n}",
    "gone": "gone: {n} no longer found",
    "reason": "another reason: {n}",
}


def _group(findings: list[dict[str, Any]], table: str, lines: Lines) -> None:
    """Write findings that changed alike and have the same rows behind them."""
    count = len(findings)
    noun = f"{number(count)} {plural(table, count)}"
    lines.line(6, _HEADS[findings[0]["change"]].format(n=noun, was="was" if count == 1 else "were"))
    for cause in findings[0]["causes"]:
        such = "such as " if count > 1 and own(cause, findings[0]) else ""
        lines.line(8, f"because {such}{_cause(cause)}")
    for finding in findings[:FINDINGS_SHOWN]:
        lines.line(8, f"{finding['subject_id'] or '(empty)'}: {_said(finding)}")
    if count > FINDINGS_SHOWN:
        lines.line(8, f"and {number(count - FINDINGS_SHOWN)} more")


def _said(finding: dict[str, Any]) -> str:
    """Return what either side said of a subject."""
    old, new = finding["old"], finding["new"]
    if old is None or new is None:
        side = new or old
        return f"{outcome(side['outcome'])}: {side['reason']}"
    move = step(old["outcome"], new["outcome"])
    if old["reason"] == new["reason"]:
        return f"{move}: {new['reason']}"
    return f"{move}: {new['reason']} (before: {old['reason']})"


def _cause(cause: dict[str, Any]) -> str:
    """Return a differing row in words: its table and key, each column, and where it stands."""
    columns = ", ".join(f"{c['column']} {_value(c['old'])} -> {_value(c['new'])}" for c in cause["columns"])
    places = [f"{place['file']}:{place['line']}" for place in (cause["old"], cause["new"]) if place]
    what = columns if cause["change"] == "changed" else f"row {cause['change']}"
    return f"{cause['table']} {cause['key']}: {what} [{' -> '.join(places)}]"


def _value(value: Any) -> str:
    """Return a value as people read it."""
    return "(empty)" if value is None else str(value)
