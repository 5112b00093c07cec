"""Random failures, on a terminal: how much is lost how often, availability, what contributes most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netproof.report.diff_lines import Lines
from netproof.report.words import number

if TYPE_CHECKING:
    from netproof.report.words import Model

SHOWN = 5
BAR = 30
"""Columns of the longest bar."""


def text(model: Model, width: int | None = None) -> str:
    """Return the samples as plain text, wrapped at `width` (80 unless told)."""
    lines = Lines(width)
    lines.line(0, f"{model['network']['name']}: random failures, as of {model['as_of']}")
    lines.line(0, f"{number(model['scenarios'])} scenarios, seed {model['seed']} (it draws the same again)")
    rates = ", ".join(
        f"{row['kind']} {row['probability']:g}{' (assumed)' * row['assumed']}" for row in model["rates"]
    )
    lines.line(0, f"Probability of being down at a random moment: {rates}")
    if any(row["assumed"] for row in model["rates"]):
        lines.line(0, f"Assumed: {model['assumption']}")
    for service in model["services"]:
        _service(service, lines)
    lines.gap()
    lines.line(0, "What contributes most, by the share of all losses in scenarios in which it failed")
    for row in model["contributors"][:SHOWN]:
        times = f"down in {number(row['hits'])} scenarios, {row['mean']:,.0f} people lost in one on average"
        lines.line(2, f"{row['kind']} {row['id']}: {row['share']:.1%} ({times})", hang=4)
    return lines.text()


def _service(service: dict[str, Any], lines: Lines) -> None:
    """Write what is lost of a service, and where it is least available."""
    lines.gap()
    name = service["service"] or "At least one service"
    lines.line(
        0,
        f"{name}: {service['mean']:,.1f} people lost on average; available {service['availability']:.4%} "
        "of the time, all people counted alike",
    )
    top = max((people for _, people in service["quantiles"]), default=0)
    for part, people in service["quantiles"]:
        bar = "#" * round(BAR * people / top) if top else ""
        lines.raw(f"  {f'{part:.1%}'.rjust(6)} of scenarios lose at most {number(people).rjust(12)}  {bar}")
    for site in service["worst_sites"][:SHOWN]:
        named = f" ({site['name']})" if site["name"] else ""
        lines.line(2, f"least available: {site['site_id']}{named}, {site['availability']:.4%}", hang=4)
