"""What is joined to what, and what cannot work without what?

Access sites hang on their hub in rings, stars and trees; hubs form rings between the two routers of
a regional centre; two planes of core routers carry the rest. Everything has two power supplies, every
site takes its time from either of two clocks, and the core functions run on either of two servers. Lines
between hubs, centres and core sites lie in ducts; some spans of both planes share one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from netproof.demo.draw import Draw, Floats, Ints, within
from netproof.demo.geography import KM_PER_DEGREE, Places

if TYPE_CHECKING:
    from netproof.demo.equipment import Fleet
    from netproof.demo.market import Market

OWN, NORTH, SOUTH = -1, 0, 1
"""Who provides a line: the operator, or one of two line suppliers."""

RING, STAR, TREE = 0, 1, 2
SHAPES = np.array([55, 20, 25])
"""How many access groups in a hundred are rings, stars and trees."""


@dataclass(frozen=True, slots=True)
class Links:
    """All links; a and b are positions of components.

    Attributes:
        layer: Name of the layer of each link.
        capacity: float64[links] [Gbit/s].
        provider: OWN, NORTH or SOUTH.
        laid: Positions of the links that lie in ducts: all between hubs, centres and core sites.
        duct: In which duct each of them lies.
    """

    a: Ints
    b: Ints
    layer: tuple[str, ...]
    capacity: Floats
    provider: Ints
    laid: Ints
    duct: Ints


@dataclass(frozen=True, slots=True)
class Needs:
    """All dependencies of components on components, and those of sites on clocks.

    Attributes:
        grouped: Whether the rows of one component and kind are alternatives.
        timed: The hubs and cell sites; what stands where clocks do has clocks of its own.
        clock: int64[timed, 2], the two clocks of each of them; either is enough.
    """

    start: Ints
    end: Ints
    kind: tuple[str, ...]
    grouped: tuple[bool, ...]
    timed: Ints
    clock: Ints


@dataclass(slots=True)
class _Cables:
    """Collects blocks of links of one layer."""

    a: list[Ints] = field(default_factory=list)
    b: list[Ints] = field(default_factory=list)
    layer: list[str] = field(default_factory=list)
    capacity: list[float] = field(default_factory=list)
    provider: list[Ints] = field(default_factory=list)
    laid: list[Ints] = field(default_factory=list)
    duct: list[Ints] = field(default_factory=list)

    def lay(self, a: Ints, b: Ints, capacity_gbps: float, provider: Ints, duct: Ints) -> None:
        """Add optical links that lie in ducts."""
        self.laid.append(len(self.layer) + np.arange(len(a)))
        self.duct.append(duct)
        self.add(a, b, "optical", capacity_gbps, provider)

    def add(self, a: Ints, b: Ints, layer: str, capacity_gbps: float, provider: Ints | None = None) -> None:
        """Add links."""
        self.a.append(a)
        self.b.append(b)
        self.layer += [layer] * len(a)
        self.capacity += [capacity_gbps] * len(a)
        self.provider.append(np.full(len(a), OWN) if provider is None else provider)


def _backbone(cables: _Cables, places: Places, fleet: Fleet) -> None:
    """Join core sites and regional centres."""
    parts = fleet.parts
    core = places.tiers.core
    around = (np.arange(core) + 1) % core
    provider = np.arange(core) % 2
    duct_b = parts["duct_a"].copy()
    duct_b[fleet.site[parts["duct_b"]]] = parts["duct_b"]
    cables.lay(parts["core_a"], parts["core_a"][around], 400.0, provider, parts["duct_a"])
    cables.lay(parts["core_b"], parts["core_b"][around], 400.0, 1 - provider, duct_b)
    cables.add(parts["core_a"], parts["core_b"], "ip", 400.0)
    across = (np.arange(core) + 2) % core
    cables.lay(parts["core_a"], parts["core_b"][across], 400.0, provider, parts["duct_across"])
    count = places.tiers.regional
    regional = np.arange(count)
    north = places.latitude_deg[core : core + count, None] - places.latitude_deg[None, :core]
    east = (places.longitude_deg[core : core + count, None] - places.longitude_deg[None, :core]) * 0.63
    nearest = np.argsort(north * north + east * east, axis=1, kind="stable")
    ways = parts["duct_regional"].reshape(count, 4)
    cables.lay(parts["regional_a"], parts["core_a"][nearest[:, 0]], 200.0, regional % 2, ways[:, 0])
    cables.lay(parts["regional_b"], parts["core_b"][nearest[:, 1]], 200.0, 1 - regional % 2, ways[:, 1])
    following = parts["regional_a"][(regional + 1) % count]
    cables.lay(parts["regional_b"], following, 200.0, regional % 2, ways[:, 2])
    cables.add(parts["regional_a"], parts["regional_b"], "ip", 200.0)


def _metro(cables: _Cables, places: Places, fleet: Fleet) -> None:
    """Join hubs in rings of three to eight between the two routers of their regional centre.

    Each hub has a duct towards its forerunner; the last lines of rings enter their centre by one duct.
    """
    parts = fleet.parts
    centre = places.regional_of_hub
    sizes = np.bincount(centre, minlength=places.tiers.regional).astype(np.int64)
    position = within(sizes)
    length = (3 + np.arange(len(sizes)) % 6)[centre]
    last = (position % length == length - 1) | (position == sizes[centre] - 1)
    first = position % length == 0
    hub_a, hub_b = parts["hub_a"], parts["hub_b"]
    provider = np.arange(len(centre)) % 2
    duct = parts["duct_hub"]
    cables.lay(parts["regional_a"][centre[first]], hub_a[first], 100.0, provider[first], duct[first])
    inner = np.flatnonzero(~first)
    cables.lay(hub_b[inner - 1], hub_a[inner], 100.0, provider[inner], duct[inner])
    # A ring of one hub ends at the next centre, so that every hub reaches two other sites.
    alone = first[last]
    end = (centre[last] + alone) % places.tiers.regional
    home = parts["duct_regional"].reshape(-1, 4)[end, 3]
    cables.lay(hub_b[last], parts["regional_b"][end], 100.0, 1 - provider[last], home)
    cables.add(hub_a, hub_b, "ip", 100.0)


def _access(cables: _Cables, places: Places, fleet: Fleet, draw: Draw) -> None:
    """Join the cell sites of each hub in groups of 4 to 14."""
    csr, hub = fleet.parts["csr"], places.hub_of_cell
    sizes = np.bincount(hub, minlength=places.tiers.hub).astype(np.int64)
    position = within(sizes)
    length = (4 + draw.below(len(sizes), 11))[hub]
    place = position % length
    groups = np.cumsum(place == 0) - 1
    shape = draw.weighted(int(groups[-1]) + 1, SHAPES)[groups]
    first = place == 0
    last = np.append(first[1:], True)
    hub_a, hub_b = fleet.parts["hub_a"][hub], fleet.parts["hub_b"][hub]
    provider = groups % 3 - 1
    before = np.where(first, hub_a, np.roll(csr, 1))
    cell = np.arange(len(csr))
    parent = np.where(first, hub_a, csr[cell - place + np.maximum(place - 1, 0) // 2])
    ring, star, tree = (np.flatnonzero(shape == kind) for kind in (RING, STAR, TREE))
    cables.add(before[ring], csr[ring], "ethernet", 10.0, provider[ring])
    end = np.flatnonzero((shape == RING) & last)
    cables.add(csr[end], hub_b[end], "ethernet", 10.0, provider[end])
    cables.add(hub_a[star], csr[star], "ethernet", 10.0, provider[star])
    dual = star[draw.chance(len(star), 0.15)]
    cables.add(hub_b[dual], csr[dual], "ethernet", 10.0, provider[dual])
    cables.add(parent[tree], csr[tree], "radio", 2.0)


def _inside(cables: _Cables, places: Places, fleet: Fleet, market: Market) -> None:
    """Join what stands at one site."""
    parts, tier = fleet.parts, places.tiers
    first_switch, second_switch = parts["switch"][::2], parts["switch"][1::2]
    router_a = np.concatenate([parts["core_a"], parts["regional_a"]])
    router_b = np.concatenate([parts["core_b"], parts["regional_b"]])
    for switch in (first_switch, second_switch):
        for router in (router_a, router_b):
            cables.add(switch, router, "ethernet", 100.0)
    apart = fleet.of(market, "ROUTER", "SWITCH", "FACILITY")
    housed = np.flatnonzero(~apart & (fleet.site < tier.first_hub))
    for switch in (first_switch, second_switch):
        cables.add(housed, switch[fleet.site[housed]], "ethernet", 25.0)
    at_hub = np.flatnonzero(~apart & (fleet.site >= tier.first_hub) & (fleet.site < tier.first_cell))
    for router in (parts["hub_a"], parts["hub_b"]):
        cables.add(at_hub, router[fleet.site[at_hub] - tier.first_hub], "ethernet", 25.0)
    unit = parts["du"]
    cables.add(parts["csr"][fleet.site[unit] - tier.first_cell], unit, "ethernet", 10.0)
    cables.add(unit[parts["unit_of_head"]], parts["ru"], "ethernet", 10.0)


def wire(places: Places, fleet: Fleet, market: Market, seed: int) -> Links:
    """Return all links of the network.

    Args:
        places: The sites.
        fleet: The components.
        market: Who sells what.
        seed: What chance starts from.
    """
    cables = _Cables()
    _backbone(cables, places, fleet)
    _metro(cables, places, fleet)
    _access(cables, places, fleet, Draw(seed, "access"))
    _inside(cables, places, fleet, market)
    return Links(
        a=np.concatenate(cables.a),
        b=np.concatenate(cables.b),
        layer=tuple(cables.layer),
        capacity=np.array(cables.capacity),
        provider=np.concatenate(cables.provider).astype(np.int64),
        laid=np.concatenate(cables.laid),
        duct=np.concatenate(cables.duct).astype(np.int64),
    )


def lengths(links: Links, places: Places, fleet: Fleet) -> Floats:
    """Return float64[links], how long each way is [km]; NaN inside a site."""
    a, b = fleet.site[links.a], fleet.site[links.b]
    north = (places.latitude_deg[a] - places.latitude_deg[b]) * KM_PER_DEGREE
    east = (places.longitude_deg[a] - places.longitude_deg[b]) * KM_PER_DEGREE * 0.63
    # Cables go round about: a quarter more than the straight line.
    way = np.round(np.sqrt(north * north + east * east) * 1.25, 1)
    return np.where(a == b, np.nan, way)


def _clocks(places: Places, fleet: Fleet) -> Ints:
    """Return int64[sites, 2], the clocks of each site: its own centre's or core site's and the next one's."""
    tier = places.tiers
    clock = fleet.parts["clock"]
    core, centre = np.arange(tier.core), np.arange(tier.regional)
    at_hub = places.regional_of_hub
    first = np.concatenate([centre, at_hub, at_hub[places.hub_of_cell]]) + tier.core
    after = (first - tier.core + 1) % tier.regional + tier.core
    one, other = np.concatenate([core, first]), np.concatenate([(core + 1) % tier.core, after])
    return np.stack([clock[one], clock[other]], axis=1)


