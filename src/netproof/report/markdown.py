"""The report as Markdown that is read in a pull request: GitHub's dialect, tables, nothing but text.

Whatever comes from the model is escaped: it can make no markup, no HTML, no link and call nobody
by name. Findings beyond the first of a check are folded or counted, never silently left out.

Source: GitHub Flavored Markdown 0.29, sections 2.4 (backslashes), 4.10 (tables), 6.9 (autolinks).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from netproof.report.exchange import line, requirements_of, unlisted, where
from netproof.report.words import (
    COUNTED,
    FAMILY_QUESTION,
    OUTCOME,
    WORST_FIRST,
    accepted,
    basis_words,
    besides,
    extent,
    number,
    rank,
    spaced,
    tally,
    waiver_words,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netproof.report.words import Model

SHOWN: Final = 20
"""Findings of one check that are listed; the others are counted."""
_SIGN: Final = {
    "error": "💥",
    "fail": "❌",
    "no_evidence": "❔",
    "needs_review": "👤",
    "pass": "✅",
    "not_applicable": "➖",
}
_FINE = frozenset({"pass", "not_applicable"})
_NO_UNIT = ("", "1")
_MARKUP = re.compile(r"[\\`*\[\]<>|~$]|(?<![^\W_])_|_(?![^\W_])")
_AT_START = re.compile(r"^(\s*)([#+\-=>]|\d{1,9}(?=[.)](?:\s|$)))")
_CALLS = re.compile(r"(?i)@|#(?=\d)|(?<=[a-z0-9])://|\bwww\.(?=\S)|\bGH-(?=\d)")


def escaped(value: Any) -> str:
    """Text in one line that Markdown shows as it is, in a table's cell as well.

    An empty HTML comment parts what hosts turn into links or calls without any markup: names
    after `@`, numbers after `#`, addresses of the web.
    """
    text = line(value).replace("&", "&amp;")
    text = _AT_START.sub(_led, _MARKUP.sub(lambda found: "\\" + found.group(), text))
    return _CALLS.sub(_parted, text)


def _led(found: re.Match[str]) -> str:
    """A line's first sign, so that it begins no heading, list or rule."""
    return found.group(1) + (found.group(2) + "\\" if found.group(2).isdigit() else "\\" + found.group(2))


def _parted(found: re.Match[str]) -> str:
    """What a host would link, parted by nothing."""
    return found.group()[0] + "<!---->" + found.group()[1:]


def text(model: Model, width: int | None = None) -> str:
    """The report as Markdown; `width` is not used."""
    del width
    lines = [f"# {escaped(model['network']['name'])}, checked for {model['as_of']}", ""]
    lines += [tally(model["summary"]["checks"], zero="no check") + " (checks)", ""]
    lines += _families(model)
    checks = {check["id"]: check for check in model["checks"]}
    for catalogue in model["catalogues"]:
        lines += _catalogue(catalogue, checks)
    lines += _others(model)
    lines += _open_checks(model)
    lines += _assumptions(model)
    lines += _issues(model)
    lines += ["---", "", _closing(model), ""]
    return "\n".join(lines)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    """A table; its cells are escaped already."""
    drawn = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return [*drawn, *("| " + " | ".join(row) + " |" for row in rows), ""]


def _told(outcome: str) -> str:
    """An outcome with its sign; the word says it, the sign repeats it."""
    return f"{_SIGN[outcome]} {OUTCOME[outcome]}"


def _families(model: Model) -> list[str]:
    """The verdicts, never merged into one."""
    rows = [
        (
            escaped(family["title"]),
            _told(family["outcome"]),
            ", ".join(word for word in (tally(family["counts"]), accepted(family["counts"])) if word),
            escaped(FAMILY_QUESTION.get(family["id"], "")),
        )
        for family in model["families"]
    ]
    return ["## Verdicts", "", *_table(("verdict", "outcome", "findings", "question"), rows)]


def _catalogue(catalogue: dict[str, Any], checks: dict[str, dict[str, Any]]) -> list[str]:
    """Requirements of one catalogue."""
    rows = []
    for requirement in catalogue["requirements"]:
        own = [
            f"{escaped(name)} {_SIGN[checks[name]['outcome']]}" if name in checks else escaped(name)
            for name in requirement["checks"]
        ]
        besides_ = "; ".join(escaped(word) for word in basis_words(requirement))
        rows.append(
            (
                escaped(requirement["id"]),
                escaped(requirement["title"]),
                _told(requirement["outcome"]),
                ", ".join(own) + (f"{'; ' if own else ''}{besides_}" if besides_ else ""),
            )
        )
    title = f"## {escaped(catalogue['title'])} ({escaped(spaced(catalogue['legal_status']))})"
    notes = [f"- {escaped(note)}" for note in catalogue["notes"]]
    folded = [
        "<details><summary>What could not be read or decided</summary>",
        "",
        *notes,
        "",
        "</details>",
        "",
    ]
    return [title, "", *_table(("id", "requirement", "outcome", "checks"), rows), *(folded if notes else [])]


