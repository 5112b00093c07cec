"""Losses with one-way links without compiled kernels: the integers of native/directed.cpp, in plain Python.

`graph.directed` says what the arrays mean and chooses between the two. Links are followed backwards here:
what is "above" a node stands between it and all instances.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from netproof.graph.multigraph import Multigraph, Need

_UNSERVED = -1


@dataclass(frozen=True, slots=True)
class _Function:
    """For one function: what stands between each node and all instances.

    Attributes:
        above: The nearest node without which each is unserved; n stands for none, -1 for unserved.
        entry: The link without which each cannot use that, or -1.
        found: Nodes that are served, in the order of the search.
    """

    above: list[int]
    entry: list[int]
    found: list[int]


def losses(graph: Multigraph, need: Need, *answers: NDArray[np.int64]) -> None:
    """Fill people lost by node and link, places lost by node and link, and both lost to begin with."""
    node, link, node_places, link_places, baseline = answers
    heads, tails = graph.head.tolist(), graph.tail.tolist()
    into: list[list[int]] = [[] for _ in range(graph.nodes)]
    out: list[list[int]] = [[] for _ in range(graph.nodes)]
    for one, (a, b) in enumerate(zip(tails, heads, strict=True)):
        into[b].append(a)
        out[a].append(one)
    functions = [_function(into, out, heads, instances.tolist()) for instances in need.instances]
    served = np.ones(graph.nodes, np.bool_)
    for function in functions:
        served &= np.array(function.above, np.int64) != _UNSERVED
    baseline[0] = need.people[~served].sum()
    by_node, by_link = _add(functions, np.where(served, need.people, 0).tolist(), graph.links)
    node[:], link[:] = by_node, by_link
    if need.place is None:
        return
    at = np.flatnonzero((need.people > 0) & (need.place >= 0))
    homes: dict[int, list[int]] = {place: [] for place in need.place[at].tolist()}
    for one in at[served[at]].tolist():
        homes[int(need.place[one])].append(one)
    baseline[1] = sum(not home for home in homes.values())
    weight, rank = [0] * (graph.nodes + 1), _agreed(functions)
    for home in filter(None, homes.values()):
        if len(home) == 1 or all(one in rank for one in home):
            weight[_common(functions[0].above, rank, home)] += 1
            continue
        for counts, lost in zip(_shared(functions, home), (node_places, link_places), strict=True):
            lost[[one for one, times in counts.items() if times == len(home)]] += 1
    by_node, by_link = _add(functions, weight[:-1], graph.links)
    node_places += np.array(by_node, np.int64)
    link_places += np.array(by_link, np.int64)


def _agreed(functions: list[_Function]) -> dict[int, int]:
    """Return nodes from which all functions agree on all that is above, ranked by the first one's search."""
    n = len(functions[0].above)
    rank = {n: -1}
    for i, one in enumerate(functions[0].found):
        above = functions[0].above[one]
        if above in rank and all(function.above[one] == above for function in functions):
            rank[one] = i
    return rank


def _common(above: list[int], rank: dict[int, int], home: list[int]) -> int:
    """Return the nearest node above all of a place's, one of them perhaps; n where there is none."""
    common = home[0]
    for one in home[1:]:
        other = one
        while common != other:
            if rank[common] > rank[other]:
                common = above[common]
            else:
                other = above[other]
    return common


def _shared(functions: list[_Function], home: list[int]) -> tuple[Counter[int], Counter[int]]:
    """Return how many nodes of a place need each node, and each link."""
    nodes: Counter[int] = Counter()
    links: Counter[int] = Counter()
    for one in home:
        node, link = _needed(functions, [one] * len(functions))
        nodes.update(node)
        links.update(link)
    return nodes, links


def _needed(functions: list[_Function], start: Iterable[int]) -> tuple[set[int], set[int]]:
    """Return the nodes and links on the chains that start at one node for each function."""
    nodes, links = set(), set()
    for function, first in zip(functions, start, strict=True):
        at = first
        while at < len(function.above):
            nodes.add(at)
            links.add(function.entry[at])
            at = function.above[at]
    return nodes, links - {-1}


