"""What is lost when any two elements fail: exact, over all pairs of nodes and links, without listing them.

Joint effects happen only inside a unit: the part of a network that lies between instances, or one block that
hangs on it. Each unit is compressed to a kernel; one search a kernel element tells what every other one then
loses. All other pairs act alone: one lost set lies in the other, or they are apart. Reads and returns arrays.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from netproof.graph import library, pairs_portable
from netproof.graph.distinct import distinct
from netproof.graph.library import Engine, address

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from numpy.typing import NDArray

    from netproof.graph.multigraph import Multigraph, Need

# A narrow lane counts to 65,535, and the kernel may set half as many instances again in places of others.
_NARROW_MAX = 43_000
_WORDS_MAX = 16
_LINKS_MAX = 1 << 29
# People times elements: what one element's sum over its partners may reach.
_SUM_MAX = 1 << 62
# Kernel vertices and edges between two looks at the keyboard; less than a second.
_STEP = 20_000_000


@dataclass(frozen=True, slots=True)
class Pairs:
    """What is lost when two elements fail, over all pairs; what was lost before does not count.

    Elements are the nodes and then the links: element `nodes + l` is link l.

    Attributes:
        total: Sum of the losses of all pairs [people]; exact, it may pass 64 bits.
        pairs: How many pairs there are.
        maximum: The most that a pair loses [people].
        worst: int64[e], the most that each element loses together with another [people].
        worst_partner: int32[e], one element with which it does, or -1 where there is no other.
        top: The pairs that lose most, as (element, element, people), most first; none that lose nobody. Of
            pairs that lose equally, which are listed last is arbitrary, but the same in each run.
    """

    total: int
    pairs: int
    maximum: int
    worst: NDArray[np.int64]
    worst_partner: NDArray[np.int32]
    top: list[tuple[int, int, int]]


def pair_losses(
    graph: Multigraph,
    need: Need,
    *,
    links: bool = True,
    top: int = 100,
    engine: Engine | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Pairs:
    """Return what every two elements take from the people of one need when both fail.

    Args:
        graph: The network; parallel links stay apart, self-loops change nothing.
        need: Who needs what; as many nodes as the graph has. Places are not counted.
        links: Whether links fail too; if not, elements are the nodes.
        top: How many of the pairs that lose most to list.
        engine: Who computes; None: the compiled kernels where there are any.
        progress: Told work done and work in all, first before kernels are searched, then about once a second.

    Raises:
        ValueError: `need` is for another number of nodes; people times elements reach 2^62; more than 64
            functions (32 where one has more than 43,000 instances) or 2^29 links; the twin is asked for a
            large graph.

    Cost: O(n + m + k²) for kernels of k vertices and links; `pairs_memory` bytes. A kernel is what is left of
        a meshed part when its paths are taken together; one of 50,000 vertices takes minutes.
    Twin: pairs_portable.pair_losses, for at most 3,000 elements.
    """
    elements = _checked(graph, need, links=links)
    if library.engine(engine) is Engine.PORTABLE:
        total, worst, partner, found = pairs_portable.pair_losses(
            graph, need, links=links, top=top, progress=progress
        )
    else:
        with Searching(graph, need, links=links, top=top) as run:
            done, work = run.step(0)
            while True:
                if progress is not None:
                    progress(done, work)
                if done >= work:
                    break
                done, work = run.step(_STEP)
            total, worst, partner, found = run.read()
    maximum = int(worst.max()) if elements > 1 else 0
    found.sort(key=_most_first)
    return Pairs(total, elements * (elements - 1) // 2, maximum, worst, partner, found)


def pairs_memory(graph: Multigraph, *, functions: int = 1) -> int:
    """Return the most that `pair_losses` takes with the compiled kernels, without the graph [bytes].

    Args:
        graph: The network.
        functions: How many functions are needed.

    A bound for any shape of network; one that is mostly trees and rings takes about a third of it.
    """
    vertices, counters = graph.nodes + graph.links, 8 * max(1, -(-functions // 2))
    searched = (120 + 3 * counters) * vertices + 8 * graph.links + 4 * graph.nodes
    kernels = 140 * graph.links + (130 + 2 * counters) * graph.nodes
    return searched + kernels


def _most_first(pair: tuple[int, int, int]) -> tuple[int, int, int]:
    """Order pairs by loss, most first, then by number."""
    a, b, loss = pair
    return (-loss, a, b)


def _checked(graph: Multigraph, need: Need, *, links: bool) -> int:
    """Return how many elements there are; refuse what would pass a kernel's integers."""
    elements = graph.nodes + (graph.links if links else 0)
    if need.people.size != graph.nodes:
        raise ValueError(f"expected people on {graph.nodes} nodes, got {need.people.size}")
    if graph.links > _LINKS_MAX:
        raise ValueError(f"expected at most {_LINKS_MAX} links, got {graph.links}")
    people = float(need.people.sum(dtype=np.float64))
    if people * elements >= _SUM_MAX:
        raise ValueError(f"expected people times elements below 2^62, got {people:.0f} times {elements}")
    return elements


