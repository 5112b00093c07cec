"""What differs between two catalogues, on a terminal, and what that changes for a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netproof.report.diff_lines import Lines
from netproof.report.diff_terminal import tell as tell_difference
from netproof.report.words import number, spaced

if TYPE_CHECKING:
    from netproof.report.words import Model

_LONG = 300
"""Characters of a text above which only the fact is told that it changed."""


def text(model: Model, width: int | None = None) -> str:
    """Return the differences as plain text, wrapped at `width` (80 unless told)."""
    lines = Lines(width)
    lines.line(0, "What differs between two catalogues")
    for word, side in (("before", model["old"]), ("after", model["new"])):
        asked = f"{number(side['requirements'])} requirements"
        status = spaced(side["legal_status"]) or "no status"
        lines.line(
            2, f"{word}: {side['id']}, {side['title']}, version {side['version']} ({status}; {asked})", hang=8
        )
    lines.gap()
    if model["same"]:
        lines.line(0, "No requirement differs.")
    for word in ("added", "removed"):
        _listed(word, model[word], lines)
    _changed(model["changed"], lines)
    for word in ("checks_added", "checks_removed"):
        if model[word]:
            lines.line(0, f"{word.replace('_', ' ')}: {', '.join(model[word])}")
    if model["network"] is not None:
        lines.gap()
        tell_difference(model["network"], lines)
    return lines.text()


def _listed(word: str, requirements: list[dict[str, Any]], lines: Lines) -> None:
    """Write requirements that are on one side only."""
    if not requirements:
        return
    lines.line(0, f"Requirements {word}: {number(len(requirements))}")
    for requirement in requirements:
        checks = ", ".join(requirement["checks"]) or "no check; a person must answer"
        lines.line(2, f"{requirement['id']}  {requirement['title']} ({checks})")
    lines.gap()


def _changed(requirements: list[dict[str, Any]], lines: Lines) -> None:
    """Write requirements whose words, dates or checks differ."""
    if not requirements:
        return
    lines.line(0, f"Requirements changed: {number(len(requirements))}")
    for requirement in requirements:
        lines.line(2, f"{requirement['id']}  {requirement['title']}")
        for change in requirement["texts"]:
            lines.line(6, f"{change['field'].replace('_', ' ')}: {_step(change)}")
    lines.gap()


def _step(change: dict[str, Any]) -> str:
    """Return what a field was and is, where that is short."""
    if change["field"] == "sources":
        return "other sources"
    old, new = (
        ", ".join(v) if isinstance(v, list) else v or "(empty)" for v in (change["old"], change["new"])
    )
    old, new = old or "(none)", new or "(none)"
    return "other words" if len(old) + len(new) > _LONG else f"{old} -> {new}"