def _add(functions: list[_Function], weight: list[int], links: int) -> tuple[list[int], list[int]]:
    """Add each node's weight to all that it needs; where functions agree, it moves to the node above."""
    node, link = [0] * len(weight), [0] * links
    for one in reversed(functions[0].found):
        if weight[one] == 0:
            continue
        node[one] += weight[one]
        needed = {function.entry[one] for function in functions} - {-1}
        above = [function.above[one] for function in functions]
        if all(other == above[0] for other in above):
            if above[0] < len(weight):
                weight[above[0]] += weight[one]
        else:
            others, further = _needed(functions, above)
            needed |= further
            for other in others:
                node[other] += weight[one]
        for other in needed:
            link[other] += weight[one]
    return node, link


def _function(
    into: list[list[int]], out: list[list[int]], heads: list[int], instances: list[int]
) -> _Function:
    """Search from all instances of one function against the links, and find what is above each node."""
    found, parent, number = _search(into, instances)
    roots = set(instances)
    entered = ([number[heads[link]] for link in out[v]] for v in found)
    ways = [
        [0] if v in roots else [way for way in some if way > 0]
        for v, some in zip(found, entered, strict=True)
    ]
    idom = _dominators(parent, ways)
    first, last = _intervals(idom)
    above, entry = [_UNSERVED] * len(into), [-1] * len(into)
    for i, v in enumerate(found, 1):
        above[v] = len(into) if idom[i] == 0 else found[idom[i] - 1]
        if v in roots:
            continue
        usable = [
            link
            for link in out[v]
            if number[heads[link]] > 0 and not first[i] <= first[number[heads[link]]] < last[i]
        ]
        if len(usable) == 1:
            entry[v] = usable[0]
    return _Function(above, entry, found)


def _search(into: list[list[int]], instances: list[int]) -> tuple[list[int], list[int], list[int]]:
    """Return nodes in the order of a depth-first search, the numbers of their parents, and all numbers."""
    found: list[int] = []
    parent, number = [0], [0] * len(into)
    for instance in instances:
        stack = [(instance, 0)]
        while stack:
            here, above = stack.pop()
            if number[here]:
                continue
            found.append(here)
            parent.append(above)
            number[here] = len(found)
            stack.extend((below, len(found)) for below in reversed(into[here]) if not number[below])
    return found, parent, number


def _dominators(parent: list[int], ways: list[list[int]]) -> list[int]:
    """Return immediate dominators by number; way[i - 1] holds the numbers from which number i is entered."""
    size = len(parent)
    semi, label, up = list(range(size)), list(range(size)), list(parent)
    for i in range(size - 1, 0, -1):
        best = parent[i]
        for start in ways[i - 1]:
            if start <= i:
                best = min(best, start)
                continue
            path, at = [], start
            while up[at] > i:
                path.append(at)
                at = up[at]
            for here in reversed(path):
                if semi[label[up[here]]] < semi[label[here]]:
                    label[here] = label[up[here]]
            for here in path:
                up[here] = up[at]
            best = min(best, semi[label[start]])
        semi[i] = best
    idom = list(parent)
    for i in range(1, size):
        while idom[i] > semi[i]:
            idom[i] = idom[idom[i]]
    return idom


def _intervals(idom: list[int]) -> tuple[list[int], list[int]]:
    """Return where each number and all that it dominates lie in preorder: first, and one past the last."""
    size = [1] * len(idom)
    for i in range(len(idom) - 1, 0, -1):
        size[idom[i]] += size[i]
    first, free = [0] * len(idom), [1] * len(idom)
    for i in range(1, len(idom)):
        first[i] = free[idom[i]]
        free[i] = first[i] + 1
        free[idom[i]] += size[i]
    return first, [a + b for a, b in zip(first, size, strict=True)]