def depend(places: Places, fleet: Fleet, market: Market) -> Needs:
    """Return what cannot work without what.

    Args:
        places: The sites.
        fleet: The components.
        market: Who sells what.
    """
    parts, tier = fleet.parts, places.tiers
    users = np.append(np.flatnonzero(~fleet.of(market, "FACILITY")), parts["clock"])
    site = fleet.site[users]
    at_cell = site >= tier.first_cell
    central = np.minimum(site, tier.first_cell - 1)
    cell = np.maximum(site - tier.first_cell, 0)
    one = np.where(at_cell, parts["battery"][cell], parts["feed_a"][central])
    other = np.where(at_cell, parts["grid"][places.hub_of_cell[cell]], parts["feed_b"][central])
    bare = fleet.of(market, "ROUTER", "SWITCH", "INTERCONNECT", "FIREWALL", "HOST", "FACILITY")
    guests = np.flatnonzero((fleet.site < tier.core) & ~bare)
    hosts = parts["HOST"].reshape(tier.core, -1)
    room = hosts.shape[1]
    turn = np.arange(len(guests))
    host_one = hosts[fleet.site[guests], turn % room]
    host_other = hosts[fleet.site[guests], (turn + 5) % room]
    edge, edge_host = parts["edge_upf"], parts["edge_host"]
    clock = _clocks(places, fleet)
    # A site that needs a clock which needs the site would be a circle: here each component has its own.
    close = np.flatnonzero((fleet.site < tier.first_hub) & ~fleet.of(market, "FACILITY"))
    near = clock[fleet.site[close]]
    return Needs(
        start=np.concatenate([users, users, close, close, guests, guests, edge]),
        end=np.concatenate([one, other, near[:, 0], near[:, 1], host_one, host_other, edge_host]),
        kind=("powered_by",) * (2 * len(users))
        + ("timed_by",) * (2 * len(close))
        + ("runs_on",) * (2 * len(guests) + len(edge)),
        grouped=(True,) * (2 * len(users) + 2 * len(close) + 2 * len(guests)) + (False,) * len(edge),
        timed=np.arange(tier.first_hub, len(places.kind)),
        clock=clock[tier.first_hub :],
    )
