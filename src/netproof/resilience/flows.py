"""Flows: where each begins and ends, and how much of their rates an event takes.

Reads table flow and the arrays of `topology`. A flow that ends at a site ends at the site's node; where no
link leads to that node, it ends at whichever of the site's components lead out of the site: it has an end as
long as one of them is up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netproof.graph import Engine, Multigraph
from netproof.graph.distinct import distinct
from netproof.graph.paths import block_tree, flow_losses, shared
from netproof.resilience.reading import columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from netproof.graph.paths import BlockTree
    from netproof.resilience.topology import Topology
    from netproof.tables.store import Store

_KBPS = 1_000_000
"""Rates are whole numbers of kbit/s, so that sums are exact."""

_FLOW = """
    select
        f.flow_id, coalesce(fc.node, fs.node) as source, coalesce(tc.node, ts.node) as target, f.rate_gbps
    from flow as f
    left join _outage_component as fc on f.from_id = fc.component_id
    left join _outage_site as fs on f.from_id = fs.site_id
    left join _outage_component as tc on f.to_id = tc.component_id
    left join _outage_site as ts on f.to_id = ts.site_id
    where (fc.node is not null or fs.node is not null) and (tc.node is not null or ts.node is not null)
    order by f.flow_id
"""


@dataclass(frozen=True, slots=True)
class Flows:
    """The flows of a network whose ends are both in use.

    Attributes:
        ids: flow_id of each.
        source: int32[f], a node, or `nodes` + g for the ways out that stand in `gates[g]`.
        target: int32[f], the same.
        rate: int64[f], 0 where it is not known [kbit/s].
        gates: The ways out of each site that has several.
        rated: Whether any rate is known.
    """

    ids: tuple[str, ...]
    source: NDArray[np.int32]
    target: NDArray[np.int32]
    rate: NDArray[np.int64]
    gates: tuple[NDArray[np.int32], ...]
    rated: bool

    @property
    def count(self) -> int:
        """How many flows there are."""
        return len(self.ids)


def read_flows(store: Store, topology: Topology) -> Flows:
    """Return the flows of a network."""
    rows = columns(store, _FLOW)
    ends = np.stack([rows[name].to_numpy().astype(np.int32) for name in ("source", "target")])
    rate = rows["rate_gbps"].to_numpy(zero_copy_only=False).astype(np.float64)
    source, target, gates = settle(topology, *ends)
    return Flows(
        ids=tuple(rows["flow_id"].to_pylist()),
        source=source,
        target=target,
        rate=np.rint(np.nan_to_num(rate) * _KBPS).astype(np.int64),
        gates=gates,
        rated=bool(np.isfinite(rate).any()),
    )


def settle(
    topology: Topology, source: NDArray[np.int32], target: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32], tuple[NDArray[np.int32], ...]]:
    """Return the nodes at which flows end, and the ways out of sites that have several."""
    graph, place = topology.graph, topology.place
    apart = graph.tail != graph.head
    degree = np.bincount(np.append(graph.tail[apart], graph.head[apart]), minlength=topology.nodes)
    meant = distinct(np.append(source, target))
    unjoined = meant[(meant < topology.sites) & (degree[meant] == 0)]
    outward = place[graph.tail] != place[graph.head]
    asked = np.zeros(topology.sites + 1, np.bool_)
    asked[unjoined] = True
    out = distinct(np.concatenate([end[outward & asked[place[end]]] for end in (graph.tail, graph.head)]))
    ways = (
        {int(site): out[place[out] == site] for site in unjoined}
        if unjoined.size < _FEW
        else _by_site(out, place)
    )
    becomes = np.arange(topology.nodes, dtype=np.int32)
    gates: list[NDArray[np.int32]] = []
    for site in unjoined.tolist():
        found = ways.get(site, out[:0])
        if found.size == 1:
            becomes[site] = found[0]
        elif found.size > 1:
            becomes[site] = topology.nodes + len(gates)
            gates.append(found)
    start, end = becomes[source], becomes[target]
    # A flow from a site to its own component needs no more than that component, and the other way round.
    within = (place[source] == place[target]) & (place[source] >= 0)
    from_site, to_site = within & (source < topology.sites), within & (target < topology.sites)
    start = np.where(from_site & ~to_site, target, start)
    end = np.where(to_site & ~from_site, source, end)
    return start.astype(np.int32), end.astype(np.int32), tuple(gates)


_FEW = 64


def _by_site(node: NDArray[np.int32], place: NDArray[np.int32]) -> dict[int, NDArray[np.int32]]:
    """Return nodes by their site."""
    node = node[np.argsort(place[node], kind="stable")]
    sites, starts = np.unique(place[node], return_index=True)
    return dict(zip(sites.tolist(), np.split(node, starts[1:]), strict=True))


def families(flows: Flows, nodes: int) -> Iterator[tuple[tuple[int, ...], NDArray[np.int64]]]:
    """Yield the flows that end at the same sites of several ways out, and which these are; plain ones first.

    A node that stands for a site's ways out joins them; only its own flows may see it.
    """
    pairs = np.sort(np.stack([flows.source, flows.target]), axis=0).astype(np.int64)
    pairs[pairs < nodes] = -1
    code = np.where(pairs[0] == pairs[1], -1, pairs[0]) * (1 << 31) + pairs[1]
    for one in distinct(code):
        chosen = np.flatnonzero(code == one)
        ends = pairs[:, chosen[0]]
        yield tuple(sorted({int(end) - nodes for end in ends if end >= 0})), chosen


def extended(graph: Multigraph, gates: list[NDArray[np.int32]]) -> Multigraph:
    """Return the graph with one more node for each site of several ways out, joined to these."""
    joined = np.concatenate([np.zeros(0, np.int32), *gates]).astype(np.int32)
    extra = np.repeat(np.arange(len(gates), dtype=np.int32) + graph.nodes, [one.size for one in gates])
    return Multigraph(
        graph.nodes + len(gates),
        np.append(graph.tail, joined),
        np.append(graph.head, extra.astype(np.int32)),
    )


def renamed(end: NDArray[np.int32], nodes: int, chosen: tuple[int, ...]) -> NDArray[np.int32]:
    """Return flow ends with the chosen sites of several ways out numbered from `nodes`."""
    number = {nodes + gate: nodes + place for place, gate in enumerate(chosen)}
    return np.array([number.get(one, one) for one in end.tolist()], np.int32)


def demand_lost(
    graph: Multigraph,
    flows: Flows,
    node_map: NDArray[np.int32] | None = None,
    *,
    tree: BlockTree | None = None,
    engine: Engine | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rate that each node, and each link, of a graph takes when it fails [kbit/s].

    Args:
        graph: The network, or what `contract` made of it.
        flows: The flows of the network.
        node_map: int32[nodes], the node of `graph` that holds each node of the network; None: the same.
        tree: The block tree of `graph`, where it is there already.
        engine: Who computes.

    Cost: O(n + m + flows log n), and the way through the tree for each pair of ways out of two sites.
    """
    tree = tree or block_tree(graph, engine=engine)
    here = np.arange(graph.nodes, dtype=np.int32) if node_map is None else node_map
    nodes = here.size
    plain = (flows.source < nodes) & (flows.target < nodes)
    start, end = (here[np.where(plain, one, 0)] if nodes else one for one in (flows.source, flows.target))
    rate = np.where(plain, flows.rate, 0)
    # A flow between sites of several ways out is lost with what all of these ways have in common.
    known: dict[tuple[int, int], tuple[int, int] | None] = {}
    for flow in np.flatnonzero(~plain & (flows.rate > 0)).tolist():
        asked = int(flows.source[flow]), int(flows.target[flow])
        if asked not in known:
            known[asked] = shared(tree, *(here[_ways(flows, one, nodes)] for one in asked))
        if (way := known[asked]) is not None:
            start[flow], end[flow], rate[flow] = *way, flows.rate[flow]
    found = flow_losses(tree, start, end, rate, engine=engine)
    return found.node, found.link


def _ways(flows: Flows, end: int, nodes: int) -> NDArray[np.int32]:
    """Return the nodes of the network at any of which a flow ends."""
    return flows.gates[end - nodes] if end >= nodes else np.array([end], np.int32)


def apart(flows: Flows, label: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which flows have no way between their ends.

    Args:
        flows: The flows.
        label: int32[nodes], the piece of each node, or -1 where it is down: an answer of `paths.pieces`.
    """
    nodes = label.size
    lost = np.zeros(flows.count, np.bool_)
    plain = (flows.source < nodes) & (flows.target < nodes)
    one, other = label[flows.source[plain]], label[flows.target[plain]]
    lost[plain] = (one < 0) | (one != other)
    for flow in np.flatnonzero(~plain).tolist():
        ends = [
            label[flows.gates[end - nodes]] if end >= nodes else label[end : end + 1]
            for end in (int(flows.source[flow]), int(flows.target[flow]))
        ]
        lost[flow] = not set(ends[0][ends[0] >= 0].tolist()) & set(ends[1].tolist())
    return lost
