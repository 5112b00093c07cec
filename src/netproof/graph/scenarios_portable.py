"""The slow answer to scenarios: one search for components in each, with scipy.

The twin of the compiled kernels, and what runs where there are none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netproof.graph.asking import Asking
    from netproof.graph.multigraph import Multigraph, Need


class Components:
    """Answers scenarios one by one.

    Attributes:
        baseline: int64[needs], people without the need before anything fails [people].
        baseline_places: int64[needs], places without it.
        dark_places: For each need bool[places], which these are.
    """

    def __init__(self, graph: Multigraph, asking: Asking) -> None:
        """Look at the graph before anything fails."""
        self._graph, self._asking = graph, asking
        served = self.served(np.zeros(graph.nodes, bool), np.zeros(graph.links, bool))
        without = [~served[chosen] for chosen in asking.need_class]
        pairs = list(zip(asking.needs, without, strict=True))
        self.baseline = np.array([int(need.people[dark].sum()) for need, dark in pairs], np.int64)
        lost = [_places(need, dark) for need, dark in pairs]
        self.baseline_places = np.array([int(one.sum()) for one in lost], np.int64)
        self.dark_places = lost

    def served(self, node_down: NDArray[np.bool_], link_down: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return who reaches all functions of each set of functions: bool[classes, n].

        Cost: O(n + m), and O(instances).
        """
        graph, asking = self._graph, self._asking
        label = components(graph, node_down, link_down)
        up = ~node_down
        has = np.zeros((len(asking.functions), int(label.max(initial=-1)) + 1), bool)
        for number, instances in enumerate(asking.functions):
            has[number, label[instances[up[instances]]]] = True
        served = np.zeros((len(asking.classes), graph.nodes), bool)
        for number, wanted in enumerate(asking.classes):
            complete: NDArray[np.bool_] = np.logical_and.reduce(has[list(wanted)])
            served[number] = complete[label] & up
        return served

    def losses(
        self, node_down: NDArray[np.bool_], link_down: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_], list[NDArray[np.bool_]]]:
        """Return people and places lost, int64[needs]; who is served; for each need which places are lost."""
        served = self.served(node_down, link_down)
        people, places, dark = [], [], []
        for number, need in enumerate(self._asking.needs):
            without = ~served[self._asking.need_class[number]]
            people.append(int(need.people[without].sum()))
            dark.append(_places(need, without) & ~self.dark_places[number])
            places.append(int(dark[-1].sum()))
        return np.array(people, np.int64) - self.baseline, np.array(places, np.int64), served, dark

    def solve(self, rows: NDArray[np.uint64], count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return people and places lost, int64[needs, count], from rows of nodes or of nodes and links."""
        found = np.zeros((2, len(self._asking.needs), count), np.int64)
        for scenario in range(count):
            node_down, link_down = self.unpacked(rows, scenario)
            people, places, _, _ = self.losses(node_down, link_down)
            found[0, :, scenario], found[1, :, scenario] = people, places
        return found[0], found[1]

    def unpacked(
        self, rows: NDArray[np.uint64], scenario: int
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return which nodes and links are down in one scenario of rows of bits."""
        nodes, links = self._graph.nodes, self._graph.links
        down = (rows[:, scenario >> 6] >> np.uint64(scenario & 63) & np.uint64(1)) != 0
        return down[:nodes], down[nodes:] if rows.shape[0] > nodes else np.zeros(links, bool)


def components(
    graph: Multigraph, node_down: NDArray[np.bool_], link_down: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """Return the component each node is in, int32[n], over nodes and links that are up."""
    from scipy.sparse import coo_matrix  # noqa: PLC0415 - takes a third of a second
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    up = ~(link_down | node_down[graph.tail] | node_down[graph.head])
    tail, head = graph.tail[up], graph.head[up]
    matrix = coo_matrix((np.ones(tail.size, np.int32), (tail, head)), (graph.nodes, graph.nodes))
    label: NDArray[np.int32] = connected_components(matrix.tocsr(), directed=False)[1]
    return label


def _places(need: Need, without: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which places have people, all of them without the need."""
    if need.place is None:
        return np.zeros(0, bool)
    peopled = (need.people > 0) & (need.place >= 0)
    some = np.bincount(need.place[peopled & ~without], minlength=need.places) > 0
    return (np.bincount(need.place[peopled], minlength=need.places) > 0) & ~some
