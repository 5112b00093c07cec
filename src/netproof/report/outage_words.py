"""The words of outages on a page: shares of all people, names of what fails, what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from netproof.report.words import number, plural

if TYPE_CHECKING:
    from netproof.report.words import Model

LEFT_OUT: Final = {
    "link_left_out": "Links left out",
    "self_link": "Links from a thing to itself",
    "dependency_left_out": "Dependencies left out",
    "need_cycle": "Things that need each other",
    "alternative_cycle": "Alternatives that need each other",
    "event_left_out": "Members of your own events left out",
    "flow_left_out": "Flows left out",
    "homing_left_out": "Homing rows that do not count",
    "people_without_component": "Sites with people and without a component",
    "people_differ": "Sites that say otherwise than their components how many people there are",
}
"""Headings of what was not counted, or taken otherwise than written."""
CAPACITY: Final = {
    "fits": "The demand of the flows that are still connected fits the links that remain.",
    "does_not_fit": "The demand of the flows that are still connected does not fit the links that remain.",
    "no_flows": "Not computed: no flow says how much it carries.",
    "no_capacities": "Not computed: no link says how much it can carry.",
    "too_large": "Not computed: too many flows and sites to ask the solver.",
}
MEANING: Final = {
    "Event": "One thing that fails, with everything that goes down because it needs what fails: "
    "power, timing, a host, a site.",
    "People who lose a service": "People who had every service they are to have, and lack at least one "
    "after the event. Those who lacked one before are told apart and counted nowhere else.",
    "Hang on it": "People among them whom what fails does not serve first itself: they lose a service "
    "because their way to it is cut, what provides it is gone, or what serves them needs what fails.",
    "Single point of failure": "A component, site or link on which people hang whom it does not serve "
    "itself.",
    "Whole sites": "Sites all of whose people are without a service.",
    "Connected, not served": "People count as served while a way to every needed function exists. Whether "
    "links carry the load is computed for one event asked for (--event).",
}
"""Terms of these pages, and what they mean."""


def part(share: float) -> str:
    """A share of a whole, never rounded to nothing or to all: `12.3 %`."""
    if 0 < share < 0.001:
        return "<0.1 %"
    if 0.999 < share < 1:
        return ">99.9 %"
    return f"{share:.0%}".replace("%", " %") if share in (0, 1) else f"{share * 100:.1f} %"


def chance(share: float) -> str:
    """A probability with two digits that count: `0.0012 %`."""
    return f"{share * 100:.2g} %" if 0 < share < 0.1 else part(share)


def up(share: float) -> str:
    """An availability with as many nines as it has, and one digit more: `99.9984 %`."""
    if share >= 1:
        return "100 %"
    down = (1 - share) * 100
    digits = 2
    while down < 10 ** (1 - digits) and digits < 9:
        digits += 1
    return f"{100 - down:.{digits}f} %"


def yearly(probability: float) -> str:
    """How long a thing with that probability is down in a year of 8,766 hours: `3.2 h`, `10.5 min`."""
    hours = probability * 8766
    for unit, factor in (("days", 1 / 24), ("h", 1.0), ("min", 60.0)):
        if hours * factor >= 1.5:
            return f"{hours * factor:,.1f} {unit}"
    return f"{hours * 3600:,.1f} s"


def gbps(rate: float) -> str:
    """A rate [Gbit/s] with one decimal: `3,120.0`, `<0.1`."""
    return "<0.1" if 0 < rate < 0.05 else f"{rate:,.1f}" if rate else "0"


def amount(value: float) -> str:
    """A mean of people: whole from ten on."""
    return f"{value:,.0f}" if value >= 10 else f"{value:,.2g}"


def power_of_ten(power: float) -> str:
    """A number on a scale: `100,000`, `10 M`."""
    return f"{power / 1e6:,.0f} M" if power >= 1e6 else f"{power:,.0f}"


def other_name(event: dict[str, Any]) -> str:
    """The name of a thing; empty where it is its id, or not recorded."""
    name = event.get("name") or ""
    return "" if name == event["id"] else name


def own_loss(event: dict[str, Any]) -> list[str]:
    """What each service loses: `data 120`, `voice 80`."""
    return [
        f"{row['service']} {number(row['lost_population'])}"
        for row in event["by_service"]
        if row["lost_population"]
    ]


def sizes(model: Model) -> str:
    """How large a network is: `3,410 components, 400 sites and 1,200 links`."""
    scale = model["scale"]
    told = [f"{number(scale[f'{word}s'])} {plural(word, scale[f'{word}s'])}" for word in _COUNTED]
    return f"{', '.join(told[:-1])} and {told[-1]}"


_COUNTED = ("component", "site", "link")
