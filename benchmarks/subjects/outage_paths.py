"""What do flows lose with each node and link, and what do one-way links cost, on 150,000 nodes?

The peer for flows finds the blocks with igraph, joins them to a tree, and adds each flow up on its way
through the tree with numpy: node losses only. The peer for one-way links is igraph's dominators from the
instances of each of the four functions, without the union that makes losses of them. Answers are compared.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import igraph
import numpy as np

from benchmarks.operators import operator
from benchmarks.registry import Phase, Subject, in_process
from netproof.graph.directed import directed_losses
from netproof.graph.library import Engine
from netproof.graph.paths import flow_losses
from netproof.graph.single import losses, skeleton

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from netproof.graph import Multigraph

SITES = 30_000
FLOWS = 100_000


def _block_tree(graph: Multigraph) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return parents and depths in the tree of nodes and blocks, and its nodes from the top down."""
    ends = np.column_stack([graph.tail, graph.head])
    blocks = igraph.Graph(graph.nodes, ends, directed=False).biconnected_components()
    sizes = [len(one) for one in blocks]
    block = np.repeat(np.arange(len(sizes)), sizes) + graph.nodes
    node = np.concatenate([np.array(one) for one in blocks])
    tree = igraph.Graph(graph.nodes + len(sizes), np.column_stack([node, block]), directed=False)
    order, starts, parent = tree.bfs(0)
    depth = np.zeros(len(parent), np.int64)
    for level, (low, high) in enumerate(pairwise(starts)):
        depth[order[low:high]] = level
    return np.array(parent), depth, np.array(order)


def _peer(graph: Multigraph, flows: tuple[NDArray[np.int64], ...]) -> NDArray[np.int64]:
    """Return what each node takes away, over igraph's blocks."""
    parent, depth, order = _block_tree(graph)
    source, target, rate = flows
    one, other = source.copy(), target.copy()
    while (apart := one != other).any():
        lower = apart & (depth[one] >= depth[other])
        other = np.where(apart & ~lower, parent[other], other)
        one = np.where(lower, parent[one], one)
    through = np.zeros(parent.size, np.int64)
    np.add.at(through, source, rate)
    np.add.at(through, target, rate)
    np.subtract.at(through, one, rate)
    inner = parent[one] >= 0
    np.subtract.at(through, parent[one[inner]], rate[inner])
    level = depth[order]
    cuts = np.flatnonzero(np.diff(level)) + 1
    for nodes in reversed(np.split(order, cuts)[1:]):
        np.add.at(through, parent[nodes], through[nodes])
    return through[: graph.nodes]


def prepare(_scratch: Path) -> list[Phase]:
    """Make the operator and its flows, and compare all answers."""
    made = operator(SITES)
    graph, rng = made.graph, np.random.default_rng(1)
    source, target = rng.integers(0, graph.nodes, (2, FLOWS))
    rate = rng.integers(1, 1_000_000, FLOWS)
    ends = (source.astype(np.int32), target.astype(np.int32), rate)
    tail, head = np.append(graph.tail, graph.head), np.append(graph.head, graph.tail)
    need = made.need

    whole = np.column_stack([tail, head])
    above = [np.column_stack([np.full(one.size, graph.nodes), one]) for one in need.instances]
    rooted = [igraph.Graph(graph.nodes + 1, np.append(whole, one, axis=0), directed=True) for one in above]

    want = _peer(graph, (source, target, rate))
    for engine in Engine:
        if not np.array_equal(flow_losses(graph, *ends, engine=engine).node, want):
            msg = f"{engine} and igraph disagree on the flows"
            raise RuntimeError(msg)
    both_ways = losses(skeleton(graph), need)
    one_way = directed_losses(graph.nodes, tail, head, need)
    if not np.array_equal(one_way.node, both_ways.node):
        msg = "dominators and the undirected kernel disagree"
        raise RuntimeError(msg)
    print(f"{graph.nodes:,} nodes, {graph.links:,} links, {FLOWS:,} flows: all answers are equal")

    blocks, dominators = "flows: igraph blocks + numpy", "one way: igraph dominators"
    return [
        Phase(blocks, in_process(lambda: _peer(graph, (source, target, rate)))),
        Phase(
            "flows: netproof, nodes and links",
            in_process(lambda: flow_losses(graph, *ends, engine=Engine.NATIVE)),
            blocks,
        ),
        Phase(
            "flows: netproof portable",
            in_process(lambda: flow_losses(graph, *ends, engine=Engine.PORTABLE)),
            blocks,
        ),
        Phase(dominators, in_process(lambda: [one.dominator(graph.nodes) for one in rooted])),
        Phase(
            "one way: netproof, losses",
            in_process(lambda: directed_losses(graph.nodes, tail, head, need)),
            dominators,
        ),
    ]


SUBJECT = Subject("Outages: flows and one-way links on 150,000 nodes", prepare, repeats=5)
