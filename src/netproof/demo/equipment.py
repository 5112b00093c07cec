"""Which components stand at which site?

Core sites hold the core functions, management systems and two planes of routers; regional centres
and hubs hold routers; a cell site holds a router, a battery, radio units and what drives them.
Who delivers what alternates, so that no function hangs on one supplier.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from netproof.demo.draw import Draw, Flags, Ints, spread, within
from netproof.demo.market import SLOTS, Market

if TYPE_CHECKING:
    from netproof.demo.geography import Places

EPOCH = date(1970, 1, 1)

ZONES = ("core", "management", "transport", "access")
ZONE_OF = {
    "MANO": 1, "EMS": 1, "RAN_MGMT": 1, "ROUTER": 2, "SWITCH": 2, "INTERCONNECT": 2,
    "GNB_CU": 3, "GNB_DU": 3, "O_RU": 3, "FACILITY": -1,
}  # fmt: skip
"""All others are in the core; supplies and ducts are in no zone."""

WIDE = ("AMF", "SMF", "UDM", "AUSF", "NRF", "SCP", "PCF", "IMS")
"""Core functions that run at four or more core sites, four instances each."""

NARROW = ("SEPP", "NEF", "N3IWF", "NWDAF", "UDR", "NSSF", "CHF", "LI", "DNS", "AAA")
"""Core functions that run at two core sites, one instance each."""


ONE_SITE = "SEPP"
"""Both instances of this function stand at one site: a planted fault."""

ONE_SUPPLIER_LAND = 9
"""All radio of this Land comes from one supplier: a planted fault (Saarland)."""


def days(year: int, month: int, day: int) -> int:
    """Return a date as days since 1970-01-01."""
    return (date(year, month, day) - EPOCH).days


@dataclass(frozen=True, slots=True)
class Fleet:
    """All components; every array is int64[components].

    Attributes:
        function: Position in the market's functions.
        product: Position in the market's products.
        slot: Which version of the product; -1 for what has no software.
        ordinal: 1, 2 … among the same function at the same site.
        population: People served first.
        first_used: Days since 1970.
        parts: Positions of the components that wiring asks for, by name.
    """

    site: Ints
    function: Ints
    zone: Ints
    product: Ints
    slot: Ints
    ordinal: Ints
    population: Ints
    first_used: Ints
    parts: dict[str, Ints]

    def of(self, market: Market, *functions: str) -> Flags:
        """Return bool[components], whether a component has one of these functions."""
        return np.isin(self.function, [market.functions.index(name) for name in functions])


@dataclass(slots=True)
class _Builder:
    """Collects blocks of components of one function."""

    market: Market
    blocks: list[tuple[Ints, Ints, Ints]] = field(default_factory=list)
    parts: dict[str, Ints] = field(default_factory=dict)
    count: int = 0

    def add(self, part: str, function: str, site: Ints, seller: Ints) -> None:
        """Add components; `seller` chooses among those who sell the function."""
        sellers = np.array(self.market.sellers[function], dtype=np.int64)
        code = np.full(len(site), self.market.functions.index(function), dtype=np.int64)
        self.blocks.append((site, code, sellers[seller % len(sellers)]))
        self.parts[part] = np.arange(self.count, self.count + len(site))
        self.count += len(site)


def _add_core(build: _Builder, core: int) -> None:
    """Add what stands at the core sites."""
    wide = max(4, core // 2)
    for number, function in enumerate(WIDE):
        position = np.repeat(np.arange(wide), 4)
        build.add(function, function, (position + number) % core, position)
    for number, function in enumerate(NARROW):
        position = np.arange(2)
        place = position * (function != ONE_SITE)
        build.add(function, function, (place + number) % core, position)
    everywhere = np.arange(core)
    build.add("UPF", "UPF", np.repeat(everywhere, 2), np.repeat(everywhere, 2))
    build.add("HOST", "HOST", np.repeat(everywhere, 16), np.tile(np.arange(16), core))
    build.add("FIREWALL", "FIREWALL", np.repeat(everywhere, 2), np.tile(np.arange(2), core))
    build.add("MANO", "MANO", np.array([0, 0, 2, 2]), np.array([0, 1, 0, 1]))
    for number, function in enumerate(("EMS", "RAN_MGMT")):
        seller = np.arange(8) % 4
        build.add(function, function, (np.arange(8) + number) % core, seller)
    build.add("INTERCONNECT", "INTERCONNECT", np.repeat(np.arange(3), 2), np.tile(np.arange(2), 3))
    build.add("core_a", "ROUTER", everywhere, np.zeros(core, dtype=np.int64))
    build.add("core_b", "ROUTER", everywhere, np.ones(core, dtype=np.int64))


def _radio_seller(places: Places) -> Ints:
    """Return who delivers the radio of each cell site: two suppliers in each Land but one, about 3 to 2."""
    land = places.land[places.tiers.first_cell :]
    sizes = np.bincount(land, minlength=16).astype(np.int64)
    first = ((within(sizes) * 2 + 1) * 4 < sizes[land] * 5) | (land == ONE_SUPPLIER_LAND)
    return np.where(first, land, land + 1).astype(np.int64)


def _add_cells(build: _Builder, places: Places, draw: Draw) -> tuple[Ints, Ints]:
    """Add what stands at the cell sites; return the people of each radio unit, and its unit's position."""
    tier = places.tiers
    site = np.arange(tier.cell) + tier.first_cell
    radio = _radio_seller(places)
    build.add("csr", "ROUTER", site, places.hub_of_cell)
    build.add("battery", "FACILITY", site, np.zeros(tier.cell, dtype=np.int64))
    units = 1 + draw.chance(tier.cell, 0.3).astype(np.int64)
    of_cell = np.repeat(np.arange(tier.cell), units)
    build.add("du", "GNB_DU", site[of_cell], radio[of_cell])
    heads = 1 + draw.weighted(len(of_cell), np.array([25, 35, 40]))
    of_unit = np.repeat(np.arange(len(of_cell)), heads)
    cell_of_head = of_cell[of_unit]
    build.add("ru", "O_RU", site[cell_of_head], radio[cell_of_head])
    weights = (1 + draw.below(len(cell_of_head), 30)) * (1 + draw.below(len(cell_of_head), 30))
    return spread(places.population[tier.first_cell :], cell_of_head, weights), of_unit


