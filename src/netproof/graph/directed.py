"""What is lost with each node and each link alone where links lead one way.

People at a node have what they need when links lead from it to an instance of every function. For links that
lead both ways `graph.single` gives the same answer several times faster.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

import numpy as np

from netproof.graph import directed_portable, library
from netproof.graph.library import Engine, address
from netproof.graph.multigraph import Multigraph
from netproof.graph.single import Losses

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netproof.graph.multigraph import Need


def directed_losses(
    nodes: int,
    tail: NDArray[np.int32],
    head: NDArray[np.int32],
    need: Need,
    *,
    engine: Engine | None = None,
) -> Losses:
    """Return what is lost with each node, and with each one-way link; a lost node's own people are lost too.

    Args:
        nodes: How many nodes there are.
        tail: int32[m], the node from which each link leads.
        head: int32[m], the node to which it leads; parallel links stay apart.
        need: What the people need.
        engine: Who computes.

    Raises:
        ValueError: `tail`, `head` and `need` do not fit each other, or name a node that does not exist.

    Cost: O((n + m) log n) for each function. Where functions disagree on what stands between a node and their
        instances, or on the nodes of a place, each such node adds the length of its chains.
    Source: Georgiadis 2005, Semi-NCA dominators from all instances at once, one function after the other, and
        their exact union.
    Twin: `directed_portable.losses`, the same in plain Python.
    """
    graph = Multigraph(nodes, tail, head)
    if need.people.size != nodes:
        raise ValueError(f"expected people of {nodes} nodes, got {need.people.size}")
    node, link = np.zeros(nodes, np.int64), np.zeros(graph.links, np.int64)
    places = need.place is not None
    node_places = np.zeros(nodes if places else 0, np.int64)
    link_places = np.zeros(graph.links if places else 0, np.int64)
    baseline = np.zeros(2, np.int64)
    answers = (node, link, node_places, link_places, baseline)
    if not need.instances:
        _nothing_needed(need, *answers)
    elif library.engine(engine) is Engine.PORTABLE:
        directed_portable.losses(graph, need, *answers)
    else:
        _native_losses(graph, need, answers)
    if not places:
        return Losses(node, link, int(baseline[0]))
    return Losses(node, link, int(baseline[0]), node_places, link_places, int(baseline[1]))


def _native_losses(graph: Multigraph, need: Need, answers: tuple[NDArray[np.int64], ...]) -> None:
    """Run the compiled kernel."""
    sizes = [one.size for one in need.instances]
    start = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])
    instance = np.concatenate(need.instances)
    code = library.kernels().netproof_directed_losses(
        ctypes.c_int32(graph.nodes),
        ctypes.c_int32(graph.links),
        address(graph.tail),
        address(graph.head),
        address(need.people),
        ctypes.c_int32(len(sizes)),
        address(start),
        address(instance),
        None if need.place is None else address(need.place),
        ctypes.c_int32(need.places),
        *(address(one) for one in answers),
    )
    if code != 0:
        raise MemoryError("the dominators of the network do not fit in memory")


def _nothing_needed(
    need: Need,
    node: NDArray[np.int64],
    _link: NDArray[np.int64],
    node_places: NDArray[np.int64],
    *_: NDArray[np.int64],
) -> None:
    """Count what is lost where people need no function: only those of the node itself."""
    node[:] = need.people
    if need.place is not None:
        at = np.flatnonzero((need.people > 0) & (need.place >= 0))
        alone = np.bincount(need.place[at], minlength=need.places)[need.place[at]] == 1
        node_places[at[alone]] = 1
