"""Whether what is still connected still fits: flows on the graph of sites, as linear programmes.

Reads capacities of links and rates of flows. Sites are nodes, parallel links between two sites are added up;
what lies inside a site does not limit; a link without a capacity does not limit either, and how many there
are is stated. Two questions, both answered by HiGHS: the largest share of its rate that every flow gets at
once (maximum concurrent flow), and the largest total when no flow gets more than its rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from netproof.graph.distinct import distinct
from netproof.resilience.answers import Capacity
from netproof.resilience.flows import apart
from netproof.resilience.reading import columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netproof.resilience.network import Network
    from netproof.tables.store import Store

VARIABLES = 200_000
"""Unknowns above which the programmes are not solved: HiGHS would take minutes."""
_TOLERANCE = 1e-6
STATEMENT = (
    "maximum concurrent flow (the largest share of its rate that every flow gets at once) and largest total, "
    "by HiGHS on the graph of sites with parallel links added up; routing and queues are not modelled"
)


def capacity(
    store: Store,
    network: Network,
    before: NDArray[np.int32],
    after: NDArray[np.int32],
    down: tuple[NDArray[np.bool_], NDArray[np.bool_]],
) -> Capacity:
    """Return whether the flows that an event leaves connected still fit.

    Args:
        store: The tables of `topology`.
        network: The network.
        before: int32[nodes], the piece of each node before the event.
        after: The same after it.
        down: Nodes and links that are down.
    """
    flows, topology = network.flows, network.topology
    left = ~apart(flows, after) & (flows.rate > 0)
    demand = float(flows.rate[left].sum()) / 1e6
    if not left.any():
        return _untold("no_flows", demand, "no flow with a rate is connected")
    known = columns(store, "select capacity_gbps from _outage_link order by link")["capacity_gbps"]
    gbps = np.full(topology.graph.links, np.inf)
    gbps[: topology.links] = np.nan_to_num(
        known.to_numpy(zero_copy_only=False).astype(np.float64), nan=np.inf
    )
    if not np.isfinite(gbps).any():
        return _untold("no_capacities", demand, "no link says what it carries")
    nothing = np.zeros(topology.nodes, np.bool_), np.zeros(topology.graph.links, np.bool_)
    first = _fitted(network, gbps, ~apart(flows, before) & (flows.rate > 0), nothing)
    then = _fitted(network, gbps, left, down)
    if first is None or then is None:
        return _untold("too_large", demand, f"not computed, more than {VARIABLES:,} unknowns: {STATEMENT}")
    unlimited = int(np.count_nonzero(~np.isfinite(gbps[: topology.links])))
    return Capacity(
        state="fits" if then[0] >= 1 - _TOLERANCE else "does_not_fit",
        demand_gbps=demand,
        share=then[0],
        share_before=first[0],
        served_gbps=then[1],
        served_before_gbps=first[1],
        unlimited_links=unlimited,
        statement=STATEMENT,
    )


def _untold(state: str, demand: float, statement: str) -> Capacity:
    """Return an answer without figures."""
    return Capacity(state, demand, None, None, None, None, 0, statement)


def _fitted(
    network: Network,
    gbps: NDArray[np.float64],
    chosen: NDArray[np.bool_],
    down: tuple[NDArray[np.bool_], NDArray[np.bool_]],
) -> tuple[float, float] | None:
    """Return the share that all chosen flows get at once, at most 1, and the largest total [Gbit/s].

    None: too large to be solved.
    """
    flows, topology = network.flows, network.topology
    graph = topology.graph
    # What stands at no site is a place of its own, and so is a site's own node.
    place = np.where(topology.place >= 0, topology.place, np.arange(topology.nodes))
    up = ~down[1] & ~down[0][graph.tail] & ~down[0][graph.head]
    up &= place[graph.tail] != place[graph.head]
    a, b = place[graph.tail[up]].astype(np.int64), place[graph.head[up]].astype(np.int64)
    pair, of = np.unique(np.minimum(a, b) * topology.nodes + np.maximum(a, b), return_inverse=True)
    limit = np.zeros(pair.size)
    np.add.at(limit, of, gbps[up])
    start, end = (_places(network, place, one) for one in (flows.source, flows.target))
    rate = flows.rate / 1e6
    inside = float(rate[chosen & (start == end)].sum())
    moving = chosen & (start != end)
    if not moving.any():
        return 1.0, inside
    start, end, rate = start[moving], end[moving], rate[moving]
    if distinct(start).size < distinct(end).size:
        start, end = end, start
    edges = _trimmed(pair // topology.nodes, pair % topology.nodes, limit, np.append(start, end))
    programme = _programme(edges, (start, end, rate))
    return None if programme is None else (programme.share(), inside + programme.total())


def _places(network: Network, place: NDArray[np.int64], end: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the place at which each flow ends; the ways out of a site all stand at it."""
    nodes = network.topology.nodes
    node = np.where(end < nodes, end, 0)
    node[end >= nodes] = [int(network.flows.gates[one - nodes][0]) for one in end[end >= nodes].tolist()]
    return place[node].astype(np.int64)


