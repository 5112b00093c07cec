"""The fleet against the log, on a terminal: counts first, then the worst by reason, then what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netproof.report import fleet_words as words
from netproof.report.diff_lines import Lines
from netproof.report.words import number, plural

if TYPE_CHECKING:
    from netproof.report.words import Model

SHOWN = 5
"""Releases of a status, channels and names that a terminal lists."""
NAMED = 3
"""Components that stand for many."""
STEPS = 6
"""What to do that a terminal lists."""


def text(model: Model, width: int | None = None) -> str:
    """Return the answer as plain text, wrapped at `width` (80 unless told)."""
    lines = Lines(width)
    _opening(model, lines)
    for status in words.STATUS:
        if status != "logged" and model["components"]["counts"][status]:
            _status(status, model, lines)
    _findings(model, lines)
    _channels(model, lines)
    _files(model, lines)
    _read(model, lines)
    _next(model, lines)
    return lines.text()


def _opening(model: Model, lines: Lines) -> None:
    """Write the counts, the log's state and what was seen."""
    lines.line(0, f"{model['network']['name']}: is what runs what was published? As of {model['as_of']}")
    total, seen = model["components"]["total"], model["observations"]
    lines.line(
        0, f"{number(total)} {plural('component', total)}: {words.tally(model['components']['counts'])}"
    )
    if beside := words.without_software(model["components"]):
        lines.line(0, beside)
    lines.line(0, words.log_said(model["log"]))
    last = f", the newest of {words.moment(seen['last_at'])}" if seen["last_at"] else ""
    lines.line(
        0,
        f"{number(seen['rows'])} {plural('observation', seen['rows'])} of {number(seen['components'])} "
        f"{plural('component', seen['components'])}{last}",
    )
    for log in model["compared"]:
        lines.line(
            0, f"Compared with {log['log']}: {number(log['releases'])} {plural('release', log['releases'])}"
        )


def _status(status: str, model: Model, lines: Lines) -> None:
    """Write the releases with one status, those on most components first."""
    count = model["components"]["counts"][status]
    lines.gap()
    lines.line(
        0, f"{words.TITLE[status]}: {number(count)} {plural('component', count)}. {words.MEANING[status]}"
    )
    releases = [row for row in model["releases"]["listed"] if row["status"] == status]
    first = list(dict.fromkeys(row["reason"] for row in releases))
    of: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for component in words.critical_first(model["listed"]):
        if component["status"] == status:
            of.setdefault(_what(component), []).append(component)
    reason = None
    for row in sorted(releases[:SHOWN], key=lambda row: first.index(row["reason"])):
        if row["reason"] != reason:
            reason = row["reason"]
            lines.line(2, reason, hang=2)
        lines.line(4, f"{_called(row)}: {_who(of.get(_what(row), []), row['components'])}", hang=2)
    if not releases:
        lines.line(2, next(row["worst"] for row in model["reasons"] if row["status"] == status))
        lines.line(4, _who([one for group in of.values() for one in group], count), hang=2)
    if more := words.left(len(releases), SHOWN):
        lines.line(2, f"{more} releases (--format html or json lists them)")


def _what(row: dict[str, Any]) -> tuple[Any, ...]:
    """Return what runs: product, version, slot and digest."""
    return row["product_id"], row["version"], row["slot"], row["sha256"]


def _called(row: dict[str, Any]) -> str:
    """Return what runs in words."""
    name = " ".join(part for part in (row["product_id"], row["version"]) if part) or "no product recorded"
    return f"{name} ({row['slot']})" if row["slot"] == "firmware" else name


def _who(named: list[dict[str, Any]], count: int) -> str:
    """Return components as a phrase: `A, B, C and 4 more`."""
    names = [f"{one['component_id']}{' (critical)' if one['critical'] else ''}" for one in named[:NAMED]]
    if not names:
        return f"{number(count)} {plural('component', count)}"
    return f"{', '.join(names)}{f' and {number(count - len(names))} more' if count > len(names) else ''}"


def _findings(model: Model, lines: Lines) -> None:
    """Write what else was found."""
    known = model["findings"]["change_not_recorded"]["known"]
    if not words.found(model) and known:
        return
    lines.gap()
    lines.line(0, "Found besides")
    for key in words.found(model):
        finding = model["findings"][key]
        count = finding["components"]
        lines.line(2, f"{words.FINDING[key]}: {number(count)} {plural('component', count)}", hang=4)
        for row in finding["listed"][:NAMED]:
            lines.line(4, f"{row['component_id']}: {row['reason']}")
    if not known:
        lines.line(2, "Whether changes were recorded is not known: there is no table work", hang=4)


