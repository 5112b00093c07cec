"""What to measure failures on: a made-up national operator of any size, as arrays.

Two thirds of the sites hang on rings and dual links, the others on chains and stars, as access networks do;
hubs stand in metro rings between pairs of regional hubs, and those on a backbone of two planes that share
ducts. Labels say who made what: suppliers of radio and transport by region, three releases of each product.
`mesh` adds links from a third of the site routers to near ones and some to far ones: the hard variant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netproof.graph import Multigraph, Need

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FUNCTIONS = ("AMF", "SMF", "UPF", "UDM")
KINDS = (
    "site router", "distributed unit", "radio unit", "power unit", "hub router", "backbone router",
    "firewall", "host", *FUNCTIONS,
)  # fmt: skip
# How many suppliers offer a kind, how many models each, and the first of these suppliers.
_OFFERS = {
    "site router": (3, 2, 4), "distributed unit": (4, 3, 0), "radio unit": (4, 4, 0), "power unit": (3, 1, 9),
    "hub router": (3, 1, 4), "backbone router": (2, 1, 7), "firewall": (1, 1, 9), "host": (1, 1, 10),
    "AMF": (1, 1, 11), "SMF": (1, 1, 11), "UPF": (2, 1, 7), "UDM": (1, 1, 8),
}  # fmt: skip
SUPPLIERS = 12
SITES_AN_AREA = 25
SITES_A_HUB = 52
HUBS_A_PAIR = 24


@dataclass(frozen=True, slots=True)
class Operator:
    """A made-up operator.

    Attributes:
        people: int64[n], people served first by each node [people].
        instances: For each of `FUNCTIONS`, int32[k], the nodes that provide it.
        kind: int32[n], number of the node's kind in `KINDS`.
        supplier: int32[n], below `SUPPLIERS`.
        product: int32[n], numbered from 0.
        release: int32[n], numbered from 0; three of each product.
        region: int32[n], numbered from 0; the sites of the core are one more region.
        area: int32[n], power area, numbered from 0; 25 consecutive sites each.
        site: int32[n], numbered from 0.
        sites: How many sites there are, those of hubs and of the core included.
        duct: int32[m], the duct of a link that shares one with others, or -1.
    """

    graph: Multigraph
    people: NDArray[np.int64]
    instances: tuple[NDArray[np.int32], ...]
    kind: NDArray[np.int32]
    supplier: NDArray[np.int32]
    product: NDArray[np.int32]
    release: NDArray[np.int32]
    region: NDArray[np.int32]
    area: NDArray[np.int32]
    site: NDArray[np.int32]
    sites: int
    duct: NDArray[np.int32]

    @property
    def need(self) -> Need:
        """What its people need: all four functions, counted by site too."""
        return Need(self.people, self.instances, self.site, self.sites)


class _Wires:
    """Links while they are laid: ends and the duct they share."""

    def __init__(self) -> None:
        self.ends: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]] = []

    def lay(
        self,
        tail: NDArray[np.int64] | Sequence[int],
        head: NDArray[np.int64] | Sequence[int],
        duct: NDArray[np.int64] | Sequence[int] | None = None,
    ) -> None:
        """Add links, with the key of their duct or none."""
        one, other = np.asarray(tail, np.int64), np.asarray(head, np.int64)
        ducts = np.full(one.size, -1, np.int64) if duct is None else np.asarray(duct, np.int64)
        self.ends.append((one, other, ducts))

    def laid(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return tails, heads and ducts numbered from 0; a duct with a single link is none."""
        tail, head, duct = (np.concatenate(one) for one in zip(*self.ends, strict=True))
        keys, at, times = np.unique(duct, return_inverse=True, return_counts=True)
        shared = (times > 1) & (keys >= 0)
        number = np.where(shared, np.cumsum(shared) - 1, -1)
        return tail, head, number[at]


