"""What a proof proves, on a terminal: about which file, by whom, since when, and what it leaves open."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from netproof.report.diff_lines import Lines
from netproof.report.words import number, plural

if TYPE_CHECKING:
    from netproof.report.words import Model

_MOMENT: Final = re.compile(r"[0-9-]{10}T[0-9:.]{8,}Z")
_FIELDS: Final = ("supplier", "product", "release", "component", "reason", "result", "time")


def text(model: Model, width: int | None = None) -> str:
    """Return the answer as plain text, wrapped at `width` (80 unless told)."""
    lines = Lines(width)
    file = model["file"]
    subject = file["file"] if file else model["proof"]
    if not model["holds"]:
        lines.line(0, f"{subject}: NOT proven")
        lines.line(2, f"because: {model['reason']}")
    else:
        lines.line(
            0, f"{subject}: proven to be in the log" if file else f"{subject}: its entry is in the log"
        )
    if file:
        lines.line(2, f"{number(file['size'])} {plural('byte', file['size'])}")
        lines.raw(f"  sha256 {file['sha256']}")
        if file["sha512"]:
            lines.raw(f"  sha512 {file['sha512'][:64]}")
            lines.raw(f"         {file['sha512'][64:]}")
    if model["holds"]:
        _statement(model["statement"], model["entry"], lines)
        head(model["head"], lines)
        _open(model, lines)
    return lines.text()


def head(head: dict[str, Any], lines: Lines) -> None:
    """Write a tree with who stands behind it."""
    size = head["size"]
    lines.line(2, f"log: {head['origin']}, {number(size)} {plural('entry', size)}")
    lines.line(4, f"signed by {', '.join(head['signed_by'])}")
    lines.line(4, f"cosigned by {', '.join(head['cosigned_by']) or 'nobody: the policy asks for no witness'}")
    if head["proven_by"]:
        lines.line(4, f"a quorum had seen it by {moment(head['proven_by'])}")
    if head["fresh_at"] and head["fresh_at"] != head["proven_by"]:
        lines.line(4, f"a quorum last saw it at {moment(head['fresh_at'])}")


def moment(text: str) -> str:
    """A moment of the model as people write it: `2026-11-01 08:00:12 UTC`; another text as it is."""
    return f"{text[:10]} {text[11:-1]} UTC" if _MOMENT.fullmatch(text) else text


def _statement(statement: dict[str, Any], entry: int, lines: Lines) -> None:
    """Write what the entry says."""
    lines.line(2, f"entry {number(entry)}: {statement['kind']}")
    for name in _FIELDS:
        if name in statement:
            said = ", as whoever logged it says" if name == "time" else ""
            value = moment(statement[name]) if name == "time" else statement[name]
            lines.line(4, f"{name}: {value}{said}")


def _open(model: Model, lines: Lines) -> None:
    """Write what the proof does not show."""
    if model["file"] is None:
        lines.line(2, "not shown: anything about a file, as none was named")
    else:
        lines.line(
            2,
            "not shown: that the release was not withdrawn; a withdrawal is an entry of its own, in this "
            "tree or later (`release audit` reads them)",
        )
