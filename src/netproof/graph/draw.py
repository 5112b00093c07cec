"""One sample as the kernels get it: how many scenarios from which odds and seed, and room for the answer."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netproof.graph.chance import key_of, logarithms
from netproof.graph.library import address
from netproof.graph.samples import Samples

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netproof.graph.asking import Asking
    from netproof.graph.chance import FailureModel
    from netproof.graph.multigraph import Multigraph


@dataclass(frozen=True, slots=True)
class Draw:
    """What is drawn.

    Attributes:
        model: The odds.
        scenarios: How many scenarios.
        seed: From 0 to 2^64 - 1.
        blame: The need, among those asked at once, by which elements are blamed; None: by none of them.
    """

    model: FailureModel
    scenarios: int
    seed: int
    blame: int | None

    def empty(self, graph: Multigraph, asking: Asking) -> Samples:
        """Return room for the answer."""
        needs, elements = len(asking.needs), graph.nodes + graph.links + self.model.events.size
        lost, places = np.zeros((2, needs, self.scenarios), np.int64)
        baseline, baseline_places = np.zeros((2, needs), np.int64)
        hits, blamed = np.zeros((2, elements), np.int64)
        return Samples(
            lost,
            places,
            np.zeros((needs, graph.nodes), np.int64),
            tuple(np.zeros(0 if need.place is None else need.places, np.int64) for need in asking.needs),
            baseline,
            baseline_places,
            hits,
            blamed,
        )


class _Chances(ctypes.Structure):
    """The compiled kernels' `Chances` (chance.h)."""

    _fields_ = (
        ("events", ctypes.c_int32),
        ("blame", ctypes.c_int32),
        ("scenarios", ctypes.c_int64),
        ("key", ctypes.c_uint64),
        ("pace", ctypes.c_void_p),
        ("log", ctypes.c_void_p),
        ("node_start", ctypes.c_void_p),
        ("node", ctypes.c_void_p),
        ("link_start", ctypes.c_void_p),
        ("link", ctypes.c_void_p),
    )


class Chances:
    """A draw as the compiled kernels read it; its arrays live as long as this object."""

    __slots__ = ("_kept", "elements", "handed")

    def __init__(self, draw: Draw) -> None:
        """Lay the odds out in flat arrays."""
        model, events = draw.model, draw.model.events
        pace = model.pace()
        arrays: list[NDArray[np.generic]] = [
            pace,
            logarithms(),
            events.node_start,
            events.node,
            events.link_start,
            events.link,
        ]
        blame = -1 if draw.blame is None else draw.blame
        self.elements = pace.size
        self.handed = _Chances(
            events.size, blame, draw.scenarios, key_of(draw.seed), *(address(one) for one in arrays)
        )
        self._kept = arrays
