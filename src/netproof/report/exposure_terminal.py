"""What a flow is exposed to, on a terminal: what lies on every path, on some path, and whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netproof.report.diff_lines import Lines
from netproof.report.words import number, plural

if TYPE_CHECKING:
    from netproof.report.words import Model

SHOWN = 12


def text(model: Model, width: int | None = None) -> str:
    """Return the exposure as plain text, wrapped at `width` (80 unless told)."""
    lines = Lines(width)
    flow = model["flow"]
    what = f"flow {flow['flow_id']} ({flow['classification'] or 'unclassified'}), " if flow else ""
    lines.line(
        0, f"{model['network']['name']}: {what}{model['from']} to {model['to']}, as of {model['as_of']}"
    )
    if not model["connected"]:
        lines.line(0, "No path joins the two ends.")
        return lines.text()
    _list("On every path", model["every"], model["every_total"], lines)
    _list("On some path", model["some"], model["some_total"], lines)
    lines.gap()
    lines.line(0, "Whose they are")
    for row in model["suppliers"]:
        name = f" ({row['name']})" if row["name"] else ""
        counts = f"{number(row['components'])} {plural('component', row['components'])}"
        if row["links"]:
            counts += f" and {number(row['links'])} {plural('link', row['links'])}"
        way = "some path avoids all of them" if row["avoidable"] else "no path avoids them"
        lines.line(2, f"{row['supplier_id']}{name}: {counts} on some path; {way}", hang=4)
    _path(model, lines)
    return lines.text()


def _list(title: str, steps: list[dict[str, Any]], total: int, lines: Lines) -> None:
    """Write the first of a list of components, sites and links."""
    lines.gap()
    lines.line(0, f"{title}: {number(total)}")
    for step in steps[:SHOWN]:
        lines.line(2, _step(step))
    if total > SHOWN:
        lines.line(2, f"and {number(total - SHOWN)} more")


def _step(step: dict[str, Any]) -> str:
    """Return one thing on a path."""
    whose = f", {step['supplier_id']}" if step["supplier_id"] else ""
    return f"{step['table']} {step['id']}{whose}"


def _path(model: Model, lines: Lines) -> None:
    """Write whether a path avoids a supplier, and which."""
    lines.gap()
    without = f"without {model['avoid']}" if model["avoid"] else "at all"
    if model["path"] is None:
        lines.line(0, f"No path {without}.")
        return
    lines.line(0, f"A shortest path {without}:")
    for step in model["path"]:
        lines.line(2, _step(step))