def _channels(model: Model, lines: Lines) -> None:
    """Write the update channels that are findings."""
    channels = model["channels"]
    if not channels["known"]:
        lines.gap()
        lines.line(0, "By which ways suppliers send updates is not known: there is no table channel.")
        return
    if not channels["findings"]:
        return
    lines.gap()
    lines.line(
        0, f"Update channels: {number(channels['findings'])} of {number(channels['total'])} are findings"
    )
    for row in channels["listed"][:SHOWN]:
        whose = f" of {row['supplier_id']}" if row["supplier_id"] else ""
        changed = row["components_changed"]
        since = f"; {number(changed)} {plural('component', changed)} behind it changed" if changed else ""
        lines.line(
            2, f"{row['channel_id']}{whose} to {row['component_id']}: {words.reasons(row)}{since}", hang=4
        )
    if more := words.left(channels["findings"], SHOWN):
        lines.line(2, more)


def _files(model: Model, lines: Lines) -> None:
    """Write files of components that were measured one by one."""
    files = model["files"]
    if not files["total"]:
        return
    lines.gap()
    lines.line(
        0,
        f"Measured file by file: {number(files['total'])} {plural('file', files['total'])} of "
        f"{number(files['components'])} {plural('component', files['components'])}: "
        f"{words.tally(files['counts'])}",
    )
    lines.line(2, words.FILES)
    for row in files["listed"][:SHOWN]:
        told = f"{words.SAID[row['status']]}: {row['path']} {words.digest(row['sha256'])}"
        lines.line(2, f"{row['component_id']}: {told}", hang=4)
    if more := words.left(files["total"] - files["counts"]["logged"], SHOWN):
        lines.line(2, more)


def _read(model: Model, lines: Lines) -> None:
    """Write which files were read besides, and what in them counts for nobody."""
    seen = model["observations"]
    if seen["read"]:
        lines.gap()
        lines.line(0, "Read besides")
    for row in seen["read"]:
        told = f"{words.KIND[row['kind']]}, {number(row['rows'])} {plural('observation', row['rows'])}"
        if row["files"]:
            told += f", {number(row['files'])} measured {plural('file', row['files'])}"
        if row["undated"]:
            told += "; it says no time (--observed-at)"
        if row["parts"]:
            told += f"; {number(row['parts'])} {plural('part', row['parts'])} that are no components"
        lines.line(2, f"{row['file']}: {told}", hang=4)
    _issues(model, lines)
    _left_out(seen["left_out"], lines)


def _issues(model: Model, lines: Lines) -> None:
    """Write what of the network's own tables could not be read, or stands there twice."""
    issues = model["issues"]
    if issues["total"]:
        lines.gap()
        total = f"{number(issues['total'])} {plural('value', issues['total'])}"
        lines.line(0, f"Could not be read, or stands there twice: {total}")
        for row in issues["listed"][:NAMED]:
            got = f"expected {row['expected']}, got {row['got'] or 'nothing'}"
            lines.line(2, f"{row['file']}:{row['line']}:{row['column'] or ''}: {got}", hang=4)


def _left_out(out: dict[str, Any], lines: Lines) -> None:
    """Write what in the files that were read besides counts for nobody."""
    if out["total"]:
        lines.gap()
        lines.line(0, f"Not counted: {number(out['total'])} {plural('row', out['total'])} of these files")
        for row in out["listed"][:SHOWN]:
            lines.line(2, f"{words.place(row)}: {row['name'] or 'all of it'}: {row['reason']}", hang=4)
        if more := words.left(len(out["listed"]), SHOWN):
            lines.line(2, f"{more} (--format json lists them)")


def _next(model: Model, lines: Lines) -> None:
    """Write what to do."""
    steps = words.advice(model)
    if not steps:
        return
    lines.gap()
    lines.line(0, "What to do next")
    for place, step in enumerate(steps[:STEPS], start=1):
        lines.line(2, f"{place}. {step.replace('`', '')}", hang=3)
    if more := words.left(len(steps), STEPS):
        lines.line(2, f"{more} (--format html lists them)")
