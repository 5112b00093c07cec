"""What is lost when one node or one link fails: exact, for every node and every link at once.

One depth-first search finds what each failure cuts off; it knows nothing of people, so its skeleton serves
any number of needs (other populations, other placements of functions, other services). Links are undirected.
Reads arrays and returns arrays; the compiled kernels and their twin give the same integers.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from netproof.graph import library, single_portable
from netproof.graph.library import Engine, address

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netproof.graph.multigraph import Multigraph, Need

    Integers = NDArray[np.int32]
    Amounts = NDArray[np.int64]

# Of a node: what the failure of its parent, and of the link that was taken to it, cut off with its subtree.
SEPARATED, BRIDGE = 1, 2
# The highest count of a narrow lane; a function with more instances makes lanes wide.
_NARROW_MAX = (1 << 16) - 1
_LINKS_MAX = 1 << 29


@dataclass(frozen=True, slots=True)
class Skeleton:
    """One depth-first order of a graph and what it tells about failures.

    Positions run from 0 in the order of the search; a subtree, and a component, is a run of positions.

    Attributes:
        links: How many links the graph has.
        order: int32[6, n], the rows of which are properties too: node, position, parent, last, depth, entry.
        cut: uint8[n], by position: `SEPARATED` where the parent's failure cuts the subtree off, `BRIDGE`
            where the entry's does.
        deepest: The greatest depth.
        components: How many components the graph has.
    """

    links: int
    order: NDArray[np.int32]
    cut: NDArray[np.uint8]
    deepest: int
    components: int

    @property
    def nodes(self) -> int:
        """How many nodes the graph has."""
        return int(self.cut.size)

    def _row(self, number: int) -> Integers:
        row: Integers = self.order[number]
        return row

    @property
    def node(self) -> Integers:
        """int32[n], the node at each position."""
        return self._row(0)

    @property
    def position(self) -> Integers:
        """int32[n], the position of each node."""
        return self._row(1)

    @property
    def parent(self) -> Integers:
        """int32[n], by position: the parent's position, or -1 for the root of a component."""
        return self._row(2)

    @property
    def last(self) -> Integers:
        """int32[n], by position: where the subtree ends, this position included."""
        return self._row(3)

    @property
    def depth(self) -> Integers:
        """int32[n], by position: steps from the root."""
        return self._row(4)

    @property
    def entry(self) -> Integers:
        """int32[n], by position: the link taken from the parent, or -1."""
        return self._row(5)


@dataclass(frozen=True, slots=True)
class Losses:
    """What is lost when each node, or each link, fails alone; what was lost before does not count.

    Attributes:
        node: int64[n], people lost with each node, its own included [people].
        link: int64[m], people lost with each link [people].
        baseline: People without the need while everything is up [people].
        node_places: int64[n], places lost with each node, or None where places are not counted.
        link_places: int64[m], places lost with each link, or None.
        baseline_places: Places without the need while everything is up.
    """

    node: NDArray[np.int64]
    link: NDArray[np.int64]
    baseline: int
    node_places: NDArray[np.int64] | None = None
    link_places: NDArray[np.int64] | None = None
    baseline_places: int = 0


def skeleton(graph: Multigraph, *, engine: Engine | None = None) -> Skeleton:
    """Search a graph depth first, once for any number of needs.

    Args:
        graph: The network; parallel links stay apart, self-loops change nothing.
        engine: Who computes; None: the compiled kernels where there are any. The order of the search may
            differ between engines, the losses taken from it do not.

    Raises:
        ValueError: More than 2^29 links.

    Cost: O(n + m); 25 bytes a node are kept; while it runs, 24 bytes a node and 16 a link more.
    Source: R. Tarjan, Depth-first search and linear graph algorithms, SIAM J. Comput. 1 (1972).
    Twin: single_portable.skeleton.
    """
    if graph.links > _LINKS_MAX:
        raise ValueError(f"expected at most {_LINKS_MAX} links, got {graph.links}")
    nodes, links = graph.nodes, graph.links
    if library.engine(engine) is Engine.PORTABLE:
        order, cut = single_portable.skeleton(graph)
        return Skeleton(links, order, cut, int(order[4].max(initial=0)), int(np.count_nonzero(order[2] < 0)))
    order, cut = np.empty((6, nodes), np.int32), np.empty(nodes, np.uint8)
    scratch, shape = np.empty(6 * nodes + 1 + 4 * links, np.int32), (ctypes.c_int32 * 2)()
    given = (address(one) for one in (graph.tail, graph.head, scratch, order, cut))
    library.kernels().netproof_single_skeleton(nodes, links, *given, shape)
    return Skeleton(links, order, cut, *shape)


