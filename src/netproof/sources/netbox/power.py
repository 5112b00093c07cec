"""Power cables become dependencies: what each device draws its power from.

Two or more sources of one device are alternatives (one group): that is what redundant power
supplies are for, and NetBox records nothing that would say otherwise. The report says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netproof.sources.netbox.wiring import POWER_FEED, POWER_OUTLET, POWER_PORT, Strand, Termination, Wiring

if TYPE_CHECKING:
    from netproof.sources.netbox.estate import Estate

GROUPED = "several power sources of one component are taken as alternatives: any one is enough"
NOT_IMPORTED = "one of its ends is at a device that was left out"


def put_power(estate: Estate, wiring: Wiring) -> None:
    """Add what each device is powered by."""
    for strand in wiring.strands:
        if reason := _power(estate, wiring, strand):
            estate.tally.leave(strand.endpoint, strand.number, reason)
    sources: dict[str, list[tuple[str, ...]]] = {}
    for key in estate.rows.get("dependency", {}):
        if key[2] == "powered_by":
            sources.setdefault(key[0], []).append(key)
    for component, keys in sources.items():
        if len(keys) > 1:
            estate.tally.note(GROUPED)
            for key in keys:
                estate.rows["dependency"][key]["group_id"] = f"power-{component}"


def _power(estate: Estate, wiring: Wiring, strand: Strand) -> str:
    """Add the dependencies of one cable; return why there are none, or nothing."""
    ends = [*strand.ends[0], *strand.ends[1]]
    if not any(kind in (POWER_PORT, POWER_OUTLET, POWER_FEED) for kind, _ in ends):
        return ""
    if strand.idle:
        return strand.idle
    ports = [end for end in ends if end[0] == POWER_PORT]
    givers = [end for end in ends if end[0] in (POWER_OUTLET, POWER_FEED)]
    if not ports or not givers:
        return "it joins power ports, but no outlet or feed"
    pairs = [
        (_component(estate, wiring, port), _component(estate, wiring, giver))
        for port in ports
        for giver in givers
    ]
    known = [(port, giver) for port, giver in pairs if port and giver and port != giver]
    if not known:
        return NOT_IMPORTED
    source = estate.tally.use(strand.endpoint, strand.number)
    for port, giver in known:
        estate.need(port, giver, "powered_by", source)
    return ""


def _component(estate: Estate, wiring: Wiring, end: Termination) -> str:
    """Return the component that a power port, outlet or feed belongs to; empty where there is none."""
    if end[0] == POWER_FEED:
        feed = f"power-feed-{end[1]}"
        return feed if estate.has("component", feed) else ""
    device = wiring.device_of.get(end)
    return f"device-{device}" if device in estate.devices else ""
