"""One node for many: where nodes that hang together fail together, contract them and ask for single failures.

The answer is exact as long as each group is in one piece: a group that is up connects all that its nodes
connect. A group in several pieces is no node; ask `scenarios.group_losses` for it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netproof.graph.distinct import distinct
from netproof.graph.multigraph import Multigraph, Need
from netproof.graph.single import skeleton

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netproof.graph.library import Engine


class Contraction(NamedTuple):
    """A graph whose groups are single nodes.

    Attributes:
        graph: The smaller graph.
        node: int32[n], what each node has become there.
        link: int32[m], what each link has become there, or -1 where it joined a node to itself.
    """

    graph: Multigraph
    node: NDArray[np.int32]
    link: NDArray[np.int32]


def piece(graph: Multigraph, label: NDArray[np.int32], *, engine: Engine | None = None) -> NDArray[np.bool_]:
    """Tell of each label whether its nodes hang together by links among themselves.

    Args:
        graph: The network.
        label: int32[n], the group of each node, or -1 for a node of no group.
        engine: Who computes; None: the compiled kernels where there are any.

    Returns:
        bool[labels], up to the highest label; False where a label has no node.

    Raises:
        ValueError: `label` is for another number of nodes.

    Cost: O(n + m).
    """
    _check(graph, label)
    inner = (label[graph.tail] == label[graph.head]) & (label[graph.tail] >= 0)
    searched = skeleton(Multigraph(graph.nodes, graph.tail[inner], graph.head[inner]), engine=engine)
    of_root = label[searched.node[searched.parent < 0]]
    pieces: NDArray[np.bool_] = (
        np.bincount(of_root[of_root >= 0], minlength=int(label.max(initial=-1)) + 1) == 1
    )
    return pieces


def contract(graph: Multigraph, label: NDArray[np.int32], *, engine: Engine | None = None) -> Contraction:
    """Return the graph in which the nodes of each label are one node.

    Args:
        graph: The network.
        label: int32[n], the group of each node, or -1 for a node that stays alone.
        engine: Who computes; None: the compiled kernels where there are any.

    Raises:
        ValueError: `label` is for another number of nodes, or a label is in several pieces.

    Cost: O(n + m).
    """
    _check(graph, label)
    used = np.flatnonzero(np.bincount(label[label >= 0]))
    torn = used[~piece(graph, label, engine=engine)[used]]
    if torn.size:
        raise ValueError(
            f"expected each label in one piece, got {torn.size} in several, the first is {torn[0]}"
        )
    first = np.arange(graph.nodes, dtype=np.int32)
    of_label = np.zeros(int(label.max(initial=-1)) + 1, np.int32)
    of_label[label[::-1][label[::-1] >= 0]] = first[::-1][label[::-1] >= 0]
    grouped = label >= 0
    first[grouped] = of_label[label[grouped]]
    number = np.cumsum(first == np.arange(graph.nodes), dtype=np.int32) - np.int32(1)
    node = number[first]
    tail, head = node[graph.tail], node[graph.head]
    outer = tail != head
    link = np.where(outer, np.cumsum(outer, dtype=np.int32) - np.int32(1), np.int32(-1))
    nodes = int(number[-1]) + 1 if number.size else 0
    return Contraction(Multigraph(nodes, tail[outer], head[outer]), node, link)


def gathered(contraction: Contraction, need: Need) -> tuple[Multigraph, Need]:
    """Return the graph and the need to ask for losses on after a contraction.

    People and instances move to what their nodes have become. A node that now holds people of several places
    keeps those of one; each further place's people get a node of their own that hangs on it by one link and
    is lost with it. Such nodes and links come after all others, so numbers of the contraction hold.

    Args:
        contraction: Answer of `contract`.
        need: The need on the graph before.

    Cost: O(n), and a sort of the nodes whose people move.
    """
    graph, node = contraction.graph, contraction.node
    instances = tuple(distinct(node[one]) for one in need.instances)
    people = np.zeros(graph.nodes, np.int64)
    if need.place is None:
        np.add.at(people, node, need.people)
        return graph, replace(need, people=people, instances=instances)
    inhabited = np.flatnonzero((need.people > 0) & (need.place >= 0))
    place = np.full(graph.nodes, -1, np.int32)
    place[node[inhabited]] = need.place[inhabited]
    at = node.astype(np.int64)
    further = inhabited[place[node[inhabited]] != need.place[inhabited]]
    pair = node[further].astype(np.int64) * need.places + need.place[further]
    hanging, number = np.unique(pair, return_inverse=True)
    at[further] = graph.nodes + number
    people = np.zeros(graph.nodes + hanging.size, np.int64)
    np.add.at(people, at, need.people)
    place = np.append(place, (hanging % max(need.places, 1)).astype(np.int32))
    if hanging.size and not instances:
        # Whoever needs nothing is lost with the own node only; these nodes need the one they hang on.
        instances = (np.arange(graph.nodes, dtype=np.int32),)
    if hanging.size:
        further = np.arange(graph.nodes, people.size)
        tail, head = np.append(graph.tail, hanging // need.places), np.append(graph.head, further)
        graph = Multigraph(people.size, tail.astype(np.int32), head.astype(np.int32))
    return graph, Need(people, instances, place, need.places)


def _check(graph: Multigraph, label: NDArray[np.int32]) -> None:
    """Refuse labels of another graph."""
    if label.shape != (graph.nodes,):
        raise ValueError(f"expected a label for each of {graph.nodes} nodes, got {label.shape}")