class Searching:
    """A run over all pairs that can be stopped between two steps; a context that frees its memory.

    Attributes:
        elements: How many elements there are.
    """

    def __init__(
        self, graph: Multigraph, need: Need, *, links: bool = True, top: int = 100, compress: bool = True
    ) -> None:
        """Read the network; singles and all pairs that act alone are done when this returns.

        Args:
            graph: As `pair_losses` takes it.
            need: As `pair_losses` takes it.
            links: Whether links fail too.
            top: How many of the pairs that lose most to list.
            compress: False: every vertex of a unit is searched, none is compressed away; as a measure.

        Raises:
            ValueError: More functions than the kernels count.
            MemoryError: There is too little.
        """
        instances = [distinct(one) for one in need.instances]
        bits = 32 if max((one.size for one in instances), default=0) > _NARROW_MAX else 16
        if len(instances) > _WORDS_MAX * 64 // bits:
            raise ValueError(f"expected at most {_WORDS_MAX * 64 // bits} functions, got {len(instances)}")
        self.elements = graph.nodes + (graph.links if links else 0)
        top = max(0, min(top, self.elements * (self.elements - 1) // 2, (1 << 31) - 1))
        start = np.zeros(len(instances) + 1, np.int64)
        start[1:] = np.cumsum([one.size for one in instances])
        instance = np.concatenate([np.empty(0, np.int32), *instances]).astype(np.int32)
        sizes = np.array([graph.nodes, graph.links, links, len(instances), bits, compress, top], np.int32)
        # The run reads these until it is closed.
        self._given = (sizes, graph.tail, graph.head, need.people, start, instance)
        self._top = top
        self._kernels = library.kernels()
        self._kernels.netproof_pairs_read.restype = ctypes.c_int64
        self._run = ctypes.c_void_p()
        given = [address(one) for one in self._given]
        _succeed(self._kernels.netproof_pairs_open(*given, ctypes.byref(self._run)))

    def __enter__(self) -> Self:
        """Return the run itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Free the run's memory."""
        self._kernels.netproof_pairs_close(self._run)
        self._run = ctypes.c_void_p()

    def step(self, budget: int) -> tuple[int, int]:
        """Search on for about `budget` kernel vertices and edges; return how many are done, of how many."""
        told = np.zeros(2, np.int64)
        _succeed(self._kernels.netproof_pairs_step(self._run, ctypes.c_int64(budget), address(told)))
        return int(told[0]), int(told[1])

    def read(self) -> tuple[int, NDArray[np.int64], NDArray[np.int32], list[tuple[int, int, int]]]:
        """Return total, worst loss and partner of each element, and the pairs that lose most in no order."""
        words, worst = np.zeros(2, np.uint64), np.zeros(self.elements, np.int64)
        partner, found = np.zeros(self.elements, np.int32), np.zeros((self._top, 3), np.int64)
        made = [address(one) for one in (words, worst, partner, found)]
        many = int(self._kernels.netproof_pairs_read(self._run, *made))
        _succeed(max(0, -many))
        top = [(int(a), int(b), int(loss)) for loss, a, b in found[:many].tolist()]
        return int(words[0]) + (int(words[1]) << 64), worst, partner, top


def _succeed(code: int) -> None:
    """Raise what a compiled kernel's return code means."""
    if code:
        raise MemoryError("pairs: too little memory; `pairs_memory` states how much is needed at most")
