"""Every pair of failures, on a terminal: how much in all, the worst pairs, the worst partner of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netproof.report.diff_lines import Lines
from netproof.report.outages_terminal import share
from netproof.report.words import number

if TYPE_CHECKING:
    from netproof.report.words import Model

SHOWN = 10


def text(model: Model, width: int | None = None) -> str:
    """Return the pairs as plain text, wrapped at `width` (80 unless told)."""
    lines = Lines(width)
    lost = model["lost"]
    lines.line(0, f"{model['network']['name']}: what any two failures take together, as of {model['as_of']}")
    lines.line(
        0,
        f"{number(model['pairs'])} pairs of {number(model['elements'])} nodes and links, all of them, exact",
    )
    worst = share(lost["maximum"] / model["people"] if model["people"] else 0.0)
    lines.line(
        0,
        f"On average {lost['mean']:,.1f} people lose a service, at most {number(lost['maximum'])} ({worst}); "
        f"summed over all pairs {number(lost['total_population'])}",
    )
    lines.line(0, model["statement"])
    lines.gap()
    lines.line(0, "Worst pairs")
    for pair in model["top"][:SHOWN]:
        lines.line(
            2, f"{_one(pair['a'])} + {_one(pair['b'])}: {number(pair['lost_population'])} people", hang=4
        )
    if not model["top"]:
        lines.line(2, "none: no two failures take anything")
    lines.gap()
    lines.line(0, "Worst partner of each")
    for row in model["worst_partners"][:SHOWN]:
        people, alone = number(row["lost_population"]), number(row["alone"])
        lines.line(
            2, f"{_one(row['element'])}: {people} people with {_one(row['partner'])} (alone {alone})", hang=4
        )
    return lines.text()


def _one(element: dict[str, Any]) -> str:
    """Return an element in words."""
    return f"{element['kind']} {element['id']}"
