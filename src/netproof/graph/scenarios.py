"""Who loses what when groups fail: suppliers, products, releases, regions, ducts, whatever an operator names.

Many groups are answered at once, one bit each, by the plan of `elimination`. A group need not be connected
and may take links; rules say what else goes down with it. Arrays in, arrays out: no tables, no files.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from weakref import finalize

import numpy as np

from netproof.graph.asking import Handed, turns
from netproof.graph.closure import arrange, spread_bits
from netproof.graph.elimination import Program, answered, eliminate
from netproof.graph.library import Engine, address, kernels
from netproof.graph.scenarios_portable import Components

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from netproof.graph.asking import Asking
    from netproof.graph.closure import ArrangedRules, Rules
    from netproof.graph.groups import Groups
    from netproof.graph.multigraph import Multigraph, Need

__all__ = ["GroupLosses", "Program", "eliminate", "group_losses"]

# Where not more than one in so many rows was marked, only these rows are emptied again.
_FEW = 4


@dataclass(frozen=True, slots=True)
class GroupLosses:
    """What is lost with each group, for each need.

    Attributes:
        people: int64[needs, groups], people without the need when the group fails, less those without
            before; the failing nodes' own people are lost too [people].
        places: int64[needs, groups], the same in places; a place is lost when it has people and all of
            them are without the need. 0 for a need that counts no places.
        baseline: int64[needs], people without the need before anything fails [people].
        baseline_places: int64[needs], places without it before anything fails.
    """

    people: NDArray[np.int64]
    places: NDArray[np.int64]
    baseline: NDArray[np.int64]
    baseline_places: NDArray[np.int64]


class _Answers(Protocol):
    """Answers blocks of scenarios for some needs."""

    baseline: NDArray[np.int64]
    baseline_places: NDArray[np.int64]

    def solve(self, rows: NDArray[np.uint64], count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return people and places lost, int64[needs, count], from which rows are down."""


def group_losses(
    program: Program,
    needs: Sequence[Need],
    groups: Groups,
    rules: Rules | None = None,
    *,
    engine: Engine | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> GroupLosses:
    """Return what is lost when each group fails.

    Args:
        program: Answer of `eliminate` for the graph.
        needs: Who needs what; needs that want the same functions are answered together.
        groups: What fails together.
        rules: What else goes down with it; their elements are the graph's nodes, then its links.
        engine: Who computes; None: whoever made the program.
        progress: Called between blocks with groups done and all groups.

    Raises:
        ValueError: A group or a need does not fit the graph, or the rules do not.
        MemoryError: The kernel's rows do not fit.

    Cost: O(n + m) words for each 64 groups and set of functions, and O(members); memory up to 64 bytes for
        each node and set of functions, and as much for each link where links fail or rules hold.
    Source: boolean sparse elimination, see `eliminate`.
    Twin: `scenarios_portable.Components`, one search for components a group.
    """
    graph = program.graph
    groups.check(graph)
    if rules is not None and rules.elements != graph.nodes + graph.links:
        raise ValueError(f"expected rules for {graph.nodes + graph.links} elements, got {rules.elements}")
    ready = None if rules is None else arrange(rules)
    native = program.engine(engine) is Engine.NATIVE
    words = words_for(groups.size) if native else 1
    counts = np.zeros((2, len(needs), groups.size), np.int64)
    baselines = np.zeros((2, len(needs)), np.int64)
    asked = list(turns(needs, graph.nodes, words))
    for turn, (at, asking) in enumerate(asked):
        answers: _Answers = Scenarios(program, asking, words) if native else Components(graph, asking)
        baselines[0, at], baselines[1, at] = answers.baseline, answers.baseline_places
        for first, rows, count in _blocks(graph, groups, words, ready, native=native):
            counts[:, at, first : first + count] = answers.solve(rows, count)
            if progress is not None:
                progress(turn * groups.size + first + count, len(asked) * groups.size)
    return GroupLosses(counts[0], counts[1], baselines[0], baselines[1])


def words_for(scenarios: int) -> int:
    """Return how many words of 64 scenarios a row of bits has: few for few scenarios."""
    return 1 if scenarios <= 64 else 4 if scenarios <= 256 else 8


class Scenarios:
    """Answers blocks of 64 scenarios a word with the compiled kernels.

    Attributes:
        baseline: int64[needs], people without the need before anything fails [people].
        baseline_places: int64[needs], places without it.
    """

    def __init__(self, program: Program, asking: Asking, words: int) -> None:
        """Prepare weights and seeds of some needs."""
        self._program, self._words, self._handed = program, words, Handed(asking)
        self.baseline, self.baseline_places = np.zeros((2, len(asking.needs)), np.int64)
        made, native = ctypes.c_void_p(), kernels()
        answered(
            native.netproof_scenarios_open(
                program.pointer,
                ctypes.byref(self._handed.asked),
                ctypes.c_int32(words),
                address(self.baseline),
                address(self.baseline_places),
                ctypes.byref(made),
            )
        )
        self._made = made
        finalize(self, native.netproof_scenarios_free, made)

    def solve(self, rows: NDArray[np.uint64], count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return people and places lost, int64[needs, count], from rows of nodes or of nodes and links."""
        people, places = np.zeros((2, self.baseline.size, 64 * self._words), np.int64)
        links = rows.shape[0] > self._program.graph.nodes
        answered(
            kernels().netproof_scenarios_solve(
                self._made, address(rows), ctypes.c_int32(links), address(people), address(places)
            )
        )
        return people[:, :count], places[:, :count]


def _blocks(
    graph: Multigraph, groups: Groups, words: int, rules: ArrangedRules | None, *, native: bool
) -> Iterator[tuple[int, NDArray[np.uint64], int]]:
    """Yield for each block its first group, the rows of bits (the same array again), and how many groups."""
    links = graph.links if groups.link.size or rules is not None else 0
    rows = np.zeros((graph.nodes + links, words), np.uint64)
    for first in range(0, groups.size, 64 * words):
        last = min(first + 64 * words, groups.size)
        _mark(rows, graph.nodes, groups, first, last, native=native)
        if rules is not None:
            spread_bits(rules, rows, engine=Engine.NATIVE if native else Engine.PORTABLE)
        yield first, rows, last - first
        members = groups.node_start[last] - groups.node_start[first]
        members += groups.link_start[last] - groups.link_start[first]
        if rules is not None or not native or members * _FEW > rows.shape[0]:
            rows.fill(0)
        else:
            _mark(rows, graph.nodes, groups, first, last, native=True, clear=True)


def _mark(  # noqa: PLR0913 - rows, and which groups to mark in them
    rows: NDArray[np.uint64],
    nodes: int,
    groups: Groups,
    first: int,
    last: int,
    *,
    native: bool,
    clear: bool = False,
) -> None:
    """Set each group's bit in the rows of its members, or empty these rows again."""
    for part, start, member in (
        (rows[:nodes], groups.node_start, groups.node),
        (rows[nodes:], groups.link_start, groups.link),
    ):
        if native:
            answered(
                kernels().netproof_scenarios_mark(
                    address(part),
                    ctypes.c_int64(part.shape[0]),
                    ctypes.c_int32(rows.shape[1]),
                    address(start),
                    address(member),
                    ctypes.c_int64(first),
                    ctypes.c_int64(last),
                    ctypes.c_int32(clear),
                )
            )
            continue
        for scenario, group in enumerate(range(first, last)):
            chosen = member[start[group] : start[group + 1]]
            part[chosen, scenario >> 6] |= np.uint64(1 << (scenario & 63))
