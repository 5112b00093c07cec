"""What is lost when anything fails, on a terminal: the worst of each kind, and single points of failure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netproof.report.diff_lines import Lines
from netproof.report.words import number, plural

if TYPE_CHECKING:
    from netproof.report.words import Model

SHOWN = 5
"""Events of a kind, and single points of failure, that a terminal lists."""

KIND = {
    "component": "component",
    "site": "site",
    "link": "link",
    "facility": "facility",
    "duct": "duct",
    "product": "product",
    "release": "release",
    "supplier": "supplier",
    "supplier_zone": "supplier in a zone",
    "supplier_region": "supplier in a region",
    "custom": "event of your own",
}
"""A kind of event in words."""
KINDS = {
    "component": "components",
    "site": "sites",
    "link": "links",
    "facility": "facilities",
    "duct": "ducts",
    "product": "products",
    "release": "releases",
    "supplier": "suppliers",
    "supplier_zone": "suppliers, zone by zone",
    "supplier_region": "suppliers, region by region",
    "custom": "events of your own",
}
"""All events of a kind in words."""


def text(model: Model, width: int | None = None) -> str:
    """Return the outages as plain text, wrapped at `width` (80 unless told)."""
    lines = Lines(width)
    opening(model, lines)
    lines.gap()
    _kinds(model, lines)
    for row in model["kinds"]:
        _worst(row["kind"], [event for event in model["events"] if event["kind"] == row["kind"]], lines)
    _single_points(model, lines)
    left_out(model, lines)
    return lines.text()


def opening(model: Model, lines: Lines) -> None:
    """Write which network it is, how large, and who has no service before anything fails."""
    scale = model["scale"]
    lines.line(0, f"{model['network']['name']}: what is lost when something fails, as of {model['as_of']}")
    counts = ((scale[word], word.removesuffix("s")) for word in ("components", "sites", "links"))
    sizes = ", ".join(f"{number(count)} {plural(word, count)}" for count, word in counts)
    lines.line(0, f"{sizes}; {number(scale['people'])} people")
    for service in model["services"]:
        lines.line(
            2, f"{service['id']} needs {', '.join(service['functions']) or 'any core component'}", hang=4
        )
    baseline = model["baseline"]
    if not baseline["lost_population"]:
        return
    lines.line(
        0,
        f"Before anything fails, {number(baseline['lost_population'])} people already lack a service; "
        "they are in no number below:",
    )
    for row in baseline["by_service"]:
        if row["lost_population"]:
            why = f": {row['reason']}" if row["reason"] else ""
            lines.line(2, f"{row['service']}: {number(row['lost_population'])} people{why}", hang=4)


def share(part: float) -> str:
    """Return a share of all people in percent."""
    return f"{part:.1%}" if part >= 0.001 or not part else "<0.1%"


def named(event: dict[str, Any]) -> str:
    """Return an event's id, with its name where it has another."""
    return event["id"] if event["name"] in (None, "", event["id"]) else f"{event['id']} ({event['name']})"


def _kinds(model: Model, lines: Lines) -> None:
    """Write one row for each kind of event."""
    heads = ("one of all", "events", "with loss", "worst [people]", "share")
    rows = [
        (
            KINDS[row["kind"]],
            number(row["events"]),
            number(row["with_loss"]),
            number(row["worst_population"]),
            share(row["worst_population"] / model["scale"]["people"] if model["scale"]["people"] else 0.0),
        )
        for row in model["kinds"]
    ]
    widths = [max(len(row[place]) for row in [heads, *rows]) for place in range(len(heads))]
    for row in [heads, *rows]:
        first, *rest = (
            word.ljust(wide) if not place else word.rjust(wide)
            for place, (word, wide) in enumerate(zip(row, widths, strict=True))
        )
        lines.raw("  ".join([first, *rest]))


def _worst(kind: str, events: list[dict[str, Any]], lines: Lines) -> None:
    """Write the worst events of a kind."""
    worst = [event for event in events if event["lost_population"]][:SHOWN]
    if not worst:
        return
    lines.gap()
    lines.line(0, f"Worst {KINDS[kind]}")
    for event in worst:
        lines.line(2, f"{named(event)}: {losses(event)}", hang=4)


def losses(event: dict[str, Any]) -> str:
    """Return what an event takes, as a phrase."""
    parts = [f"{number(event['lost_population'])} people ({share(event['share'])})"]
    if event["lost_sites"]:
        parts.append(f"{number(event['lost_sites'])} whole {plural('site', event['lost_sites'])}")
    if event["lost_demand_gbps"]:
        parts.append(f"{event['lost_demand_gbps']:,.1f} Gbit/s of flows")
    if event["members_total"] > 1:
        parts.append(f"{number(event['members_total'])} things go down")
    told = "; ".join(parts)
    services = event["by_service"]
    if any(row["lost_population"] != event["lost_population"] for row in services):
        lost = (
            f"{row['service']} {number(row['lost_population'])}" for row in services if row["lost_population"]
        )
        told += "; " + ", ".join(lost)
    return told


def _single_points(model: Model, lines: Lines) -> None:
    """Write the single points of failure."""
    total = model["single_points_total"]
    lines.gap()
    if not total:
        lines.line(0, "No single component, link or site takes a service from people beyond its own.")
        return
    lines.line(
        0,
        f"Single points of failure: {number(total)} components, links and sites that take a service from "
        "people beyond their own",
    )
    for point in model["single_points_of_failure"][:SHOWN]:
        lines.line(
            2, f"{KIND[point['kind']]} {named(point)}: {number(point['lost_elsewhere'])} people", hang=4
        )
    if total > SHOWN:
        lines.line(2, f"and {number(total - SHOWN)} more (--format json or html lists them)")


def left_out(model: Model, lines: Lines) -> None:
    """Write what was not counted, or taken otherwise than written."""
    if not model["left_out"]:
        return
    lines.gap()
    lines.line(0, "Not counted, or taken otherwise than written")
    for row in model["left_out"]:
        lines.line(
            2, f"{row['what'].replace('_', ' ')}: {number(row['count'])}, such as: {row['examples'][0]}"
        )
