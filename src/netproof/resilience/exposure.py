"""What flows may pass: components and suppliers on every path, on some path, and ways around them.

Writes tables exposure, exposure_flow and exposure_supplier, for all flows at once. A path between two nodes
passes a chain of blocks (`graph.paths`): nodes where two blocks meet lie on every path, all nodes of the
blocks on some.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from netproof.graph.distinct import distinct
from netproof.graph.paths import block_tree, pieces
from netproof.resilience.flows import apart, extended, families, renamed
from netproof.resilience.lists import Lists, gathered
from netproof.resilience.losses import all_up
from netproof.resilience.reading import columns, integers, lent

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from numpy.typing import NDArray

    from netproof.graph import Engine
    from netproof.graph.paths import BlockTree
    from netproof.resilience.network import Network
    from netproof.tables.store import Store

SOME = 1_000
"""Components on some path, but not on every, that are kept of each flow; fewer where there are many flows."""
_ROWS = 1_000_000
"""About how many such rows are kept in all."""
_FIELD = 1 << 31


@dataclass(frozen=True, slots=True)
class Suppliers:
    """Whose each node and link is.

    Attributes:
        node: int32[2, nodes], who delivered and who made each, or -1.
        link: int32[links], who provides each line, or -1.
        count: How many codes there are.
    """

    node: NDArray[np.int32]
    link: NDArray[np.int32]
    count: int

    def without(self, code: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return which nodes and links are of one supplier."""
        return (self.node == code).any(axis=0), self.link == code


def read_suppliers(store: Store, network: Network) -> Suppliers:
    """Return whose each node and link is."""
    topology = network.topology
    component = columns(store, "select supplier, maker from _outage_component order by node")
    node = np.full((2, topology.nodes), -1, np.int32)
    part = slice(topology.sites, topology.sites + topology.components)
    node[0, part], node[1, part] = integers(component["supplier"]), integers(component["maker"])
    link = np.full(topology.graph.links, -1, np.int32)
    link[: topology.links] = integers(
        columns(store, "select provider from _outage_link order by link")["provider"]
    )
    count = int(store.value("select len(enum_range(null::d_supplier_id))"))
    return Suppliers(node, link, count)


@dataclass(frozen=True, slots=True)
class _Paths:
    """What some flows pass in one block tree.

    Attributes:
        flow: int64[], the flows.
        every: Nodes on every path of each.
        bridges: Links on every path of each.
        blocks: Blocks on the way of each.
        apex: int32[], the node of those blocks that was found first, of each; -1 where there is no path.
    """

    tree: BlockTree
    flow: NDArray[np.int64]
    every: Lists
    bridges: Lists
    blocks: Lists
    apex: NDArray[np.int32]