def _trimmed(
    one: NDArray[np.int64], other: NDArray[np.int64], limit: NDArray[np.float64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return the edges that are left when dead ends without flows are taken away, again and again."""
    stay = distinct(ends)
    while one.size:
        node, degree = np.unique(np.append(one, other), return_counts=True)
        dead = np.setdiff1d(node[degree == 1], stay)
        if not dead.size:
            break
        keep = ~np.isin(one, dead) & ~np.isin(other, dead)
        one, other, limit = one[keep], other[keep], limit[keep]
    return one, other, limit


@dataclass(frozen=True, slots=True)
class _Programme:
    """What two programmes share: what each good sends along each edge, both ways, and what flows get.

    Attributes:
        balance: What leaves each node less what arrives, for each good, by the unknowns of edges.
        loads: What each limited edge carries, by the same unknowns.
        limit: What it can carry [Gbit/s].
        supply: What leaves each node, for each good, of 1 Gbit/s of each flow.
        rate: float64[flows] [Gbit/s].
    """

    balance: Any
    loads: Any
    limit: NDArray[np.float64]
    supply: Any
    rate: NDArray[np.float64]

    def share(self) -> float:
        """Return the largest share of its rate that every flow gets at once, at most 1."""
        return self._solved((self.supply @ self.rate)[:, None], np.ones(1))

    def total(self) -> float:
        """Return the largest total when no flow gets more than its rate [Gbit/s]."""
        return self._solved(self.supply, self.rate)

    def _solved(self, supply: Any, most: NDArray[np.float64]) -> float:
        """Return the largest sum of the unknowns that `supply` is for, each at most so much."""
        from scipy.optimize import linprog  # noqa: PLC0415 - scipy takes a third of a second to load
        from scipy.sparse import coo_array, hstack  # noqa: PLC0415

        edges, more = self.balance.shape[1], most.size
        balance = hstack([self.balance, coo_array(-supply)], format="csr")
        loads = hstack([self.loads, coo_array((self.loads.shape[0], more))], format="csr")
        upper = np.concatenate([np.full(edges, np.inf), most])
        answer = linprog(
            np.concatenate([np.zeros(edges), -np.ones(more)]),
            loads, self.limit, balance, np.zeros(balance.shape[0]),
            bounds=np.stack([np.zeros(upper.size), upper], axis=1), method="highs",
        )  # fmt: skip
        return float(-answer.fun) if answer.fun is not None else 0.0


def _programme(
    edges: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]],
    demand: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]],
) -> _Programme | None:
    """Return the programme of some flows, or None where it is too large.

    Flows with one end in common are one good: it leaves that end and stays at the others. Which way round
    does not matter, as an edge carries both ways within one capacity.
    """
    from scipy.sparse import coo_array  # noqa: PLC0415 - scipy takes a third of a second to load

    one, other, limit = edges
    start, end, rate = demand
    goods, good = np.unique(end, return_inverse=True)
    nodes, index = np.unique(np.concatenate([one, other, start, end]), return_inverse=True)
    edge, many = one.size, goods.size
    if 2 * edge * many + rate.size > VARIABLES:
        return None
    a, b = index[:edge], index[edge : 2 * edge]
    at_start, at_end = index[2 * edge : 2 * edge + start.size], index[2 * edge + start.size :]
    base = np.arange(many)[:, None] * nodes.size
    forward = np.arange(many)[:, None] * 2 * edge + np.arange(edge)
    row = np.concatenate([(base + way).ravel() for way in (a, b, b, a)])
    column = np.concatenate(
        [forward.ravel(), forward.ravel(), (forward + edge).ravel(), (forward + edge).ravel()]
    )
    sign = np.repeat([1.0, -1.0, 1.0, -1.0], many * edge)
    balance = coo_array((sign, (row, column)), shape=(many * nodes.size, 2 * edge * many))
    bounded = np.flatnonzero(np.isfinite(limit))
    carried = (np.arange(many)[:, None, None] * 2 + np.arange(2)[:, None]) * edge + bounded
    of = np.broadcast_to(np.arange(bounded.size), carried.shape)
    shape = (bounded.size, 2 * edge * many)
    loads = coo_array((np.ones(carried.size), (of.ravel(), carried.ravel())), shape=shape)
    flow = np.arange(rate.size)
    supply = coo_array(
        (
            np.repeat([1.0, -1.0], rate.size),
            (np.append(good * nodes.size + at_start, good * nodes.size + at_end), np.append(flow, flow)),
        ),
        shape=(many * nodes.size, rate.size),
    )
    return _Programme(balance, loads, limit[bounded], supply.tocsr(), rate)
