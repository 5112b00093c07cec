"""Which rows describe the network itself?

Turns sites, components, links and needs into tables site, component, link, dependency, service,
homing, flow and event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netproof.demo.draw import Draw, Ints
from netproof.demo.equipment import ZONES, Fleet
from netproof.demo.frames import UNKNOWN, Column, Frame, Frames, numbered, same, texts
from netproof.demo.geography import LANDS, Places
from netproof.demo.wiring import Links, Needs, lengths

if TYPE_CHECKING:
    from netproof.demo.market import Market

PROVIDERS = texts(["trassenkontor", "lichtgraben", None])
"""Who provides a line; the last is the operator."""

SERVICES = {
    "data": ("AMF", "SMF", "UPF", "UDM", "AUSF"),
    "voice": ("AMF", "SMF", "UPF", "UDM", "AUSF", "PCF", "IMS"),
}

CLASSES = ("subscriber", "subscriber", "subscriber", "emergency", "government", "signalling")


def region(land: int) -> str:
    """Return the region of a Land: the first two digits of the official key, as text."""
    return f"{land + 1:02}"


def _site(places: Places, site_id: Column) -> Frame:
    """Return table site."""
    regions = texts([region(land) for land in range(len(LANDS))])
    return Frame(
        site_id=site_id,
        name=texts(places.name),
        kind=texts(places.kind),
        region=regions[places.land],
        latitude_deg=places.latitude_deg,
        longitude_deg=places.longitude_deg,
        population=places.population,
    )


def component_ids(fleet: Fleet, market: Market, site_id: Column) -> Column:
    """Return the identity of each component: its site, its function and a number."""
    functions = texts(market.functions)
    rows = zip(site_id[fleet.site], functions[fleet.function], fleet.ordinal.tolist(), strict=True)
    return texts([f"{site}-{function}-{number}" for site, function, number in rows])


def _names(places: Places, fleet: Fleet, market: Market) -> Column:
    """Return what people call each component."""
    rows = zip(
        texts(places.name)[fleet.site],
        texts(market.functions)[fleet.function],
        fleet.ordinal.tolist(),
        strict=True,
    )
    return texts([f"{site}, {function} {number}" for site, function, number in rows])


def _component(places: Places, fleet: Fleet, market: Market, ids: Column, site_id: Column) -> Frame:
    """Return table component."""
    count = len(ids)
    versions = texts([version for item in market.products for version in (*item.versions, *[None] * 5)[:5]])
    soft = fleet.slot >= 0
    version = same(None, count)
    version[soft] = versions[fleet.product[soft] * 5 + fleet.slot[soft]]
    heads = fleet.parts["ru"]
    population = np.full(count, UNKNOWN)
    population[heads] = fleet.population[heads]
    shared = same(None, count)
    # Some rural sites are shared with another made-up operator.
    shared[fleet.parts["du"][::29]] = "Nachbarnetz"
    return Frame(
        component_id=ids,
        name=_names(places, fleet, market),
        site_id=site_id[fleet.site],
        function=texts(market.functions)[fleet.function],
        zone=texts([*ZONES, None])[fleet.zone],
        product_id=texts([item.product_id for item in market.products])[fleet.product],
        supplier_id=texts([item.supplier_id for item in market.products])[fleet.product],
        version=version,
        serial=numbered("MN", count, digits=8),
        population=population,
        first_used_on=fleet.first_used.copy(),
        retired_on=np.full(count, UNKNOWN),
        shared_with=shared,
    )


def _link(places: Places, fleet: Fleet, links: Links, ids: Column) -> Frame:
    """Return table link."""
    return Frame(
        link_id=numbered("L", len(links.a)),
        a_id=ids[links.a],
        b_id=ids[links.b],
        layer=texts(links.layer),
        capacity_gbps=links.capacity.copy(),
        provider_id=PROVIDERS[links.provider],
        length_km=lengths(links, places, fleet),
    )


def _dependency(needs: Needs, links: Links, ids: Column, link_id: Column, site_id: Column) -> Frame:
    """Return table dependency."""
    start = np.concatenate([ids[needs.start], link_id[links.laid], np.repeat(site_id[needs.timed], 2)])
    end = np.concatenate([ids[needs.end], ids[links.duct], ids[needs.clock.ravel()]])
    lines, clocks = len(links.duct), needs.clock.size
    kind = needs.kind + ("in_duct",) * lines + ("timed_by",) * clocks
    grouped = needs.grouped + (False,) * lines + (True,) * clocks
    rows = zip(start, kind, grouped, strict=True)
    group = [f"{item}/{word}" if together else None for item, word, together in rows]
    return Frame(from_id=start, to_id=end, kind=texts(kind), group_id=texts(group))


def _homing(places: Places, fleet: Fleet, ids: Column, site_id: Column) -> Frame:
    """Return table homing: the cell sites of the first hub may use the user plane of their edge only."""
    first = places.tiers.first_cell
    sites = np.flatnonzero(places.hub_of_cell == 0)[:3] + first
    upf = ids[fleet.parts["edge_upf"][:1]]
    count = len(sites)
    return Frame(
        site_id=site_id[sites],
        service_id=same("data", count),
        function=same("UPF", count),
        component_id=np.repeat(upf, count),
    )


def _flow(places: Places, fleet: Fleet, ids: Column, site_id: Column, draw: Draw) -> Frame:
    """Return table flow: from cell sites to user planes in the core."""
    tier = places.tiers
    count = max(30, tier.cell // 10)
    start: Ints = tier.first_cell + draw.some(tier.cell, count)
    upf = fleet.parts["UPF"]
    return Frame(
        flow_id=numbered("F", len(start)),
        from_id=site_id[start],
        to_id=ids[upf[draw.below(len(start), len(upf))]],
        classification=texts(CLASSES)[draw.below(len(start), len(CLASSES))],
        rate_gbps=np.round(draw.unit(len(start)) * 4 + 0.05, 2),
    )


def _event(places: Places, fleet: Fleet, ids: Column, site_id: Column) -> Frame:
    """Return table event: a flood at the first hub and its cell sites, a fire at both core routers."""
    tier = places.tiers
    flooded = np.append(tier.first_hub, np.flatnonzero(places.hub_of_cell == 0) + tier.first_cell)
    room = [ids[fleet.parts[part][0]] for part in ("core_a", "core_b")]
    count = len(flooded)
    return Frame(
        event_id=texts(["E-FLOOD"] * count + ["E-FIRE"] * len(room)),
        member_id=texts([*site_id[flooded], *room]),
        probability=np.array([0.0002] * count + [0.00005] * len(room)),
    )


def network_frames(
    places: Places, fleet: Fleet, links: Links, needs: Needs, market: Market, seed: int
) -> Frames:
    """Return tables site, component, link, dependency, service, homing, flow and event.

    Args:
        places: The sites.
        fleet: The components.
        links: The links.
        needs: What cannot work without what.
        market: Who sells what.
        seed: What chance starts from.
    """
    site_id = numbered("S", len(places.kind))
    ids = component_ids(fleet, market, site_id)
    link = _link(places, fleet, links, ids)
    needed = [(service, function) for service, functions in SERVICES.items() for function in functions]
    return {
        "site": _site(places, site_id),
        "component": _component(places, fleet, market, ids, site_id),
        "link": link,
        "dependency": _dependency(needs, links, ids, link["link_id"], site_id),
        "service": Frame(
            service_id=texts([service for service, _ in needed]),
            function=texts([function for _, function in needed]),
        ),
        "homing": _homing(places, fleet, ids, site_id),
        "flow": _flow(places, fleet, ids, site_id, Draw(seed, "flow")),
        "event": _event(places, fleet, ids, site_id),
    }
