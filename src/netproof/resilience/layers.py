"""Which groups are answered how: as one element, as one node of a contracted graph, or as a group.

Sites, rooms and what hangs on one router are many and small, and each hangs together: groups of one layer
share no node, so one contraction and one search answer a whole layer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netproof.graph.contract import piece
from netproof.resilience.lists import Lists, gathered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from netproof.graph import Engine
    from netproof.resilience.flows import Flows
    from netproof.resilience.topology import Topology

LEAST = 64
"""Groups that are worth a layer of their own."""
_LAYERS = 6
_SIZE = 4_096
"""Nodes of a group, up to which it may hang together as a site does."""


@dataclass(frozen=True, slots=True)
class Reduced:
    """Groups without what makes no difference.

    Attributes:
        nothing: int64[], groups that lose nobody anything.
        single: int64[], groups that are no more than one element.
        element: int32[], that element of each.
        several: int64[], the other groups.
        down: Their elements, a list for each.
    """

    nothing: NDArray[np.int64]
    single: NDArray[np.int64]
    element: NDArray[np.int32]
    several: NDArray[np.int64]
    down: Lists


def reduce(topology: Topology, flows: Flows, down: Lists) -> Reduced:
    """Leave out of each group the nodes that nothing is joined to and the links that end at a failing node.

    A node without links, people and flows takes nothing from anybody; a link is down with either end.
    """
    graph, nodes = topology.graph, topology.nodes
    idle = topology.population == 0
    apart = graph.tail != graph.head
    for ends in (graph.tail[apart], graph.head[apart], *flows.gates):
        idle[ends] = False
    for ends in (flows.source, flows.target):
        idle[ends[ends < nodes]] = False
    owner = down.owners()
    is_node = down.item < nodes
    keep = np.ones(down.item.size, np.bool_)
    keep[is_node] = ~idle[down.item[is_node]]
    # Elements rise within a group, so these numbers rise altogether.
    here = owner[is_node & keep] * nodes + down.item[is_node & keep]
    line = np.flatnonzero(~is_node)
    number = down.item[line] - nodes
    for ends in (graph.tail[number], graph.head[number]):
        wanted = owner[line] * nodes + ends
        at = np.minimum(np.searchsorted(here, wanted), max(here.size - 1, 0))
        if here.size:
            keep[line[here[at] == wanted]] = False
    left = down.kept(keep)
    sizes = left.sizes
    one, many = np.flatnonzero(sizes == 1), np.flatnonzero(sizes > 1)
    return Reduced(np.flatnonzero(sizes == 0), one, left.item[left.start[one]], many, gathered(left, many))


def layers(
    topology: Topology, groups: Lists, *, engine: Engine | None = None
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int32]]]:
    """Yield groups that hang together and share no node, and int32[nodes], the label of each node in them.

    Groups that are never yielded are in several pieces, hold links, are large, or are too few for a layer.
    """
    nodes = topology.nodes
    links = Lists(groups.start, (groups.item >= nodes).astype(np.int32)).sums(np.arange(2))
    left = np.flatnonzero((links == 0) & (groups.sizes <= _SIZE))
    for _ in range(_LAYERS):
        if left.size < LEAST:
            return
        some = gathered(groups, left)
        first = np.zeros(some.item.size, np.bool_)
        first[np.unique(some.item, return_index=True)[1]] = True
        taken = np.bincount(some.owners()[~first], minlength=left.size) == 0
        chosen, left = left[taken], left[~taken]
        mine = gathered(groups, chosen)
        label = np.full(nodes, -1, np.int32)
        label[mine.item] = mine.owners()
        whole = piece(topology.graph, label, engine=engine)[: chosen.size]
        number = np.append(np.where(whole, np.cumsum(whole) - 1, -1), -1).astype(np.int32)
        if whole.any():
            yield chosen[whole], number[label]
