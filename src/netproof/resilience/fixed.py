"""One way for everybody: a fixed set of paths, so that groups which touch none of them take nothing.

Many groups of a national network (a server with its guest, a spare router) lie beside the ways that people
and flows need. One search finds a tree in which everybody reaches what they need; only groups that touch it
are failed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netproof.graph.distinct import distinct

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from netproof.graph import Multigraph, Need


def fixed_paths(graph: Multigraph, ends: NDArray[np.int32], label: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which nodes and links lie on short ways from some nodes to one node of their piece.

    While all of these are up, the given nodes of each piece are connected with each other.

    Args:
        graph: The network.
        ends: int32[], the nodes.
        label: int32[n], the piece of each node, named by its smallest node: an answer of `paths.pieces`.

    Returns:
        bool[nodes + links].

    Cost: O(n + m).
    """
    from scipy.sparse import csr_array  # noqa: PLC0415 - scipy takes a third of a second to load
    from scipy.sparse.csgraph import breadth_first_order  # noqa: PLC0415

    nodes = graph.nodes
    on = np.zeros(nodes + graph.links, np.bool_)
    if not ends.size:
        return on
    # One node more joins the pieces, so that one search answers for all; it has the number `nodes`.
    first = np.flatnonzero(label == np.arange(nodes))
    tail = np.concatenate([graph.tail, np.full(first.size, nodes)])
    head = np.concatenate([graph.head, first])
    matrix = csr_array((np.ones(tail.size, np.int8), (tail, head)), shape=(nodes + 1, nodes + 1))
    _, before = breadth_first_order(matrix, nodes, directed=False)
    at = distinct(ends)
    while at.size:
        on[at] = True
        at = before[at]
        at = distinct(at[at < nodes])
        at = at[~on[at]]
    on[nodes:] = on[graph.tail] & (before[graph.tail] == graph.head)
    on[nodes:] |= on[graph.head] & (before[graph.head] == graph.tail)
    return on


def served_ends(needs: Iterable[Need], label: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the nodes with people, and one instance of each function for each piece of the network.

    While all of them are up and connected as far as they were, nobody loses anything.

    Args:
        needs: Who needs what.
        label: int32[n], the piece of each node: an answer of `paths.pieces`.
    """
    found = [np.zeros(0, np.int32)]
    for need in needs:
        found.append(np.flatnonzero(need.people).astype(np.int32))
        found += [one[np.unique(label[one], return_index=True)[1]] for one in need.instances]
    return distinct(np.concatenate(found))