def _runs(sizes: NDArray[np.int64], total: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for 0..total-1 which run each lies in, and its position there; the last run is cut."""
    run = np.repeat(np.arange(sizes.size), sizes)[:total]
    return run, np.arange(total) - (np.cumsum(sizes) - sizes)[run]


class _Plan:
    """Counts and numbers of everything before it is wired; nodes are numbered site by site."""

    def __init__(self, sites: int, rng: np.random.Generator) -> None:
        self.rng, self.access = rng, sites
        self.regions = int(np.clip(sites // 5000, 4, 40))
        self.cores = int(np.clip(sites // 20_000, 4, 10))
        self.hubs = max(2 * self.regions, sites // SITES_A_HUB)
        self.hub_region = np.arange(self.hubs) * self.regions // self.hubs
        self.hub_first = np.searchsorted(self.hub_region, np.arange(self.regions + 1))
        self.pairs = np.maximum(1, np.diff(self.hub_first) // HUBS_A_PAIR)
        self.hub_of = np.minimum(np.arange(sites) // SITES_A_HUB, self.hubs - 1)
        self.sites = sites + self.hubs + self.cores
        self._place()

    def _place(self) -> None:
        """Put components on sites, kind after kind, then number them site by site."""
        rng, access = self.rng, np.arange(self.access)
        core = np.arange(self.cores) + self.access + self.hubs
        self.unit_site = np.repeat(access, rng.choice([1, 2], self.access, p=[0.7, 0.3]))
        self.radio_unit = np.repeat(
            np.arange(self.unit_site.size), rng.choice([1, 2, 3], self.unit_site.size, p=[0.35, 0.4, 0.25])
        )
        powered = access[rng.random(self.access) < 0.25]
        twice = rng.random(self.hubs) < 0.6
        within = np.arange(self.hubs) - self.hub_first[self.hub_region]
        twice |= within < 2 * self.pairs[self.hub_region]
        edge = self.access + self.hub_first[:-1]
        half, fourth = core[: (self.cores + 1) // 2], core[::4]
        on = [
            access, self.unit_site, self.unit_site[self.radio_unit], powered,
            self.access + np.repeat(np.arange(self.hubs), 1 + twice),
            np.repeat(core, 2), np.repeat(core, 2), np.repeat(core, 4),
            np.repeat(half, 2), np.repeat(half, 2), np.concatenate([np.repeat(core, 2), edge]),
            np.repeat(fourth, 2),
        ]  # fmt: skip
        site, kind = np.concatenate(on), np.repeat(np.arange(len(on)), [one.size for one in on])
        order = np.lexsort((kind, site))
        number = np.empty(order.size, np.int64)
        number[order] = np.arange(order.size)
        self.site, self.kind = site[order], kind[order]
        cuts = np.cumsum([one.size for one in on])[:-1]
        self.node = dict(zip(KINDS, np.split(number, cuts), strict=True))
        self.on = dict(zip(KINDS, on, strict=True))
        last = np.cumsum(1 + twice) - 1
        self.hub_a, self.hub_b = self.node["hub router"][last - twice], self.node["hub router"][last]
        self.twice = twice

    def routers(self, hub: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return two routers to hang on: both of a hub, or its only one and one of the next hub."""
        region = self.hub_region[hub]
        beside = np.where(hub + 1 < self.hub_first[region + 1], hub + 1, np.maximum(hub - 1, 0))
        return self.hub_a[hub], np.where(self.twice[hub], self.hub_b[hub], self.hub_a[beside])


def _wire_sites(plan: _Plan, wires: _Wires) -> None:
    """Join what stands on a site, and the sites to their hubs: rings, stars, chains and trees."""
    rng, routers, count = plan.rng, plan.node["site router"], plan.access
    units, radios, powers = (plan.node[kind] for kind in ("distributed unit", "radio unit", "power unit"))
    wires.lay(routers[plan.unit_site], units)
    wires.lay(units[plan.radio_unit], radios)
    wires.lay(routers[plan.on["power unit"]], powers)
    form = rng.choice(3, count, p=np.array([0.55 / 9, 0.2, 0.25 / 4]) / (0.55 / 9 + 0.2 + 0.25 / 4))
    sizes = np.choose(form, [rng.integers(4, 15, count), np.ones(count, np.int64), rng.integers(1, 8, count)])
    run, at = _runs(sizes, count)
    run_size = np.bincount(run)
    ring, star, tree = (form[run] == number for number in range(3))
    first = np.flatnonzero(at == 0)
    home = plan.hub_of[first][run]
    one, other = plan.routers(home)
    duct = home * 100 + (run - run[np.searchsorted(home, home)]) // 3
    top = at == 0
    wires.lay(routers[top], one[top], duct[top])
    bottom = ring & (at == run_size[run] - 1)
    wires.lay(routers[bottom], other[bottom], duct[bottom])
    double = star & (rng.random(count) < 0.15)
    wires.lay(routers[double], other[double])
    arc = np.flatnonzero(ring & ~top)
    wires.lay(routers[arc - 1], routers[arc])
    branch = np.flatnonzero(tree & ~top)
    chained = (run_size <= 4)[run[branch]] & (rng.random(run_size.size) < 0.6)[run[branch]]
    parent = np.where(chained, at[branch] - 1, (at[branch] - 1) // 2)
    wires.lay(routers[branch - at[branch] + parent], routers[branch])


def _wire_hubs(plan: _Plan, wires: _Wires) -> None:
    """Join hubs: metro rings between pairs of regional hubs, the pairs in a ring, the regions to the core."""
    a, b, backbone = plan.hub_a, plan.hub_b, plan.node["backbone router"]
    both = np.flatnonzero(plan.twice)
    wires.lay(a[both], b[both])
    for region in range(plan.regions):
        start, end, pairs = (
            int(plan.hub_first[region]),
            int(plan.hub_first[region + 1]),
            int(plan.pairs[region]),
        )
        left, right = start + 2 * np.arange(pairs), start + 2 * np.arange(pairs) + 1
        key = 1_000_000_000 + start * 10
        wires.lay(np.repeat(a[left], 2), np.repeat(a[right], 2), np.repeat(key + np.arange(pairs), 2))
        for side in (left, right)[: 2 if pairs > 1 else 0]:
            wires.lay(b[side], a[np.roll(side, -1)])
        homes = plan.rng.integers(0, plan.cores, 2)
        homes[1] = (homes[0] + 1 + homes[1] % (plan.cores - 1)) % plan.cores
        wires.lay([b[start], b[start + 1]], [backbone[2 * homes[0]], backbone[2 * homes[1] + 1]])
        wires.lay([a[start]], [plan.node["UPF"][2 * plan.cores + region]])
        hub: int = start + 2 * pairs
        ring = 0
        while hub < end:
            stop = min(end, hub + int(plan.rng.integers(3, 9)))
            inner = np.arange(hub, stop - 1)
            wires.lay(b[inner], a[inner + 1])
            pair = start + 2 * (ring % pairs)
            wires.lay([a[pair], b[stop - 1]], [a[hub], a[pair + 1]])
            hub, ring = stop, ring + 1


def _wire_core(plan: _Plan, wires: _Wires) -> None:
    """Join the core: two planes in rings with chords that share ducts, and the functions behind hosts."""
    core, node = np.arange(plan.cores), plan.node
    backbone, walls, hosts = node["backbone router"], node["firewall"], node["host"]
    wires.lay(backbone[::2], backbone[1::2])
    for plane in (0, 1):
        for step in (1, 2)[: 2 if plan.cores > 4 else 1]:
            far = (core + step) % plan.cores
            wires.lay(backbone[2 * core + plane], backbone[2 * far + plane], 2_000_000_000 + core * 10 + step)
        wires.lay(backbone[plane::2], walls[plane::2])
        for host in range(4):
            wires.lay(walls[plane::2], hosts[host::4])
    first = plan.access + plan.hubs
    for number, function in enumerate(FUNCTIONS):
        at = plan.on[function] - first
        inside = np.flatnonzero(at >= 0)
        for behind in (np.full(inside.size, number), number + 1 + inside % 2):
            wires.lay(node[function][inside], hosts[4 * at[inside] + behind % 4])


def _people(plan: _Plan, nodes: int) -> NDArray[np.int64]:
    """Return people of each node: those of a site, spread over its radio units."""
    of_site = plan.rng.lognormal(np.log(300), 0.8, plan.access)
    site = plan.unit_site[plan.radio_unit]
    share = plan.rng.uniform(0.5, 1.5, site.size)
    people = np.zeros(nodes, np.int64)
    people[plan.node["radio unit"]] = of_site[site] * share / np.bincount(site, share, plan.access)[site]
    return people


def _makers(plan: _Plan, region: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
    """Return supplier, product and release of each node; regions have their own mix of suppliers."""
    offers = np.array([_OFFERS[kind] for kind in KINDS])
    suppliers, models, first = offers[plan.kind].T
    number = (region * 7 + plan.kind) % suppliers
    foreign = plan.rng.random(region.size) < 0.1
    number = np.where(foreign, plan.rng.integers(0, 1 << 30, region.size) % suppliers, number)
    before = np.cumsum(offers[:, 0] * offers[:, 1]) - offers[:, 0] * offers[:, 1]
    product = before[plan.kind] + number * models + plan.rng.integers(0, 1 << 30, region.size) % models
    late = np.where(plan.rng.random(region.size) < 0.3, plan.rng.integers(0, 3, region.size), region % 3)
    return first + number, product, product * 3 + late


def operator(sites: int, *, mesh: bool = False, seed: int = 1) -> Operator:
    """Return a made-up operator of `sites` access sites, about five components each.

    Args:
        sites: Access sites, 8 or more; hubs and the core come on top (2 %).
        mesh: Adds links between site routers, a third as many as there are sites.
        seed: The same seed gives the same operator.

    Raises:
        ValueError: Fewer than eight sites.

    Cost: O(n); about 1 s for 200,000 sites.
    """
    if sites < 8:
        raise ValueError(f"expected 8 or more sites, got {sites}")
    plan, wires = _Plan(sites, np.random.default_rng(seed)), _Wires()
    for wire in (_wire_sites, _wire_hubs, _wire_core):
        wire(plan, wires)
    if mesh:
        near = np.flatnonzero(plan.rng.random(sites) < 0.3)
        far = np.flatnonzero(plan.rng.random(sites) < 0.02)
        routers = plan.node["site router"]
        wires.lay(routers[near], routers[(near + plan.rng.integers(1, 21, near.size)) % sites])
        wires.lay(routers[far], routers[plan.rng.integers(0, sites, far.size)])
    tail, head, duct = wires.laid()
    of_site = np.concatenate(
        [plan.hub_region[plan.hub_of], plan.hub_region, np.full(plan.cores, plan.regions, np.int64)]
    )
    region = of_site[plan.site]
    supplier, product, release = _makers(plan, region)
    nodes = plan.site.size
    return Operator(
        graph=Multigraph(nodes, tail.astype(np.int32), head.astype(np.int32)),
        people=_people(plan, nodes),
        instances=tuple(np.sort(plan.node[one]).astype(np.int32) for one in FUNCTIONS),
        kind=plan.kind.astype(np.int32),
        supplier=supplier.astype(np.int32),
        product=product.astype(np.int32),
        release=release.astype(np.int32),
        region=region.astype(np.int32),
        area=(plan.site // SITES_AN_AREA).astype(np.int32),
        site=plan.site.astype(np.int32),
        sites=plan.sites,
        duct=duct.astype(np.int32),
    )
