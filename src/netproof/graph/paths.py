"""What lies between two nodes: what every path needs, what some path uses, and whether there is a way around.

The blocks of a multigraph (parts that no single node separates) and its nodes form a tree. What lies on every
path between two nodes is what lies on the one path between them in that tree. It gives, for all nodes and
links at once, the flows that each of them takes away.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netproof.graph import library, paths_portable
from netproof.graph.library import Engine, address

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netproof.graph.multigraph import Multigraph


@dataclass(frozen=True, slots=True)
class BlockTree:
    """The tree of blocks and nodes of a multigraph; all arrays by position in one depth-first search.

    A block is named by the position of the node that the search entered it with, from the node above it.

    Attributes:
        order: int32[n], the node at each position.
        parent: int32[n], the position from which each was entered, or -1.
        link: int32[n], the link by which it was entered, or -1.
        block: int32[n], the block that joins it to its parent, or -1.
        root: int32[n], the first position of its connected piece.
        bridge: uint8[n], 1 where the link by which it was entered is the only way there.
        position: int32[n], the position of each node.
        graph: The multigraph.
    """

    order: NDArray[np.int32]
    parent: NDArray[np.int32]
    link: NDArray[np.int32]
    block: NDArray[np.int32]
    root: NDArray[np.int32]
    bridge: NDArray[np.uint8]
    position: NDArray[np.int32]
    graph: Multigraph


@dataclass(frozen=True, slots=True)
class FlowLosses:
    """What is lost of flows when one thing fails.

    Attributes:
        node: int64[n], rate of the flows that need each node, their ends included [kbit/s].
        link: int64[m], rate of the flows that need each link [kbit/s].
        baseline: Rate of the flows whose ends are not connected to begin with; no failure loses it [kbit/s].
    """

    node: NDArray[np.int64]
    link: NDArray[np.int64]
    baseline: int


@dataclass(frozen=True, slots=True)
class Route:
    """A path.

    Attributes:
        node: int32[k + 1], the nodes in order, from end to end.
        link: int32[k], the links between them.
    """

    node: NDArray[np.int32]
    link: NDArray[np.int32]


def block_tree(graph: Multigraph, *, engine: Engine | None = None) -> BlockTree:
    """Return the tree of blocks and nodes; other functions of this file take it in place of the graph.

    Cost: O(n + m). Source: Hopcroft and Tarjan 1973, biconnected components.
    Twin: `paths_portable.tree`, O(n log n + m); another search, so other positions, and the same blocks.
    """
    n = graph.nodes
    if library.engine(engine) is Engine.PORTABLE:
        fields = paths_portable.tree(graph)
    else:
        fields = (*(np.zeros(n, np.int32) for _ in range(5)), np.zeros(n, np.uint8))
        _answer(library.kernels().netproof_paths_tree(*_links(graph), *(address(one) for one in fields)))
    position = np.empty(n, np.int32)
    position[fields[0]] = np.arange(n, dtype=np.int32)
    order, parent, link, block, root, bridge = fields
    return BlockTree(order, parent, link, block, root, bridge.astype(np.uint8), position, graph)


def flow_losses(
    graph: Multigraph | BlockTree,
    source: NDArray[np.int32],
    target: NDArray[np.int32],
    rate: NDArray[np.int64],
    *,
    engine: Engine | None = None,
) -> FlowLosses:
    """Return the rate of flows that is lost when each node, or each link, fails.

    Args:
        graph: The network, or its block tree.
        source: int32[f], the node where each flow starts.
        target: int32[f], the node where it ends; the same one needs nothing but that node.
        rate: int64[f], rate of each flow [kbit/s], 0 or more.
        engine: Who computes.

    Raises:
        ValueError: The arrays do not fit each other, or name a node that does not exist.

    Cost: O(n + m + flows log n).
    Twin: `paths_portable.flows`.
    """
    tree = _tree(graph, engine)
    n, position = tree.graph.nodes, tree.position
    source, target = np.ascontiguousarray(source, np.int32), np.ascontiguousarray(target, np.int32)
    rate = np.ascontiguousarray(rate, np.int64)
    if not source.shape == target.shape == rate.shape or source.ndim != 1:
        found = f"{source.size}, {target.size} and {rate.size}"
        raise ValueError(f"expected a source, target and rate of each flow, got {found}")
    for ends in (source, target):
        if ends.size and not 0 <= int(ends.min()) <= int(ends.max()) < n:
            raise ValueError(f"expected ends of flows from 0 to {n - 1}, got {ends.min()} to {ends.max()}")
    if rate.size and int(rate.min()) < 0:
        raise ValueError(f"expected a rate of 0 or more, got {rate.min()}")
    start, end = position[source], position[target]
    if library.engine(engine) is Engine.PORTABLE:
        at_node, at_bridge, baseline = paths_portable.flows(tree, start, end, rate)
    else:
        at_node, at_bridge, baseline = _flows(tree, start, end, rate)
    node, link = np.zeros(n, np.int64), np.zeros(tree.graph.links, np.int64)
    node[tree.order] = at_node
    bridges = np.flatnonzero(tree.bridge)
    link[tree.link[bridges]] = at_bridge[bridges]
    return FlowLosses(node, link, baseline)


def _flows(
    tree: BlockTree, start: NDArray[np.int32], end: NDArray[np.int32], rate: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Run the compiled kernel of `flow_losses`."""
    n = tree.graph.nodes
    node, bridge, baseline = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(1, np.int64)
    _answer(
        library.kernels().netproof_paths_flows(
            ctypes.c_int32(n),
            *(address(one) for one in (tree.parent, tree.block, tree.root)),
            ctypes.c_int64(start.size),
            *(address(one) for one in (start, end, rate, node, bridge, baseline)),
        )
    )
    return node, bridge, int(baseline[0])


