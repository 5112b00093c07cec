"""Which flows groups of failing things tear apart: rates lost, group by group.

Only groups that touch a fixed set of paths between the ends of flows can take any; they are looked at one by
one, on the part of the network that flows can pass.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from netproof.graph import Multigraph
from netproof.graph.distinct import distinct
from netproof.graph.paths import pieces
from netproof.resilience.fixed import fixed_paths
from netproof.resilience.flows import Flows, apart
from netproof.resilience.lists import Lists, gathered

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from netproof.graph import Engine


def torn_rates(
    graph: Multigraph,
    flows: Flows,
    down: Lists,
    *,
    engine: Engine | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> NDArray[np.int64]:
    """Return int64[groups], the rates of flows that each group takes, beyond those apart before [kbit/s].

    Args:
        graph: The network.
        flows: Its flows.
        down: The elements of each group: nodes, then links.
        engine: Who computes.
        progress: Told groups done and groups in all.

    Cost: O(n + m) once, and on the part that flows can pass for each group that touches their paths.
    """
    small, small_flows, node, link = _passable(graph, flows)
    becomes = np.append(node, link + np.int32(small.nodes))
    becomes[graph.nodes :][link < 0] = -1
    element = becomes[down.item]
    here = Lists(down.start, element).kept(element >= 0)
    label = pieces(small, np.zeros(small.nodes, np.bool_), engine=engine)
    fixed = fixed_paths(small, _ends(small_flows, small.nodes), label)
    touching = np.flatnonzero(here.sums(fixed.astype(np.int64)) > 0)
    lost = np.zeros(down.count, np.int64)
    chosen = gathered(here, touching)
    before = apart(small_flows, label)
    for number, group in enumerate(touching.tolist()):
        element = chosen.of(number)
        failing = np.zeros(small.nodes + small.links, np.bool_)
        failing[element] = True
        label = pieces(small, failing[: small.nodes], failing[small.nodes :], engine=engine)
        lost[group] = flows.rate[apart(small_flows, label) & ~before].sum()
        if progress is not None:
            progress(number + 1, touching.size)
    return lost


def _ends(flows: Flows, nodes: int) -> NDArray[np.int32]:
    """Return the nodes at which flows end."""
    plain = [end[end < nodes] for end in (flows.source, flows.target)]
    return distinct(np.concatenate([*plain, *flows.gates]))


def _passable(
    graph: Multigraph, flows: Flows
) -> tuple[Multigraph, Flows, NDArray[np.int32], NDArray[np.int32]]:
    """Return what is left of the network when dead ends without flows are taken away, again and again.

    Returns:
        The part, its flows, and what each node and each link has become there, or -1.
    """
    apart_ends = graph.tail != graph.head
    tail, head = graph.tail[apart_ends], graph.head[apart_ends]
    degree = np.bincount(np.append(tail, head), minlength=graph.nodes)
    near = np.zeros(graph.nodes, np.int32)
    np.bitwise_xor.at(near, tail, head)
    np.bitwise_xor.at(near, head, tail)
    kept = np.zeros(graph.nodes, np.bool_)
    kept[_ends(flows, graph.nodes)] = True
    gone = ~kept & (degree == 0)
    leaf = np.flatnonzero(~kept & (degree == 1)).astype(np.int32)
    while leaf.size:
        gone[leaf] = True
        at = near[leaf]
        # Two that end at each other both go; neither is counted down any more.
        at, leaf = at[~gone[at]], leaf[~gone[at]]
        np.subtract.at(degree, at, 1)
        np.bitwise_xor.at(near, at, leaf)
        leaf = distinct(at[(degree[at] <= 1) & ~kept[at]])
        gone[leaf[degree[leaf] == 0]] = True
        leaf = leaf[degree[leaf] == 1]
    number = np.where(gone, -1, np.cumsum(~gone) - 1).astype(np.int32)
    stays = apart_ends & ~gone[graph.tail] & ~gone[graph.head]
    link = np.where(stays, np.cumsum(stays) - 1, -1).astype(np.int32)
    small = Multigraph(int(np.count_nonzero(~gone)), number[graph.tail[stays]], number[graph.head[stays]])
    full = np.append(number, np.arange(len(flows.gates), dtype=np.int32) + np.int32(small.nodes))
    moved = replace(
        flows,
        source=full[flows.source],
        target=full[flows.target],
        gates=tuple(number[gate] for gate in flows.gates),
    )
    return small, moved, number, link
