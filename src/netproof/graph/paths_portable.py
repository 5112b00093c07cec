"""Blocks and paths without compiled kernels: the integers of native/paths.cpp, in numpy and scipy.

`graph.paths` says what the arrays mean and chooses between the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netproof.graph.closure_portable import gather
from netproof.graph.distinct import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netproof.graph.multigraph import Multigraph
    from netproof.graph.paths import BlockTree

    Ints = NDArray[np.int64]


def least_between(value: Ints, low: Ints, high: Ints) -> Ints:
    """Return the least value at positions from `low` up to, but without, `high`; no range is empty.

    Cost: O(n log n + ranges), O(n + ranges) memory: the table of powers of two is used row by row.
    """
    answer = np.zeros(low.size, np.int64)
    row, width = value, 1
    span = high - low
    while row.size:
        here = np.flatnonzero((span >= width) & (span < 2 * width))
        answer[here] = np.minimum(row[low[here]], row[high[here] - width])
        row = np.minimum(row[:-width], row[width:])
        width *= 2
    return answer


def follow(step: Ints) -> Ints:
    """Return where each walk ends; walks end at positions that step to themselves."""
    while True:
        further = step[step]
        if np.array_equal(further, step):
            return step
        step = further


def tree(graph: Multigraph) -> tuple[NDArray[np.int32], ...]:
    """Return the arrays of a BlockTree, in the order of its fields."""
    n = graph.nodes
    order, parent = _search(graph)
    position = np.empty(n, np.int64)
    position[order] = np.arange(n)
    tail, head = position[graph.tail], position[graph.head]
    early, late = np.minimum(tail, head), np.maximum(tail, head)
    link = np.full(n, -1, np.int64)
    joins = np.flatnonzero((parent[late] == early) & (early != late))[::-1]
    link[late[joins]] = joins
    others = np.ones(graph.links, np.bool_)
    others[link[link >= 0]] = False
    own = np.arange(n)
    np.minimum.at(own, late[others], early[others])
    here, child = np.arange(n), parent >= 0
    low = least_between(own, here, _ends(parent))
    root = follow(np.where(child, parent, here))
    begins = child & (low >= parent)
    block = follow(np.where(child & ~begins, parent, here))
    block[~child] = -1
    fields = (order, parent, link, block, root)
    return *(one.astype(np.int32) for one in fields), (child & (low > parent)).astype(np.uint8)


def _search(graph: Multigraph) -> tuple[Ints, Ints]:
    """Return the nodes in the order of a depth-first search, and the position of each one's parent, or -1."""
    from scipy.sparse import coo_array  # noqa: PLC0415 - costs a third of a second, and only where needed
    from scipy.sparse.csgraph import connected_components, depth_first_order  # noqa: PLC0415

    n = graph.nodes
    if n == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    links = coo_array((np.ones(graph.links, np.bool_), (graph.tail, graph.head)), shape=(n, n))
    _, label = connected_components(links, directed=False)
    first = np.unique(label, return_index=True)[1]
    # One node above all lets one search reach every piece.
    tail = np.concatenate([graph.tail, np.full(first.size, n)])
    head = np.concatenate([graph.head, first])
    whole = coo_array((np.ones(tail.size, np.bool_), (tail, head)), shape=(n + 1, n + 1)).tocsr()
    order, above = depth_first_order(whole, n, directed=False, return_predecessors=True)
    order = order[1:].astype(np.int64)
    position = np.full(n + 1, -1, np.int64)
    position[order] = np.arange(n)
    return order, position[above[order]]


def _ends(parent: Ints) -> Ints:
    """Return where the part below each position ends in preorder."""
    n = parent.size
    by_parent = np.lexsort((np.arange(n), parent))
    next_one = np.full(n + 1, n, np.int64)
    same = np.flatnonzero(np.diff(parent[by_parent]) == 0)
    sibling = np.full(n, -1, np.int64)
    sibling[by_parent[same]] = by_parent[same + 1]
    # A last child ends where its parent ends: walk up to one that has a next sibling, or to the end of all.
    last = np.flatnonzero((sibling < 0) & (parent >= 0))
    step = np.arange(n + 1)
    step[last] = parent[last]
    top = follow(step)[:n]
    next_one[:n] = np.where(sibling[top] >= 0, sibling[top], n)
    return next_one[:n]