def write_exposure(
    store: Store,
    network: Network,
    wanted: Collection[str],
    *,
    engine: Engine | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> None:
    """Fill those of the three tables that are wanted."""
    flows, nodes = network.flows, network.topology.nodes
    if not flows.count:
        return
    suppliers = read_suppliers(store, network) if "exposure_supplier" in wanted else None
    names = pa.table(
        {"flow": np.arange(flows.count, dtype=np.int64), "flow_id": pa.array(flows.ids, pa.string())}
    )
    found = []
    with lent(store, _flow=names):
        several = list(families(flows, nodes))
        for number, (gates, chosen) in enumerate(several):
            if progress:
                progress("paths of flows", number, len(several))
            graph = extended(network.topology.graph, [flows.gates[gate] for gate in gates])
            ends = [renamed(end[chosen], nodes, gates) for end in (flows.source, flows.target)]
            paths = _paths(block_tree(graph, engine=engine), chosen, ends[0], ends[1])
            if "exposure_flow" in wanted:
                _write_flows(store, network, paths)
            if "exposure" in wanted:
                _write_components(store, network, paths)
            if suppliers is not None:
                found.append(_met(network, suppliers, paths))
        if suppliers is not None:
            met = distinct(np.concatenate([one for one, _ in found]))
            always = distinct(np.concatenate([one for _, one in found]))
            _write_suppliers(store, network, suppliers, (met, always), engine, progress)


def _paths(
    tree: BlockTree, flow: NDArray[np.int64], source: NDArray[np.int32], target: NDArray[np.int32]
) -> _Paths:
    """Walk up the tree from both ends of all flows at once."""
    x, y = tree.position[source].astype(np.int64), tree.position[target].astype(np.int64)
    at = np.flatnonzero(tree.root[x] == tree.root[y])
    # Node v is 2v + 1 and block v is 2v, so whatever is above has a smaller number.
    one, other = 2 * x[at] + 1, 2 * y[at] + 1
    seen_at, seen = [], []
    while at.size:
        one, other = np.maximum(one, other), np.minimum(one, other)
        seen_at.append(at)
        seen.append(one)
        going = one != other
        at, one, other = at[going], one[going], other[going]
        half = one // 2
        one = np.where(
            one % 2 == 1, 2 * tree.block[half].astype(np.int64), 2 * tree.parent[half].astype(np.int64) + 1
        )
    who = np.concatenate([np.zeros(0, np.int64), *seen_at])
    what = np.concatenate([np.zeros(0, np.int64), *seen])
    is_node = what % 2 == 1
    position = what // 2
    block = position[~is_node]
    blocks = _lists(who[~is_node], block, flow.size)
    crossing = tree.bridge[block] != 0
    apex = np.full(flow.size, np.iinfo(np.int64).max)
    np.minimum.at(apex, who[is_node], position[is_node])
    np.minimum.at(apex, who[~is_node], tree.parent[block])
    connected = apex < tree.order.size
    top = np.full(flow.size, -1, np.int32)
    top[connected] = tree.order[apex[connected]]
    return _Paths(
        tree=tree,
        flow=flow,
        every=_lists(who[is_node], tree.order[position[is_node]], flow.size),
        bridges=_lists(who[~is_node][crossing], tree.link[block[crossing]], flow.size),
        blocks=blocks,
        apex=top,
    )


def _lists(owner: NDArray[np.int64], item: NDArray[np.generic], count: int) -> Lists:
    """Return items as lists of their owners."""
    order = np.argsort(owner, kind="stable")
    size = np.bincount(owner, minlength=count)
    return Lists(np.concatenate([np.zeros(1, np.int64), np.cumsum(size)]), item[order].astype(np.int32))


def _is_component(network: Network, node: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which nodes are components."""
    first = network.topology.sites
    return (node >= first) & (node < first + network.topology.components)


def _write_flows(store: Store, network: Network, paths: _Paths) -> None:
    """Fill `exposure_flow`."""
    tree = paths.tree
    component = _is_component(network, tree.order)
    below = np.bincount(tree.block[component & (tree.block >= 0)], minlength=tree.order.size).astype(np.int64)
    connected = paths.apex >= 0
    own = network.topology.links
    given = {
        "flow": paths.flow,
        "connected": connected,
        "on_every": paths.every.sums(
            _is_component(network, np.arange(tree.order.size, dtype=np.int32)).astype(np.int64)
        ),
        "on_some": paths.blocks.sums(below) + _is_component(network, paths.apex),
        "links": paths.bridges.sums((np.arange(tree.graph.links) < own).astype(np.int64)),
    }
    with lent(store, _given=given):
        store.connection.execute(
            "insert into exposure_flow by name select flow_id, connected, on_every as components_every, "
            "on_some as components_some, links as links_every "
            "from _given join _flow using (flow) order by flow"
        )


def _write_components(store: Store, network: Network, paths: _Paths) -> None:
    """Fill `exposure`."""
    tree = paths.tree
    limit = max(1, min(SOME, _ROWS // network.flows.count))
    inside = np.flatnonzero(_is_component(network, tree.order) & (tree.block >= 0))
    inside = inside[np.lexsort((tree.order[inside], tree.block[inside]))]
    of_block = _lists(tree.block[inside].astype(np.int64), tree.order[inside], tree.order.size)
    flow, node, always = [], [], []
    for at in range(paths.flow.size):
        every = paths.every.of(at)
        every = every[_is_component(network, every)]
        parts = [of_block.of(block)[: limit + every.size] for block in paths.blocks.of(at).tolist()]
        some = np.setdiff1d(np.concatenate([every[:0], *parts]), every)[:limit]
        node += [every, some]
        always.append(np.repeat([True, False], [every.size, some.size]))
        flow.append(np.full(every.size + some.size, paths.flow[at]))
    given = {"flow": np.concatenate(flow), "node": np.concatenate(node), "always": np.concatenate(always)}
    with lent(store, _given=given):
        store.connection.execute(
            "insert into exposure by name select flow_id, component_id, always as on_every "
            "from _given as g join _flow using (flow) join _outage_component as c on g.node = c.node "
            "order by g.flow, g.always desc, g.node"
        )


def _met(
    network: Network, suppliers: Suppliers, paths: _Paths
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return flow and supplier, as one number, of whom flows meet on some path, and on every path."""
    tree, nodes = paths.tree, network.topology.nodes
    spare = np.full((2, tree.order.size - nodes), -1, np.int32)
    node = np.concatenate([suppliers.node, spare], axis=1)
    link = np.append(suppliers.link, np.full(tree.graph.links - suppliers.link.size, -1, np.int32))
    ends = tree.position[tree.graph.tail], tree.position[tree.graph.head]
    of_link = np.where(ends[0] == ends[1], -1, tree.block[np.maximum(*ends)])
    block = np.concatenate([tree.block, tree.block, of_link]).astype(np.int64)
    code = np.concatenate([node[0, tree.order], node[1, tree.order], link])
    known = (block >= 0) & (code >= 0)
    pairs = distinct(block[known] * _FIELD + code[known])
    of_block = _lists(pairs // _FIELD, pairs % _FIELD, tree.order.size)
    passed = gathered(of_block, paths.blocks.item.astype(np.int64))
    owner = paths.flow[paths.blocks.owners()][passed.owners()]
    met = [owner * _FIELD + passed.item]
    top = paths.apex >= 0
    always = []
    for whose in node:
        mine = whose[paths.apex[top]]
        met.append((paths.flow[top] * _FIELD + mine)[mine >= 0])
        mine = whose[paths.every.item]
        always.append((paths.flow[paths.every.owners()] * _FIELD + mine)[mine >= 0])
    mine = link[paths.bridges.item]
    always.append((paths.flow[paths.bridges.owners()] * _FIELD + mine)[mine >= 0])
    return distinct(np.concatenate(met)), distinct(np.concatenate(always))


def _write_suppliers(
    store: Store,
    network: Network,
    suppliers: Suppliers,
    pairs: tuple[NDArray[np.int64], NDArray[np.int64]],
    engine: Engine | None,
    progress: Callable[[str, int, int], None] | None,
) -> None:
    """Fill `exposure_supplier`."""
    met, always = pairs
    flow, code = met // _FIELD, met % _FIELD
    avoidable = np.zeros(met.size, np.bool_)
    before = apart(network.flows, all_up(network.topology, engine))
    asked = distinct(code)
    for number, one in enumerate(asked.tolist()):
        if progress:
            progress("ways around suppliers", number, asked.size)
        label = pieces(network.topology.graph, *suppliers.without(one), engine=engine)
        here = code == one
        avoidable[here] = ~(apart(network.flows, label) | before)[flow[here]]
    given = {"flow": flow, "code": code, "always": np.isin(met, always), "avoidable": avoidable}
    with lent(store, _given=given):
        store.connection.execute(
            "insert into exposure_supplier by name "
            "select flow_id, enum_range(null::d_supplier_id)[code + 1]::d_supplier_id as supplier_id, "
            "always as on_every, avoidable from _given join _flow using (flow) order by flow, code"
        )
