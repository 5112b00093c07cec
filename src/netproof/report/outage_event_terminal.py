"""One event in full, on a terminal: what goes down and why, and who loses what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netproof.report.diff_lines import Lines
from netproof.report.outages_terminal import KIND, left_out, losses, named, opening
from netproof.report.words import number, plural

if TYPE_CHECKING:
    from netproof.report.words import Model

SHOWN = 15


def text(model: Model, width: int | None = None) -> str:
    """Return the event as plain text, wrapped at `width` (80 unless told)."""
    lines = Lines(width)
    opening(model, lines)
    event = model["event"]
    lines.gap()
    lines.line(0, f"When {KIND[event['kind']]} {named(event)} fails: {losses(event)}")
    _down(model, lines)
    _sites(model, lines)
    _flows(model, lines)
    _capacity(model, lines)
    left_out(model, lines)
    return lines.text()


def _down(model: Model, lines: Lines) -> None:
    """Write what goes down."""
    event = model["event"]
    own = [row for row in event["members"] if not row["cause"]]
    needs = [row for row in event["members"] if row["cause"]]
    lines.gap()
    lines.line(
        0, f"What goes down: {number(event['members_total'])} {plural('thing', event['members_total'])}"
    )
    for row in own[:SHOWN]:
        lines.line(2, f"{row['table']} {row['id']}")
    if len(own) > SHOWN:
        lines.line(2, f"and {number(len(own) - SHOWN)} more of its own")
    for row in needs[:SHOWN]:
        lines.line(2, f"{row['table']} {row['id']}, because it {row['cause']}", hang=4)
    if len(needs) > SHOWN:
        lines.line(2, f"and {number(len(needs) - SHOWN)} more that need something of it")
    unlisted = event["members_total"] - len(event["members"])
    if unlisted > 0:
        lines.line(2, f"{number(unlisted)} are not listed")


def _sites(model: Model, lines: Lines) -> None:
    """Write at which sites people lose a service."""
    sites = model["lost"]["sites"]
    if not sites:
        return
    lines.gap()
    lines.line(0, f"Who loses a service: people at {number(len(sites))} {plural('site', len(sites))}")
    for site in sites[:SHOWN]:
        part = f"{number(site['lost_population'])} of {number(site['people'])} people"
        lines.line(2, f"{site['site_id']} ({site['name'] or 'without a name'}): {part}", hang=4)
    if len(sites) > SHOWN:
        lines.line(2, f"and {number(len(sites) - SHOWN)} more")


def _flows(model: Model, lines: Lines) -> None:
    """Write which flows are lost."""
    lost = [flow for flow in model["lost"]["flows"] if flow["state"] == "lost"]
    if not lost:
        return
    lines.gap()
    lines.line(0, f"Flows lost: {number(len(lost))} of {number(len(model['lost']['flows']))}")
    for flow in lost[:SHOWN]:
        rate = "" if flow["rate_gbps"] is None else f", {flow['rate_gbps']:g} Gbit/s"
        kind = flow["classification"] or "unclassified"
        lines.line(2, f"{flow['flow_id']}: {kind}{rate}, {flow['from']} to {flow['to']}", hang=4)
    if len(lost) > SHOWN:
        lines.line(2, f"and {number(len(lost) - SHOWN)} more")


def _capacity(model: Model, lines: Lines) -> None:
    """Write whether the demand that is still connected fits."""
    capacity = model["capacity"]
    lines.gap()
    lines.line(0, f"Capacity: {capacity['statement']}")
    if capacity["served_gbps"] is None:
        return
    fits, asked, before = (capacity[f"{word}_gbps"] for word in ("served", "demand", "served_before"))
    lines.line(2, f"{fits:,.1f} of the {asked:,.1f} Gbit/s still connected fit; {before:,.1f} fitted before")
    lines.line(2, f"of every flow at once: {capacity['share']:.1%}; before {capacity['share_before']:.1%}")
