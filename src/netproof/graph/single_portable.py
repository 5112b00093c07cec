"""The twin of the compiled kernels in `single`: the same integers from numpy and scipy alone.

Sums over a subtree are differences of running sums, as a subtree is a run of positions; the lowest common
ancestor of two positions is the least parent between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netproof.graph.distinct import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netproof.graph.multigraph import Multigraph, Need
    from netproof.graph.single import Skeleton

    Integers = NDArray[np.int32]
    Positions = NDArray[np.int64]

SEPARATED, BRIDGE = 1, 2
_AT_ONCE = 64
BELOW, ABOVE, REST, SERVED = 1, 2, 4, 8


def _rows(nodes: int, tail: Positions | Integers, head: Positions | Integers) -> tuple[Integers, Integers]:
    """Return, sorted by tail, where each tail's heads start, and the heads; repeated pairs stay."""
    from scipy.sparse import coo_matrix  # noqa: PLC0415 - 0.3 s that only this engine needs

    pairs = coo_matrix((np.ones(tail.size), (tail, head)), shape=(nodes, nodes))
    pairs.has_canonical_format = True  # nothing is summed: parallel links may stay, and sorting costs most
    made = pairs.tocsr()
    return made.indptr, made.indices


def _in_parts(start: Integers, to: Integers) -> tuple[Integers, Integers, Positions]:
    """Return lists no longer than `_AT_ONCE` in place of long ones, each leading to the next at its end.

    scipy starts a node's list again after each child, which would cost the square of a list's length. As
    nothing else leads to a further part, a depth-first search finds all the rest in the same order as before.

    Returns:
        Where each part starts, what is in it (numbers of parts), and whose part it is.
    """
    many = np.maximum(1, -(-np.diff(start) // _AT_ONCE))
    owner = np.repeat(np.arange(many.size), many)
    if owner.size == many.size:
        return start, to, owner
    first = np.cumsum(many) - many
    begin = start[owner] + (np.arange(owner.size) - first[owner]) * _AT_ONCE
    further = np.flatnonzero(np.diff(owner) == 0) + 1
    size = np.diff(begin, append=to.size)
    size[further - 1] += 1
    made = np.append(0, np.cumsum(size)).astype(np.int32)
    return made, np.insert(first[to], begin[further], further).astype(np.int32), owner


def _searched(graph: Multigraph) -> tuple[Integers, Integers]:
    """Return node and parent by position; a node above all components makes them one search."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - as above
    from scipy.sparse.csgraph import connected_components, depth_first_order  # noqa: PLC0415 - as above

    nodes = graph.nodes
    start, to = _rows(
        nodes, np.concatenate([graph.tail, graph.head]), np.concatenate([graph.head, graph.tail])
    )
    matrix = csr_matrix((np.ones(to.size), to, start), shape=(nodes, nodes))
    components, label = connected_components(matrix, directed=False)
    roots = np.empty(components, np.int32)
    roots[label[::-1]] = np.arange(nodes)[::-1]
    start, to, owner = _in_parts(np.append(start, np.int32(to.size + components)), np.append(to, roots))
    above = csr_matrix((np.ones(to.size), to, start), shape=(owner.size, owner.size))
    order, before = depth_first_order(above, int(np.searchsorted(owner, nodes)), directed=True)
    # The first part of a node is the node, the super-node apart.
    whole = np.diff(owner, prepend=-1) > 0
    order = order[whole[order] & (owner[order] < nodes)]
    node = owner[order].astype(np.int32)
    position = np.full(nodes + 1, -1, np.int32)
    position[node] = np.arange(nodes)
    return node, position[owner[before[order]]]


def _children(parent: Integers) -> tuple[Integers, Integers]:
    """Return the parents of all that have one, sorted, and these children in the same order."""
    child = np.flatnonzero(parent >= 0).astype(np.int32)
    start, to = _rows(parent.size, parent[child], child)
    return np.repeat(np.arange(parent.size, dtype=np.int32), np.diff(start)), to


def _ends(parent: Integers) -> Integers:
    """Return where each subtree ends: before the next sibling, or where the parent's ends."""
    nodes = parent.size
    above, child = _children(parent)
    last = np.full(nodes, -1, np.int32)
    roots = np.flatnonzero(parent < 0)
    last[roots] = np.append(roots[1:], nodes) - 1
    follows = above[1:] == above[:-1]
    last[child[:-1][follows]] = child[1:][follows] - 1
    ask = np.arange(nodes, dtype=np.int32)
    open_ = np.flatnonzero(last < 0)
    ask[open_] = parent[open_]
    while open_.size:
        last[open_] = last[ask[open_]]
        ask[open_] = ask[ask[open_]]
        open_ = open_[last[open_] < 0]
    return last


def _least(values: Integers, first: Positions | Integers, end: Positions | Integers) -> Integers:
    """Return the least of values[first : end + 1] for each range; no range is empty.

    Cost: O(n log n) time, O(n) memory: a range is two overlapping ones whose length is a power of two.
    """
    power = np.frexp((end - first + 1).astype(np.float64))[1] - 1
    found = np.empty(first.size, values.dtype)
    for step in range(int(power.max(initial=-1)) + 1):
        asked = np.flatnonzero(power == step)
        found[asked] = np.minimum(values[first[asked]], values[end[asked] - (1 << step) + 1])
        values = np.minimum(values[: -(1 << step)], values[1 << step :])
    return found


def skeleton(graph: Multigraph) -> tuple[Integers, NDArray[np.uint8]]:
    """Return order and cut of one depth-first order, see `single.Skeleton`.

    Raises:
        RuntimeError: scipy's order is none of a depth-first search.
    """
    nodes = graph.nodes
    if not nodes:
        return np.empty((6, 0), np.int32), np.empty(0, np.uint8)
    node, parent = _searched(graph)
    position = np.empty(nodes, np.int32)
    position[node] = np.arange(nodes, dtype=np.int32)
    last = _ends(parent)
    depth = np.arange(nodes) - np.cumsum(np.bincount(last + 1, minlength=nodes + 1))[:nodes]
    one, other = position[graph.tail], position[graph.head]
    upper, lower = np.minimum(one, other), np.maximum(one, other)
    if not bool((lower <= last[upper]).all()):
        raise RuntimeError("expected scipy's depth_first_order to search depth first")
    entry = np.full(nodes, -1, np.int32)
    taken = np.flatnonzero((parent[lower] == upper) & (lower != upper))[::-1]
    entry[lower[taken]] = taken
    back = np.flatnonzero(entry[lower] != np.arange(graph.links))
    low = np.arange(nodes, dtype=np.int32)
    np.minimum.at(low, lower[back], upper[back])
    low = _least(low, np.arange(nodes), last)
    cut = np.where(parent < 0, 0, (low >= parent) * SEPARATED + (low > parent) * BRIDGE).astype(np.uint8)
    return np.stack([node, position, parent, last, depth.astype(np.int32), entry]), cut


def _below(searched: Skeleton, values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the sum of `values` over each subtree."""
    running = np.concatenate([np.zeros(1, np.int64), np.cumsum(values)])
    sums: NDArray[np.int64] = running[searched.last + 1] - running[:-1]
    return sums


def _roots(searched: Skeleton) -> tuple[Positions, Positions]:
    """Return the root of each component, and the component of each position."""
    first = searched.parent < 0
    return np.flatnonzero(first), np.cumsum(first) - 1


def _sides(searched: Skeleton, need: Need) -> NDArray[np.uint8]:
    """Return what lacks a function after a failure, BELOW, ABOVE and REST, and where nothing does: SERVED."""
    nodes = searched.nodes
    roots, component = _roots(searched)
    separated = (searched.cut & SEPARATED) > 0
    below, above, rest = (np.zeros(nodes, bool) for _ in range(3))
    for instances in need.instances:
        own = np.bincount(searched.position[instances], minlength=nodes)
        count = _below(searched, own)
        total = count[roots][component]
        apart = own
        parts = np.flatnonzero(separated & (count > 0))
        np.add.at(apart, searched.parent[parts], count[parts])
        below |= count == 0
        above |= total == apart
        rest |= total == count
    served = ~below[roots][component]
    side: NDArray[np.uint8] = below * np.uint8(BELOW) | above * np.uint8(ABOVE)
    return side | rest * np.uint8(REST) | served * np.uint8(SERVED)


def people(
    searched: Skeleton, need: Need
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64], int]:
    """Return the sides that lack a function, people lost with each node and link, and people lost before.

    Cost: O((n + m) * functions).
    """
    side = _sides(searched, need)
    roots, component = _roots(searched)
    own = need.people[searched.node]
    subtree = _below(searched, own)
    total = subtree[roots]
    served = (side & SERVED) > 0
    lost, apart = own.copy(), own.copy()
    separated = np.flatnonzero(searched.cut & SEPARATED)
    np.add.at(apart, searched.parent[separated], subtree[separated])
    falling = separated[(side[separated] & BELOW) > 0]
    np.add.at(lost, searched.parent[falling], subtree[falling])
    rest = total[component]
    lost += np.where(side & ABOVE, rest - apart, 0)
    node_lost = np.empty(searched.nodes, np.int64)
    node_lost[searched.node] = np.where(served, lost, 0)
    at = np.flatnonzero(((searched.cut & BRIDGE) > 0) & served)
    link_lost = np.zeros(searched.links, np.int64)
    link_lost[searched.entry[at]] = np.where(side[at] & BELOW, subtree[at], 0) + np.where(
        side[at] & REST, rest[at] - subtree[at], 0
    )
    return side, node_lost, link_lost, int(total[~served[roots]].sum())


def _toward(searched: Skeleton, upper: Positions, lower: Positions) -> Integers:
    """Return the child of each `upper` whose subtree holds the `lower`, which lies below it."""
    above, child = _children(searched.parent)
    keys = above.astype(np.int64) * searched.nodes + child
    return child[np.searchsorted(keys, upper * searched.nodes + lower, side="right") - 1]


@dataclass(frozen=True, slots=True)
class _Inhabited:
    """Positions with served people of places that can be lost, place after place, in order of position.

    Attributes:
        at: The positions.
        place: The place of each, numbered from 0 without gaps.
        one, other: Two that follow one another in a place.
        common: The lowest node above both.
        of: The place of both.
        meet: For each place, the lowest node above all its people.
    """

    at: Positions
    place: Positions
    one: Positions
    other: Positions
    common: Positions
    of: Positions
    meet: Positions


def _inhabited(searched: Skeleton, place: Positions, component: Positions) -> _Inhabited:
    """Return who lives where; a place with people in two components is never lost, so it is left out.

    Args:
        searched: The skeleton.
        place: int64[n], by position: the place whose served people live there, or -1.
        component: int64[n], by position: the component.
    """
    at = np.flatnonzero(place >= 0)
    at = at[np.argsort(place[at], kind="stable")]
    starts = np.diff(place[at], prepend=-1) != 0
    begin = np.flatnonzero(starts)
    size = np.diff(begin, append=at.size)
    whole = np.repeat(component[at[begin]] == component[at[begin + size - 1]], size)
    at, starts = at[whole], starts[whole]
    later = np.flatnonzero(~starts)
    one, other = at[later - 1], at[later]
    common = _least(searched.parent, one + 1, other).astype(np.int64)
    number = np.cumsum(starts) - 1
    meet = at[starts]
    np.minimum.at(meet, number[later], common)
    return _Inhabited(at, number, one, other, common, number[later], meet)


def places(
    searched: Skeleton, need: Need, place: Integers, side: NDArray[np.uint8]
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Return places lost with each node and link, and places lost before.

    The reasoning stands in native/single.cpp at netproof_single_places.

    Cost: O(n log n + m).
    """
    nodes = searched.nodes
    roots, component = _roots(searched)
    home = np.where(need.people > 0, place, -1)[searched.node].astype(np.int64)
    served = (side & SERVED) > 0
    named, alive = (
        int(np.count_nonzero(np.bincount(home[(home >= 0) & which]))) for which in (np.True_, served)
    )
    live = _inhabited(searched, np.where(served, home, -1), component)

    def count(at: Positions) -> Positions:
        return np.bincount(at, minlength=nodes)

    living = _below(searched, count(live.at) - count(live.common))
    within = _below(searched, count(live.meet))
    separated, lacking = (searched.cut & SEPARATED) > 0, (side & BELOW) > 0
    falls, stays = separated & lacking, separated & ~lacking
    under = np.flatnonzero(live.meet[live.place] != live.at)
    child = _toward(searched, live.meet[live.place[under]], live.at[under])
    split = np.zeros(live.meet.size, bool)
    split[live.place[under[~falls[child]]]] = True
    inside, outside = count(live.meet[~split]), -_doubled(searched, live, stays)
    np.add.at(inside, searched.parent[falls], within[falls])
    np.add.at(outside, searched.parent[stays], living[stays])

    total = within[roots][component]
    node_lost = np.empty(nodes, np.int64)
    node_lost[searched.node] = np.where(served, np.where(side & ABOVE, total - outside, inside), 0)
    at = np.flatnonzero(((searched.cut & BRIDGE) > 0) & served)
    below, rest = lacking[at], (side[at] & REST) > 0
    link_lost = np.zeros(searched.links, np.int64)
    link_lost[searched.entry[at]] = np.select(
        [below & rest, below, rest], [total[at], within[at], total[at] - living[at]], 0
    )
    return node_lost, link_lost, named - alive


def _doubled(searched: Skeleton, live: _Inhabited, stays: NDArray[np.bool_]) -> Positions:
    """Return for each node how often places are counted again where those of its staying children add up."""
    nodes = searched.nodes
    apart = np.flatnonzero(live.one != live.common)
    upper = np.append(live.common[apart], live.common)
    child = _toward(searched, upper, np.append(live.one[apart], live.other))
    key = np.append(live.of[apart], live.of) * nodes
    use = stays[child]
    parts, wholes = distinct((key + child)[use]), distinct((key + upper)[use])
    twice: Positions = np.bincount(searched.parent[parts % nodes], minlength=nodes)
    return twice - np.bincount(wholes % nodes, minlength=nodes)
