"""The twin of the compiled kernels in `pairs`, for small graphs: the same integers, element by element.

For each element, one pass over the graph without it gives the losses of all others (`single`, portable).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from netproof.graph import single
from netproof.graph.library import Engine
from netproof.graph.multigraph import Multigraph

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from netproof.graph.multigraph import Need

# Some seconds; ten times as many take a hundred times as long.
ELEMENTS_MAX = 3_000


def pair_losses(
    graph: Multigraph,
    need: Need,
    *,
    links: bool,
    top: int,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[int, NDArray[np.int64], NDArray[np.int32], list[tuple[int, int, int]]]:
    """Return total, worst loss and worst partner of each element, and the pairs that lose most in no order.

    Args:
        graph: The network.
        need: Who needs what.
        links: Whether links fail too.
        top: How many of the pairs that lose most to list.
        progress: Told elements done and elements in all.

    Raises:
        ValueError: More than 3,000 elements.

    Cost: O(e (n + m)) for e elements.
    """
    elements = graph.nodes + (graph.links if links else 0)
    if elements > ELEMENTS_MAX:
        raise ValueError(
            f"expected at most {ELEMENTS_MAX} nodes and links without compiled kernels, got {elements}"
        )
    before = _without(graph, need, -1)[1]
    worst, partner = np.zeros(elements, np.int64), np.full(elements, -1, np.int32)
    found: list[tuple[int, int, int]] = []
    total = 0
    for x in range(elements):
        others, lost = _without(graph, need, x)
        row = (others + (lost - before))[:elements]
        row[x] = -1
        if elements > 1:
            partner[x] = row.argmax()
            worst[x] = row[partner[x]]
        later = row[x + 1 :]
        total += int(later.sum())
        most = np.argsort(-later, kind="stable")[: max(top, 0)]
        found += [(x, x + 1 + int(y), int(later[y])) for y in most if later[y] > 0]
        if len(found) > 2 * top + elements:
            found = sorted(found, key=lambda pair: -pair[2])[:top]
        if progress is not None:
            progress(x + 1, elements)
    return total, worst, partner, sorted(found, key=lambda pair: -pair[2])[:top]


def _without(graph: Multigraph, need: Need, x: int) -> tuple[NDArray[np.int64], int]:
    """Return what each node and link loses without element `x` (-1: none), and what that alone loses."""
    links = np.arange(graph.links)
    people, instances = need.people, need.instances
    own = 0
    if x >= graph.nodes:
        links = links[links != x - graph.nodes]
    elif x >= 0:
        links = links[(graph.tail != x) & (graph.head != x)]
        people = people.copy()
        own, people[x] = int(people[x]), 0
        instances = tuple(one[one != x] for one in instances)
    left = Multigraph(graph.nodes, graph.tail[links], graph.head[links])
    asked = replace(need, people=people, instances=instances, place=None, places=0)
    lost = single.losses(single.skeleton(left, engine=Engine.PORTABLE), asked, engine=Engine.PORTABLE)
    made = np.zeros(graph.nodes + graph.links, np.int64)
    made[: graph.nodes] = lost.node
    made[graph.nodes + links] = lost.link
    return made, own + lost.baseline
