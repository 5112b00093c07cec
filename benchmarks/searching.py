"""What groups and samples are measured against: scipy, one search for components in each scenario.

Links are sorted into rows before, so that a scenario costs a mask, scipy's own search and the people's sum.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from benchmarks.registry import Sample

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from netproof.graph import Multigraph, Need

    # Nodes and links that are down.
    Down = tuple[NDArray[np.int32], NDArray[np.int32]]


class Searching:
    """Finds the people lost in one scenario after the other."""

    def __init__(self, graph: Multigraph, need: Need) -> None:
        """Sort the links by their first end."""
        order = np.lexsort((graph.head, graph.tail))
        self._nodes, self._need, self._link = graph.nodes, need, order
        self._tail, self._head = graph.tail[order], graph.head[order]

    def lost(self, down: Down) -> int:
        """Return the people without the need when these nodes and links are down."""
        up, link_up = np.ones(self._nodes, bool), np.ones(self._link.size, bool)
        up[down[0]], link_up[down[1]] = False, False
        keep = link_up[self._link] & up[self._tail] & up[self._head]
        start = np.zeros(self._nodes + 1, np.int32)
        np.cumsum(np.bincount(self._tail[keep], minlength=self._nodes), out=start[1:])
        head = self._head[keep]
        matrix = csr_matrix((np.ones(head.size, np.int8), head, start), (self._nodes, self._nodes))
        pieces, label = connected_components(matrix, directed=False)
        whole = np.ones(pieces, bool)
        for instances in self._need.instances:
            has = np.zeros(pieces, bool)
            has[label[instances[up[instances]]]] = True
            whole &= has
        return int(self._need.people[~(whole[label] & up)].sum())

    def extrapolated(self, downs: Sequence[Down], total: int) -> Callable[[], Sample]:
        """Return a phase's run that searches some scenarios and reckons with the time of `total` of them."""

        def run() -> Sample:
            start = time.perf_counter()
            for down in downs:
                self.lost(down)
            return Sample((time.perf_counter() - start) * total / len(downs))

        return run
