"""What cuts a whole group of nodes off from every target, alone and from outside of the group.

A node or link cuts a group off when, without it, no node of the group reaches a target that some of them
reached before. Those are the cut nodes and bridges that all ways from the group have in common: the way up
from the lowest place in the block tree that stands above all of the group (`graph.paths`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netproof.graph.multigraph import Multigraph
from netproof.graph.paths import BlockTree, block_tree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netproof.graph.library import Engine


@dataclass(frozen=True, slots=True)
class Cuts:
    """What cuts each group off.

    Attributes:
        reached: bool[groups], whether any node of the group reaches a target while all is up.
        count: int64[kinds, groups], how many nodes and links of each kind cut it off.
        nearest: int32[groups], of these the one met first on the way from the group: a node, or
            `nodes` + l for link l; -1: there is none.
    """

    reached: NDArray[np.bool_]
    count: NDArray[np.int64]
    nearest: NDArray[np.int32]


def cuts(
    graph: Multigraph,
    group: NDArray[np.int32],
    target: NDArray[np.int32],
    kind: NDArray[np.uint8],
    *,
    kinds: int = 1,
    engine: Engine | None = None,
) -> Cuts:
    """Return what cuts each group off from every target.

    Args:
        graph: The network.
        group: int32[n], the group of each node, or -1.
        target: int32[t], the targets; a group that holds one is not cut off by anything outside.
        kind: uint8[n + m], which kind each node and link counts as, from 1; 0: it does not count.
        kinds: How many kinds there are.
        engine: Who searches.

    Raises:
        ValueError: An array does not fit the graph.

    Cost: O((n + m) + (n + members) log n), whatever the number of groups.
    Twin: none of its own; `graph.paths.block_tree` has one.
    """
    nodes = graph.nodes
    if group.shape != (nodes,) or kind.shape != (nodes + graph.links,):
        raise ValueError(f"expected groups of {nodes} nodes and kinds of them and {graph.links} links")
    groups = int(group.max(initial=-1)) + 1
    # One node before all others joins the targets, so that the search starts at it.
    joined = Multigraph(
        nodes + 1,
        np.append(graph.tail + np.int32(1), np.zeros(target.size, np.int32)),
        np.append(graph.head + np.int32(1), target.astype(np.int32) + np.int32(1)),
    )
    tree = block_tree(joined, engine=engine)
    at_node, at_link, name = _kinds(tree, kind, nodes)
    ways = _Ways.of(tree, at_node, at_link, name, kinds)
    member = np.flatnonzero((group >= 0) & (tree.root[tree.position[1:]] == tree.root[tree.position[0]]))
    which, top = _tops(ways, tree.position[member + 1], group[member])
    inside = np.append(np.int32(-1), group)[tree.order[top]] == which
    count = np.zeros((kinds, groups), np.int64)
    nearest = np.full(groups, -1, np.int32)
    reached = np.zeros(groups, np.bool_)
    reached[which] = True
    for number in range(kinds):
        count[number, which] = ways.total[number][top] - (inside & (at_node[top] == number + 1))
    beyond = np.where(at_link[top] > 0, name[1][top], ways.nearest[ways.up[0][top]])
    nearest[which] = np.where(inside, beyond, ways.nearest[top])
    return Cuts(reached, count, nearest)


def _kinds(
    tree: BlockTree, kind: NDArray[np.uint8], nodes: int
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], tuple[NDArray[np.int32], NDArray[np.int32]]]:
    """Return by position the kind of the node and of the bridge above it, and the numbers of both."""
    node = tree.order - np.int32(1)
    at_node = np.where(node >= 0, kind[np.maximum(node, 0)] if kind.size else 0, 0).astype(np.uint8)
    link = np.where(tree.bridge != 0, tree.link, -1)
    own = (link >= 0) & (link < kind.size - nodes)  # the joining node's links come last
    at_link = np.zeros(link.size, np.uint8)
    at_link[own] = kind[nodes + link[own]]
    return at_node, at_link, (node.astype(np.int32), (nodes + link).astype(np.int32))


@dataclass(frozen=True, slots=True)
class _Ways:
    """For each position, the cut nodes between it and the root of its piece.

    Attributes:
        up: Of each position, where it comes to after 1, 2, 4 ... steps; a step leads to the node by which its
            block hangs on the rest.
        depth: int32[n], steps to the root.
        total: For each kind, int32[n], nodes and bridges of that kind from here to the root, this included.
        nearest: int32[n], the first of them, or -1.
    """

    up: tuple[NDArray[np.int32], ...]
    depth: NDArray[np.int32]
    total: tuple[NDArray[np.int32], ...]
    nearest: NDArray[np.int32]

    @classmethod
    def of(
        cls,
        tree: BlockTree,
        at_node: NDArray[np.uint8],
        at_link: NDArray[np.uint8],
        name: tuple[NDArray[np.int32], NDArray[np.int32]],
        kinds: int,
    ) -> _Ways:
        """Double the steps until every one has come to its root."""
        here = np.arange(tree.order.size, dtype=np.int32)
        inner = tree.block >= 0
        step = np.where(inner, tree.parent[np.where(inner, tree.block, 0)], here).astype(np.int32)
        # What a root counts is never counted for another: it would be added again with every doubling.
        at_root = step == here
        node, link = np.where(at_root, 0, at_node), np.where(at_root, 0, at_link)
        depth = (~at_root).astype(np.int32)
        total = [((node == k).astype(np.int32) + (link == k)) for k in range(1, kinds + 1)]
        nearest = np.where(node > 0, name[0], np.where(link > 0, name[1], -1)).astype(np.int32)
        up = [step]
        while not np.array_equal(further := step[step], step):
            depth = depth + depth[step]
            total = [one + one[step] for one in total]
            nearest = np.where(nearest < 0, nearest[step], nearest)
            step = further
            up.append(step)
        return cls(tuple(up), depth, tuple(total), nearest)

    def common(self, a: NDArray[np.int32], b: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the lowest position above both of each two, of one piece."""
        deeper = self.depth[a] >= self.depth[b]
        a, b = np.where(deeper, a, b), np.where(deeper, b, a)
        ahead = self.depth[a] - self.depth[b]
        for power, step in enumerate(self.up):
            a = np.where(ahead >> power & 1 == 1, step[a], a)
        for step in reversed(self.up):
            apart = step[a] != step[b]
            a, b = np.where(apart, step[a], a), np.where(apart, step[b], b)
        return np.where(a == b, a, self.up[0][a]).astype(np.int32)


def _tops(
    ways: _Ways, position: NDArray[np.int32], group: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the groups that have members, and the lowest position above all members of each."""
    order = np.argsort(group, kind="stable")
    group, position = group[order], position[order]
    while True:
        first = np.flatnonzero(np.diff(group, prepend=-1))
        if first.size == group.size:
            return group, position
        # Members of a group are taken two by two, until one is left.
        rank = np.arange(group.size) - np.repeat(first, np.diff(np.append(first, group.size)))
        kept = np.flatnonzero(rank % 2 == 0)
        other = np.minimum(kept + 1, group.size - 1)
        paired = group[other] == group[kept]
        position = position.copy()
        position[kept[paired]] = ways.common(position[kept[paired]], position[other[paired]])
        group, position = group[kept], position[kept]
