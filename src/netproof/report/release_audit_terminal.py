"""What an audit of a log came to, on a terminal: the head, what was read, findings, then notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from netproof.report.diff_lines import Lines
from netproof.report.release_check_terminal import head, moment
from netproof.report.words import number, plural

if TYPE_CHECKING:
    from netproof.report.words import Model

KIND: Final = {
    "fork": "two histories",
    "rollback": "went back",
    "bad_head": "head not the log's",
    "no_quorum": "too few witnesses",
    "bad_tiles": "tiles are not the head's",
    "bad_entries": "entries are not the tree's",
    "fast_forward": "grew beyond belief",
    "stale": "not fresh",
    "unavailable": "could not be had",
    "two_digests": "one release, other bytes",
    "after_withdrawal": "logged after it was withdrawn",
    "key_no_longer_trusted": "key no longer trusted",
    "not_a_statement": "unreadable entry",
    "withdrawn_unknown": "withdrawal of nothing known",
    "time_back": "time went back",
    "time_ahead": "time ahead of the witnesses",
    "other_policy": "another policy announced",
    "no_witnesses": "no witness asked for",
    "first_audit": "first audit",
    "behind": "a copy is behind",
}
"""Each kind of finding, in words."""
ENTRY: Final = {"withdraw": "withdrawal", "supplier-key": "supplier key"}
"""Kinds of entries that are called otherwise here."""
SHOWN = 20
"""Findings of one kind that are shown; JSON has more."""


def text(model: Model, width: int | None = None) -> str:
    """Return the answer as plain text, wrapped at `width` (80 unless told)."""
    lines = Lines(width)
    notes = {finding["kind"] for finding in model["findings"] if finding["note"]}
    against = sum(many for kind, many in model["counts"].items() if kind not in notes)
    verdict = f"{number(against)} {plural('finding', against)}" if against else "nothing found"
    lines.line(0, f"{model['where']}: {verdict}")
    if model["head"]:
        head(model["head"], lines)
    _continuity(model, lines)
    _entries(model["entries"], lines)
    for heading, wanted in (("findings", False), ("notes", True)):
        listed = [finding for finding in model["findings"] if finding["note"] is wanted]
        if listed:
            lines.gap()
            lines.line(0, f"{heading}:")
            _findings(listed, model["counts"], lines)
    lines.gap()
    where = f"; remembered in {model['state']}" if model["state"] else "; nothing was remembered"
    lines.line(0, f"audited at {moment(model['at'])}{where}")
    return lines.text()


def _continuity(model: Model, lines: Lines) -> None:
    """Write how the head stands to the one of the audit before."""
    before = model["before"]
    if before is None:
        return
    words = {
        True: "begins with",
        False: "does NOT begin with",
        None: "was not shown to begin with",
    }[model["consistent"]]
    lines.line(2, f"{words} the tree of {number(before)} {plural('entry', before)} that was verified before")


def _entries(entries: dict[str, Any], lines: Lines) -> None:
    """Write what was read."""
    how = "hashed and read" if entries["as_statements"] else "hashed"
    lines.line(
        2,
        f"{number(entries['read'])} new {plural('entry', entries['read'])} {how}; "
        f"{number(entries['read_to'])} in all",
    )
    kinds = ", ".join(
        f"{number(many)} {plural(ENTRY.get(kind, kind), many)}" for kind, many in entries["kinds"].items()
    )
    if kinds:
        lines.line(4, kinds)


def _findings(findings: list[dict[str, Any]], counts: dict[str, int], lines: Lines) -> None:
    """Write findings by kind, the first few of each."""
    shown: dict[str, int] = {}
    for finding in findings:
        kind = finding["kind"]
        shown[kind] = shown.get(kind, 0) + 1
        if shown[kind] > SHOWN:
            continue
        place = "" if finding["entry"] is None else f", entry {number(finding['entry'])}"
        told = "" if finding["new"] else " (told before)"
        lines.line(2, f"{KIND[kind]}{place}: {finding['text']}{told}")
        if finding["evidence"]:
            lines.line(4, f"evidence: {finding['evidence']}")
    for kind, listed in shown.items():
        left = counts[kind] - min(listed, SHOWN)
        if left:
            lines.line(2, f"{KIND[kind]}: {number(left)} more")