def losses(searched: Skeleton, need: Need, *, engine: Engine | None = None) -> Losses:
    """Return what every node's and every link's failure takes from the people of one need.

    A node's people lose the need when it fails; others lose it when their component no longer holds an
    instance of every function. Places are counted where the need names them.

    Args:
        searched: Answer of `skeleton`, of either engine.
        need: Who needs what; as many nodes as the graph has.
        engine: Who computes; None: the compiled kernels where there are any.

    Raises:
        ValueError: `need` is for another number of nodes.

    Cost: O(n + m), one pass over the nodes (and six more where places are counted).
    Twin: single_portable.people and single_portable.places.
    """
    if need.people.size != searched.nodes:
        raise ValueError(f"expected people on {searched.nodes} nodes, got {need.people.size}")
    native = library.engine(engine) is Engine.NATIVE
    side, node, link, baseline = (_people if native else single_portable.people)(searched, need)
    if need.place is None:
        return Losses(node, link, baseline)
    count = _places if native else single_portable.places
    node_places, link_places, before = count(searched, need, need.place, side)
    return Losses(node, link, baseline, node_places, link_places, before)


def _people(searched: Skeleton, need: Need) -> tuple[NDArray[np.uint8], Amounts, Amounts, int]:
    """Return which sides lack a function (nothing where no places are counted), people lost, the baseline."""
    many = [one.size for one in need.instances]
    bits = 16 if max(many, default=0) <= _NARROW_MAX else 32
    words = max(1, -(-len(many) * bits // 64))
    start = np.array([0, *accumulate(many)], np.int64)
    instance = np.concatenate(need.instances) if many else np.empty(0, np.int32)
    sums = searched.components * (words + 1) + (searched.deepest + 2) * (2 * words + 3)
    scratch = np.zeros(instance.size + words + sums, np.int64)
    node_lost, link_lost = np.empty(searched.nodes, np.int64), np.zeros(searched.links, np.int64)
    side = np.empty(0 if need.place is None else searched.nodes, np.uint8)
    baseline = ctypes.c_int64()
    library.kernels().netproof_single_losses(
        searched.nodes, address(searched.order), address(searched.cut), searched.components,
        address(need.people), len(many), address(start), address(instance), bits, address(scratch),
        address(node_lost), address(link_lost), None if need.place is None else address(side),
        ctypes.byref(baseline),
    )  # fmt: skip
    return side, node_lost, link_lost, baseline.value


def _places(
    searched: Skeleton, need: Need, place: Integers, side: NDArray[np.uint8]
) -> tuple[Amounts, Amounts, int]:
    """Return places lost with each node and each link, and places lost before."""
    nodes, places = searched.nodes, need.places
    scratch = np.zeros(8 * nodes + 3 * places + searched.deepest + 2, np.int32)
    marks = np.zeros(2 * places, np.uint8)
    node_lost, link_lost = np.empty(nodes, np.int64), np.zeros(searched.links, np.int64)
    baseline = ctypes.c_int64()
    given = (searched.order, searched.cut, side, need.people, place)
    library.kernels().netproof_single_places(
        nodes, *(address(one) for one in given), places, address(scratch), address(marks),
        address(node_lost), address(link_lost), ctypes.byref(baseline),
    )  # fmt: skip
    return node_lost, link_lost, baseline.value
