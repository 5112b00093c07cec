"""A release against one's own build of its source, on a terminal: the result, then what was set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from netproof.report.diff_lines import Lines
from netproof.report.release_diff_terminal import deep_lines, file_line
from netproof.report.seal_terminal import checkpoint
from netproof.report.words import number

if TYPE_CHECKING:
    from netproof.report.words import Model

SHOWN: Final = 20
"""How many of each list are told; JSON has more."""
RESULT: Final = {
    "identical": "identical: the same bytes",
    "same_after_normalising": "the same after normalising: only what is listed here differs",
    "different": "DIFFERENT: the build is not what was published",
}


def text(model: Model, width: int | None = None) -> str:
    """Return the comparison as plain text, wrapped at `width` (80 unless told)."""
    lines = Lines(width)
    lines.line(0, RESULT[model["result"]], hang=2)
    if model["release"] is not None:
        release = model["release"]
        name = f"{release['supplier']}/{release['product']}@{release['release']}"
        part = f" ({release['component']})" if "component" in release else ""
        lines.line(0, f"release {name}{part}, entry {number(model['release_entry'])} of the log", hang=2)
    for word in ("published", "built"):
        one = model[word]
        form = one["format"] or "no package"
        lines.line(0, f"{word}: {one['name']} ({form}, {number(one['size'])} bytes)")
        lines.line(2, f"sha256 {one['sha256']}")
    if model["reason"]:
        lines.line(0, model["reason"], hang=2)
    _list("Set aside", model["normalised"], _normalised, lines)
    _list("Headers that say otherwise", model["headers"], _header, lines)
    _list("Members that differ", model["files"], file_line, lines)
    _logged(model, lines)
    deep_lines(model["deep"], lines)
    return lines.text()


def _list(title: str, rows: list[dict[str, Any]], say: Any, lines: Lines) -> None:
    """Write the first of a list; nothing where it is empty."""
    if not rows:
        return
    lines.gap()
    lines.line(0, f"{title}: {number(len(rows))}")
    for row in rows[:SHOWN]:
        lines.line(2, say(row), hang=4)
    if len(rows) > SHOWN:
        lines.line(2, f"and {number(len(rows) - SHOWN)} more")


def _normalised(one: dict[str, Any]) -> str:
    """Return one kind of difference that was set aside."""
    paths = [path or "the package itself" for path in one["paths"][:3]]
    more = f" and {number(one['members'] - len(paths))} more" if one["members"] > len(paths) else ""
    return f"{one['kind']}, {one['what']}: {', '.join(paths)}{more}"


def _header(one: dict[str, Any]) -> str:
    """Return what a header says otherwise."""
    return (
        f"{one['path'] or 'the package itself'}: {one['what']}, published {one['published'] or '(nothing)'}, "
        f"built {one['built'] or '(nothing)'}"
    )


def _logged(model: Model, lines: Lines) -> None:
    """Write where the result stands in the log."""
    if model["entry"] is None:
        return
    lines.gap()
    signed = model["checkpoint"]
    if signed is None:
        state = "no checkpoint covers it yet: sign one, `netproof release log NET checkpoint`"
    else:
        state = checkpoint(signed)
    lines.line(0, f"logged as entry {number(model['entry'])}; {state}", hang=2)
