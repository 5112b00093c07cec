"""One event for people: who is dark on a map, what goes down and why, flows lost, what still fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from netproof.errors import ReportError
from netproof.report import sitemap
from netproof.report.outages_html import outage_page
from netproof.report.words import number

if TYPE_CHECKING:
    from netproof.report.words import Model

SITES_MAX: Final = 200
"""Sites with a loss that the table lists."""
MEMBERS_MAX: Final = 300
"""Things that go down for one reason, that are listed."""
REASONS_MAX: Final = 40
FLOWS_MAX: Final = 200
STATES: Final = {
    "dark": "dark, all without a service",
    "partly": "some without a service",
    "kept": "nobody loses a service",
}
"""What becomes of a site, the worst first."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Things that go down for one reason.

    Attributes:
        cause: Why; empty for what the event itself takes.
        counts: How many of them are listed in each table.
        members: The first of them.
        total: How many the model lists.
    """

    cause: str
    counts: list[tuple[str, int]]
    members: list[dict[str, Any]]
    total: int


def state(site: dict[str, Any]) -> str:
    """What becomes of a site."""
    if site["dark"]:
        return "dark"
    return "partly" if site["lost_population"] else "kept"


def _told(site: dict[str, Any]) -> str:
    """A site in words."""
    if not site["lost_population"]:
        return STATES["kept"]
    return f"{number(site['lost_population'])} of {number(site['people'])} people lose a service"


LOOK: Final = sitemap.Look(
    tuple(STATES),
    state,
    _told,
    {"dark": "dark", "partly": "partly without", "kept": "without loss"},
    "no loss",
)


def text(model: Model, width: int | None = None) -> str:
    """The event as one HTML document.

    Args:
        model: The model of `netproof outages --event`.
        width: Not used: the reader's window has the width.

    Raises:
        ReportError: The model lacks what a template shows.
    """
    del width
    try:
        return _page(model)
    except KeyError as error:
        raise ReportError(f"report: expected a whole event, got a model without {error}") from error


def _page(model: Model) -> str:
    """The document; a KeyError where the model lacks something."""
    lost, event = model["lost"], model["event"]
    gone = [flow for flow in lost["flows"] if flow["state"] == "lost"]
    reasons = _reasons(event["members"])
    return outage_page(
        "outage_event.html.j2",
        model,
        event=event,
        map=sitemap.site_map([*lost["sites"], *_kept(lost["kept"])], LOOK),
        states=STATES,
        state=state,
        sites=lost["sites"][:SITES_MAX],
        reasons=reasons[:REASONS_MAX],
        reasons_total=len(reasons),
        flows=sorted(gone, key=lambda flow: (-(flow["rate_gbps"] or 0), flow["flow_id"]))[:FLOWS_MAX],
        flows_lost=len(gone),
    )


def _kept(kept: dict[str, Any]) -> list[dict[str, Any]]:
    """Sites without a loss as the map takes them; those without coordinates as one."""
    nothing = {"dark": False, "lost_population": 0, "people": 0, "site_id": "", "name": "site"}
    found = [
        {**nothing, "latitude_deg": latitude, "longitude_deg": longitude, "sites": many}
        for latitude, longitude, many in kept["places"]
    ]
    elsewhere = kept["sites"] - sum(site["sites"] for site in found)
    return [*found, {**nothing, "latitude_deg": None, "longitude_deg": None, "sites": elsewhere}]


def _reasons(members: list[dict[str, Any]]) -> list[Reason]:
    """What goes down by reason: the event's own first, then what most things wait for."""
    by_cause: dict[str, list[dict[str, Any]]] = {}
    for member in members:
        by_cause.setdefault(member["cause"], []).append(member)
    found = []
    for cause, alike in by_cause.items():
        counts: dict[str, int] = {}
        for member in alike:
            counts[member["table"]] = counts.get(member["table"], 0) + 1
        found.append(Reason(cause, sorted(counts.items()), alike[:MEMBERS_MAX], len(alike)))
    return sorted(found, key=lambda reason: (bool(reason.cause), -reason.total, reason.cause))