def _others(model: Model) -> list[str]:
    """Checks that no requirement asks for."""
    asked = requirements_of(model)
    rows = [
        (escaped(check["id"]), escaped(check["title"]), _told(check["outcome"]), escaped(extent(check)))
        for check in model["checks"]
        if not asked[check["id"]]
    ]
    head = ("id", "check", "outcome", "extent")
    return ["## Checks outside these catalogues", "", *_table(head, rows)] if rows else []


def _open_checks(model: Model) -> list[str]:
    """Every check that does not pass, the worst first, with its first findings."""
    open_ones = [c for c in model["checks"] if c["outcome"] not in _FINE or c["counts"].get("waived")]
    title = "## Checks that do not pass, or pass because something was accepted"
    if not open_ones:
        return [title, "", "None.", ""]
    lines = [title, ""]
    for check in sorted(open_ones, key=lambda one: rank(one["outcome"])):
        more = besides(check)
        told = escaped(extent(check)) + (f", {more}" if more else "")
        lines += [
            f"### {_SIGN[check['outcome']]} {escaped(check['id'])} {escaped(check['title'])}",
            "",
            f"{OUTCOME[check['outcome']]}, severity {escaped(check['severity'])}: {told}",
            "",
        ]
        if check["message"]:
            lines += [escaped(check["message"]), ""]
        if check["remedy"]:
            lines += [f"Remedy: {escaped(check['remedy'])}", ""]
        if check["findings"]:
            lines += _findings(check)
    return lines


def _findings(check: dict[str, Any]) -> list[str]:
    """The first findings of a check in a table that opens on demand."""
    listed = check["findings"][:SHOWN]
    waived = any(waiver_words(finding) for finding in listed)
    rows = []
    for finding in listed:
        row = [
            escaped(finding["subject_id"]),
            _told(finding["outcome"]),
            escaped(finding["reason"]),
            escaped(where(finding)) if where(finding) else "",
        ]
        if waived:
            row.append(escaped(waiver_words(finding)) if waiver_words(finding) else "")
        rows.append(tuple(row))
    head = (escaped(check["subject_table"]), "outcome", "reason", "row", *(("waiver",) if waived else ()))
    shown = f"first {len(listed)} of " if len(listed) < check["findings_total"] else ""
    summary = f"<details><summary>{shown}{number(check['findings_total'])} findings</summary>"
    lines = [summary, "", *_table(head, rows)]
    beyond = len(check["findings"]) - len(listed)
    if beyond and not unlisted(check):
        lines += [f"{number(beyond)} further findings are in the JSON, HTML and XLSX reports.", ""]
    if unlisted(check):
        lines += [escaped(unlisted(check)), ""]
    return [*lines, "</details>", ""]


def _assumptions(model: Model) -> list[str]:
    """Values that checks rest on, with where they come from."""
    rows = [
        (
            escaped(check["id"]),
            escaped(parameter["name"]),
            " ".join(
                escaped(word) for word in (parameter["value"], parameter["unit"]) if word not in _NO_UNIT
            ),
            escaped(parameter["default"]) if parameter["value"] != parameter["default"] else "as shipped",
            escaped(parameter["source"]),
        )
        for check in model["checks"]
        for parameter in check["parameters"]
    ]
    head = ("check", "parameter", "value", "default", "where it comes from")
    return ["## Assumptions", "", *_table(head, rows)] if rows else []


def _issues(model: Model) -> list[str]:
    """What was wrong with the data."""
    read, data = model["import_issues"], model["data_issues"]
    if not read["total"] and not data["total"]:
        return []
    rows = []
    for issue in [*read["examples"], *data["examples"]]:
        file = issue["file"] or issue.get("table") or ""
        place = f"{file}:{issue['line']}" if issue["line"] else file
        words = issue.get("message") or f"expected {issue['expected']}, got {issue['got']}"
        rows.append((escaped(place), escaped(issue["column"]) if issue["column"] else "", escaped(words)))
    told = (
        f"{number(read['total'])} values could not be read, {number(data['total'])} rows contradict others; "
        "the first of each kind:"
    )
    return ["## What is wrong with the data", "", told, "", *_table(("row", "column", "issue"), rows)]


def _closing(model: Model) -> str:
    """What the signs mean."""
    key = ", ".join(f"{_SIGN[outcome]} {COUNTED[outcome]}" for outcome in WORST_FIRST)
    return f"As of {model['as_of']}. {key}."