def flows(
    tree: BlockTree, source: NDArray[np.int32], target: NDArray[np.int32], rate: Ints
) -> tuple[Ints, Ints, int]:
    """Return by position what each node takes away and each entering bridge, and the rate without a path."""
    joined = tree.root[source] == tree.root[target]
    baseline = sum(rate[~joined].tolist())
    low = np.minimum(source, target)[joined].astype(np.int64)
    high = np.maximum(source, target)[joined].astype(np.int64)
    rate = rate[joined]
    n = tree.order.size
    parent, block = tree.parent.astype(np.int64), tree.block.astype(np.int64)
    fork = low.copy()
    apart = np.flatnonzero(low != high)
    # In preorder, the common ancestor of two is the least parent of those after the first up to the second.
    fork[apart] = least_between(parent, low[apart] + 1, high[apart] + 1)
    begins = block == np.arange(n)
    through_node = (begins[_towards(parent, fork, low)] | (low == fork)) & (
        begins[_towards(parent, fork, high)] | (high == fork)
    )
    node, bridge = np.zeros(n, np.int64), np.zeros(n, np.int64)
    np.add.at(node, low, rate)
    np.add.at(node, high, rate)
    np.subtract.at(node, fork[through_node], rate[through_node])
    # The node above the fork, or the fork itself where the flow passes it by within a block.
    into, within = block[fork[through_node]], block[fork[~through_node]]
    np.subtract.at(bridge, into[into >= 0], rate[through_node][into >= 0])
    np.subtract.at(bridge, within, rate[~through_node])
    above = parent[within]
    np.subtract.at(node, above, rate[~through_node])
    total = np.concatenate([np.zeros(1, np.int64), np.cumsum(node + bridge)])
    whole = np.where(begins, total[_ends(parent)] - total[:-1], 0)
    np.add.at(node, parent[begins], whole[begins])
    return node, whole, baseline


def _towards(parent: Ints, above: Ints, below: Ints) -> Ints:
    """Return the child of `above` over which `below` hangs; anything where both are the same."""
    n = parent.size
    key = np.sort((parent + 1) * n + np.arange(n))
    return key[np.searchsorted(key, (above + 1) * n + below, side="right") - 1] % n


def distance(
    graph: Multigraph, without_node: NDArray[np.bool_], without_link: NDArray[np.bool_], start: int
) -> NDArray[np.int32]:
    """Return the links from `start` to each node over what is not without, -1 where it is not reached."""
    answer = np.full(graph.nodes, -1, np.int32)
    if without_node[start]:
        return answer
    kept = ~(without_link | without_node[graph.tail] | without_node[graph.head])
    tail = np.concatenate([graph.tail[kept], graph.head[kept]])
    head = np.concatenate([graph.head[kept], graph.tail[kept]])
    first = np.zeros(graph.nodes + 1, np.int64)
    np.cumsum(np.bincount(tail, minlength=graph.nodes), out=first[1:])
    head = head[np.argsort(tail, kind="stable")]
    front, steps = np.array([start]), 0
    while front.size:
        answer[front] = steps
        near = distinct(head[gather(first, front)[0]]).astype(np.int64)
        front, steps = near[answer[near] < 0], steps + 1
    return answer


def pieces(
    graph: Multigraph, without_node: NDArray[np.bool_], without_link: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """Return the smallest node that each is connected with without some, -1 where it is itself without."""
    from scipy.sparse import coo_array  # noqa: PLC0415 - costs a third of a second, and only where needed
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    n = graph.nodes
    if n == 0:
        return np.zeros(0, np.int32)
    kept = ~(without_link | without_node[graph.tail] | without_node[graph.head])
    ends = (graph.tail[kept], graph.head[kept])
    links = coo_array((np.ones(ends[0].size, np.bool_), ends), shape=(n, n))
    _, label = connected_components(links, directed=False)
    first = np.unique(label, return_index=True)[1]
    return np.where(without_node, -1, first[label]).astype(np.int32)