def every(
    graph: Multigraph | BlockTree, a: int, b: int, *, engine: Engine | None = None
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which nodes (the ends included) and which links lie on every path from `a` to `b`.

    Where there is no path, nothing does.

    Raises:
        ValueError: `a` or `b` does not exist.

    Cost: O(n + m).
    """
    tree = _tree(graph, engine)
    node, link = np.zeros(tree.graph.nodes, np.bool_), np.zeros(tree.graph.links, np.bool_)
    nodes, blocks = _between(tree, a, b)
    node[tree.order[nodes]] = True
    link[tree.link[blocks[tree.bridge[blocks] != 0]]] = True
    return node, link


def some(
    graph: Multigraph | BlockTree, a: int, b: int, *, engine: Engine | None = None
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which nodes (the ends included) and which links lie on some path that visits no node twice.

    Raises:
        ValueError: `a` or `b` does not exist.

    Cost: O(n + m).
    Source: Whitney 1932. In a block of three nodes or more, any link lies on a path between any two of them.
    """
    tree = _tree(graph, engine)
    nodes, blocks = _between(tree, a, b)
    used = np.zeros(tree.graph.nodes + 1, np.bool_)  # the last stands for "no block", which is -1
    used[blocks] = True
    node, at = used[tree.block[tree.position]], tree.position
    node[tree.order[nodes]] = True
    node[tree.order[tree.parent[blocks]]] = True
    # A link lies in the block of that end which was found later.
    tail, head = at[tree.graph.tail], at[tree.graph.head]
    return node, used[tree.block[np.maximum(tail, head)]] & (tail != head)


def _between(tree: BlockTree, a: int, b: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the positions of the nodes, and the blocks, on the path from `a` to `b` in the tree."""
    for end in (a, b):
        if not 0 <= end < tree.graph.nodes:
            raise ValueError(f"expected a node from 0 to {tree.graph.nodes - 1}, got {end}")
    x, y = int(tree.position[a]), int(tree.position[b])
    nodes: list[int] = []
    blocks: list[int] = []
    if tree.root[x] == tree.root[y]:
        # Node v is 2v + 1 and block v is 2v, so whatever is above has a smaller number.
        one, other = 2 * x + 1, 2 * y + 1
        while one != other:
            one, other = max(one, other), min(one, other)
            (nodes if one % 2 else blocks).append(one // 2)
            one = 2 * int(tree.block[one // 2]) if one % 2 else 2 * int(tree.parent[one // 2]) + 1
        (nodes if one % 2 else blocks).append(one // 2)
    return np.array(nodes, np.int32), np.array(blocks, np.int32)


def shared(tree: BlockTree, sources: NDArray[np.int32], targets: NDArray[np.int32]) -> tuple[int, int] | None:
    """Return the ends of the way that all paths from any of some nodes to any of others have in common.

    What lies on every path between these two ends, the ends included, is what each failure of which leaves no
    path from any source to any target. None: nothing is, or there is no path to begin with.

    Args:
        tree: Answer of `block_tree`.
        sources: int32[], nodes.
        targets: int32[], nodes.

    Cost: O(sources * targets * length of the ways in the tree).
    """
    left: list[int] | None = None
    for a in tree.position[sources].tolist():
        for b in tree.position[targets].tolist():
            if tree.root[a] != tree.root[b]:
                continue
            way = _way(tree, a, b)
            kept = set(way)
            left = way if left is None else [node for node in left if node in kept]
    return (int(tree.order[left[0]]), int(tree.order[left[-1]])) if left else None


def _way(tree: BlockTree, a: int, b: int) -> list[int]:
    """Return the positions of the nodes on the path from `a` to `b` in the tree, in order."""
    sides: tuple[list[int], list[int]] = [], []
    ends = [2 * a + 1, 2 * b + 1]
    while ends[0] != ends[1]:
        # Node v is 2v + 1 and block v is 2v, so whatever is above has a smaller number.
        side = int(ends[1] > ends[0])
        at = ends[side]
        if at % 2:
            sides[side].append(at // 2)
        ends[side] = 2 * int(tree.block[at // 2]) if at % 2 else 2 * int(tree.parent[at // 2]) + 1
    middle = [ends[0] // 2] if ends[0] % 2 else []
    return sides[0] + middle + sides[1][::-1]


def avoiding(
    graph: Multigraph,
    a: int,
    b: int,
    without: NDArray[np.bool_],
    without_link: NDArray[np.bool_] | None = None,
    *,
    engine: Engine | None = None,
) -> Route | None:
    """Return a shortest path from `a` to `b` that avoids some nodes and links, or None where there is none.

    Of several shortest ones, it is the one that takes the smallest link at each step.

    Args:
        graph: The network.
        a: Where the path starts.
        b: Where it ends.
        without: bool[n], nodes to avoid; where it names an end there is no path.
        without_link: bool[m], links to avoid.
        engine: Who computes.

    Raises:
        ValueError: `a` or `b` does not exist, or an array does not fit.

    Cost: O(n + m). Twin: `paths_portable.distance`.
    """
    node, link = _without(graph, without, without_link)
    for end in (a, b):
        if not 0 <= end < graph.nodes:
            raise ValueError(f"expected a node from 0 to {graph.nodes - 1}, got {end}")
    if library.engine(engine) is Engine.PORTABLE:
        left = paths_portable.distance(graph, node, link, b)
    else:
        left = np.zeros(graph.nodes, np.int32)
        run = library.kernels().netproof_paths_distance
        _answer(run(*_links(graph), address(node), address(link), ctypes.c_int32(b), address(left)))
    if left[a] < 0:
        return None
    return _route(graph, a, left, link)


def _route(graph: Multigraph, a: int, left: NDArray[np.int32], without: NDArray[np.bool_]) -> Route:
    """Return the path from `a` that takes the smallest link towards the end at each step."""
    step = np.full(graph.nodes, graph.links, np.int64)
    for here, there in ((graph.tail, graph.head), (graph.head, graph.tail)):
        nearer = np.flatnonzero(~without & (left[there] >= 0) & (left[here] == left[there] + 1))
        np.minimum.at(step, here[nearer], nearer)
    node, link = [a], []
    while left[node[-1]] > 0:
        link.append(int(step[node[-1]]))
        node.append(int(graph.tail[link[-1]]) + int(graph.head[link[-1]]) - node[-1])
    return Route(np.array(node, np.int32), np.array(link, np.int32))


def pieces(
    graph: Multigraph,
    without: NDArray[np.bool_],
    without_link: NDArray[np.bool_] | None = None,
    *,
    engine: Engine | None = None,
) -> NDArray[np.int32]:
    """Return which nodes are connected with each other without some nodes and links.

    Two nodes have a path that avoids these if, and only if, they have the same label and it is not -1.

    Returns:
        int32[n], the smallest node of each one's piece, or -1 for nodes that are avoided.

    Raises:
        ValueError: An array does not fit.

    Cost: O(n + m log n). Twin: `paths_portable.pieces`.
    """
    node, link = _without(graph, without, without_link)
    if library.engine(engine) is Engine.PORTABLE:
        return paths_portable.pieces(graph, node, link)
    label = np.zeros(graph.nodes, np.int32)
    run = library.kernels().netproof_paths_pieces
    _answer(run(*_links(graph), address(node), address(link), address(label)))
    return label


def _without(
    graph: Multigraph, without: NDArray[np.bool_], without_link: NDArray[np.bool_] | None
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return what to avoid as two arrays that fit the graph."""
    node = np.ascontiguousarray(without, np.bool_)
    link = (
        np.zeros(graph.links, np.bool_)
        if without_link is None
        else np.ascontiguousarray(without_link, np.bool_)
    )
    if node.shape != (graph.nodes,) or link.shape != (graph.links,):
        raise ValueError(f"expected yes or no for {graph.nodes} nodes and {graph.links} links")
    return node, link


def _tree(graph: Multigraph | BlockTree, wanted: Engine | None) -> BlockTree:
    """Return the block tree of what a caller gave."""
    return graph if isinstance(graph, BlockTree) else block_tree(graph, engine=wanted)


def _links(graph: Multigraph) -> tuple[object, ...]:
    """Return a multigraph as arguments of a compiled kernel."""
    return ctypes.c_int32(graph.nodes), ctypes.c_int32(graph.links), address(graph.tail), address(graph.head)


def _answer(code: int) -> None:
    """Raise what a compiled kernel could not do."""
    if code != 0:
        raise MemoryError("the blocks of the network do not fit in memory")
