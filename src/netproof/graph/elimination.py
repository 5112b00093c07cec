"""The plan by which scenarios are answered: in which order nodes are taken out of a graph.

Made once for a graph and used for any needs, groups and samples. Arrays in; the plan itself stays in the
compiled library. The portable twin of scenarios has no plan: it looks for components in each scenario.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import finalize

import numpy as np

from netproof.graph import library
from netproof.graph.library import Engine, address, kernels

if TYPE_CHECKING:
    from netproof.graph.multigraph import Multigraph

NO_MEMORY = 1


class Plan:
    """A plan in the compiled library; it is freed with this object."""

    __slots__ = ("__weakref__", "pointer")

    def __init__(self, graph: Multigraph, degree_max: int) -> None:
        """Take the nodes of the graph out, as far as `degree_max` allows."""
        made, native = ctypes.c_void_p(), kernels()
        answered(
            native.netproof_elimination_make(
                ctypes.c_int32(graph.nodes),
                ctypes.c_int32(graph.links),
                address(graph.tail),
                address(graph.head),
                ctypes.c_int32(min(degree_max, max(graph.nodes, 1))),
                ctypes.byref(made),
            )
        )
        self.pointer = made
        finalize(self, native.netproof_elimination_free, made)


@dataclass(frozen=True, slots=True)
class Program:
    """How a graph's scenarios are answered.

    Attributes:
        graph: The graph.
        plan: What the compiled kernels follow; None: made by the portable twin, which has none.
        kernel: Nodes that are never taken out and are swept in each scenario instead.
    """

    graph: Multigraph
    plan: Plan | None
    kernel: int

    @property
    def pointer(self) -> ctypes.c_void_p:
        """Where the plan lies, for the compiled kernels.

        Raises:
            ValueError: The program was made without them.
        """
        if self.plan is None:
            raise ValueError("expected a program of the compiled kernels, got one of the portable twin")
        return self.plan.pointer

    def engine(self, wanted: Engine | None) -> Engine:
        """Return who answers scenarios.

        Raises:
            ValueError: The compiled kernels are wanted, and the program was made without them.
        """
        if wanted is Engine.NATIVE and self.pointer:
            return wanted
        if wanted is not None:
            return wanted
        return Engine.PORTABLE if self.plan is None else Engine.NATIVE


def eliminate(graph: Multigraph, *, degree_max: int = 16, engine: Engine | None = None) -> Program:
    """Plan in which order the nodes of a graph are taken out.

    Args:
        graph: The graph; parallel links count once, self-loops not at all.
        degree_max: Nodes are taken out while they have at most this many neighbours; others stay in a
            kernel that is swept until nothing changes. It decides about time, never about the answer.
        engine: Who plans; None takes the compiled kernels where there are any.

    Returns:
        The program, for any needs, groups and samples on this graph.

    Raises:
        ValueError: `degree_max` is negative.
        MemoryError: The plan does not fit.

    Cost: O((n + m) * degree_max) in practice; each node leaves at most degree_max^2 / 2 pairs joined.
    Source: Gaussian elimination over the semiring of "or" and "and" (Kleene's closure), in the order of
        least degree.
    Twin: none; the portable twin of `group_losses` needs no plan.
    """
    if degree_max < 0:
        raise ValueError(f"expected a degree of 0 or more, got {degree_max}")
    if library.engine(engine) is Engine.PORTABLE:
        return Program(graph, None, graph.nodes)
    plan = Plan(graph, degree_max)
    sizes = np.zeros(5, np.int64)
    kernels().netproof_elimination_sizes(plan.pointer, address(sizes))
    return Program(graph, plan, int(sizes[1]))


def answered(code: int) -> None:
    """Refuse what a kernel could not do.

    Raises:
        MemoryError: It ran out of memory.
    """
    if code == NO_MEMORY:
        raise MemoryError("the kernel needs more memory than there is")