def _add_hubs(build: _Builder, places: Places) -> None:
    """Add what stands at regional centres and hubs."""
    tier = places.tiers
    regional = np.arange(tier.regional)
    hub = np.arange(tier.hub)
    for part, shift in (("regional_a", 0), ("regional_b", 1)):
        build.add(part, "ROUTER", regional + tier.core, regional + shift)
    twice, side = np.repeat(regional + tier.core, 2), np.tile(np.arange(2), tier.regional)
    build.add("regional_firewall", "FIREWALL", twice, side)
    build.add("regional_host", "HOST", twice, side)
    for part in ("hub_a", "hub_b"):
        build.add(part, "ROUTER", hub + tier.first_hub, hub)
    first_cell = np.minimum(np.searchsorted(places.hub_of_cell, hub), tier.cell - 1)
    build.add("cu", "GNB_CU", hub + tier.first_hub, _radio_seller(places)[first_cell])
    edges = np.flatnonzero(hub % 2 == 0)
    build.add("edge_upf", "UPF", edges + tier.first_hub, edges // 2)
    build.add("edge_host", "HOST", edges + tier.first_hub, edges // 2)
    switched = np.arange(tier.core + tier.regional)
    build.add("switch", "SWITCH", np.repeat(switched, 2), np.tile(np.arange(2), len(switched)))
    powered = np.arange(tier.first_cell)
    for part in ("feed_a", "feed_b"):
        build.add(part, "FACILITY", powered, powered)
    build.add("grid", "FACILITY", hub + tier.first_hub, hub)
    # Every fourth span of the backbone lies in one duct for both planes.
    core = np.arange(tier.core)
    build.add("duct_a", "FACILITY", core, core)
    spans = np.flatnonzero(core % 4 != 3)
    build.add("duct_b", "FACILITY", spans, spans)


def _add_ways(build: _Builder, places: Places) -> None:
    """Add the other ducts, and clocks at core sites and regional centres."""
    tier = places.tiers
    core = np.arange(tier.core)
    build.add("duct_across", "FACILITY", core, core)
    ways = np.repeat(np.arange(tier.regional) + tier.core, 4)
    build.add("duct_regional", "FACILITY", ways, ways)
    hub = np.arange(tier.hub) + tier.first_hub
    build.add("duct_hub", "FACILITY", hub, hub)
    central = np.arange(tier.first_hub)
    build.add("clock", "FACILITY", central, central)


def _ordinals(site: Ints, function: Ints, functions: int) -> Ints:
    """Return 1, 2 … among the components of one function at one site, in order."""
    group = site * functions + function
    order = np.argsort(group, kind="stable")
    sizes = np.unique(group, return_counts=True)[1].astype(np.int64)
    ordinal = np.empty(len(group), dtype=np.int64)
    ordinal[order] = within(sizes) + 1
    return ordinal


def _slots(fleet_land: Ints, product: Ints, market: Market, draw: Draw) -> Ints:
    """Return which version runs: one is usual in each Land, the others are found beside it."""
    count = len(product)
    usual = (fleet_land + product) % SLOTS
    other = draw.below(count, SLOTS)
    slot = np.where(draw.chance(count, 0.7), usual, other)
    soft = np.array([bool(item.versions) for item in market.products])
    return np.where(soft[product], slot, -1).astype(np.int64)


def equip(places: Places, market: Market, seed: int) -> Fleet:
    """Return all components of the network.

    Args:
        places: The sites.
        market: Who sells what.
        seed: What chance starts from.
    """
    build = _Builder(market)
    draw = Draw(seed, "equip")
    _add_core(build, places.tiers.core)
    _add_hubs(build, places)
    people, unit_of_head = _add_cells(build, places, draw)
    _add_ways(build, places)
    site, function, product = (np.concatenate([block[k] for block in build.blocks]) for k in range(3))
    count = len(site)
    population = np.zeros(count, dtype=np.int64)
    population[build.parts["ru"]] = people
    build.parts["unit_of_head"] = unit_of_head
    zone_of = np.array([ZONE_OF.get(name, 0) for name in market.functions])
    zone_of[market.functions.index("FACILITY")] = -1
    began = days(2019, 7, 1) + draw.below(count, days(2025, 12, 20) - days(2019, 7, 1))
    recent = days(2026, 1, 10) + draw.below(count, 250)
    return Fleet(
        site=site,
        function=function,
        zone=zone_of[function],
        product=product,
        slot=_slots(places.land[site], product, market, draw),
        ordinal=_ordinals(site, function, len(market.functions)),
        population=population,
        first_used=np.where(draw.chance(count, 0.06), recent, began).astype(np.int64),
        parts=build.parts,
    )
