"""Several needs as one question: functions and sets of functions once each, however many needs share them.

Needs that want the same functions are answered by one pass and differ only in whose people are counted.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netproof.graph.distinct import distinct
from netproof.graph.library import address

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from netproof.graph.multigraph import Need

# Bits kept for each node and set of functions at once stay below this; more sets are asked in turns.
_BYTES = 1 << 29


@dataclass(frozen=True, slots=True)
class Asking:
    """Needs, sorted by the set of functions they want.

    Attributes:
        needs: The needs in that order.
        order: int64[needs], where each of them stood.
        functions: Instances of each function.
        classes: Each set of functions, ascending.
        need_class: int32[needs], the set each need wants.
    """

    needs: tuple[Need, ...]
    order: NDArray[np.int64]
    functions: tuple[NDArray[np.int32], ...]
    classes: tuple[tuple[int, ...], ...]
    need_class: NDArray[np.int32]


def asking(needs: Sequence[Need], nodes: int) -> Asking:
    """Return the needs as one question.

    Raises:
        ValueError: A need has people for another number of nodes.
    """
    functions: dict[bytes, int] = {}
    classes: dict[tuple[int, ...], int] = {}
    arrays: list[NDArray[np.int32]] = []
    wants: list[int] = []
    for need in needs:
        if need.people.size != nodes:
            raise ValueError(f"expected people for {nodes} nodes, got {need.people.size}")
        # Who needs nothing is served while the own node is up: every node is an instance.
        wanted = need.instances or (np.arange(nodes, dtype=np.int32),)
        numbers = set()
        for one in wanted:
            instances = distinct(one)
            number = functions.setdefault(instances.tobytes(), len(functions))
            if number == len(arrays):
                arrays.append(instances)
            numbers.add(number)
        wants.append(classes.setdefault(tuple(sorted(numbers)), len(classes)))
    order = np.argsort(np.array(wants, np.int64), kind="stable")
    return Asking(
        tuple(needs[at] for at in order),
        order,
        tuple(arrays),
        tuple(classes),
        np.array(wants, np.int32)[order],
    )


def turns(needs: Sequence[Need], nodes: int, words: int) -> Iterator[tuple[list[int], Asking]]:
    """Yield needs to ask at once, and where they stood: as many sets of functions as memory allows."""
    whole = asking(needs, nodes)
    at_once = max(1, _BYTES // max(1, nodes * words * 8))
    for first in range(0, len(whole.classes), at_once):
        chosen = np.flatnonzero((whole.need_class >= first) & (whole.need_class < first + at_once))
        at = [int(one) for one in whole.order[chosen]]
        yield at, whole if len(at) == len(needs) else asking([needs[one] for one in at], nodes)


class _Asked(ctypes.Structure):
    """The compiled kernels' `Asked` (scenarios.h)."""

    _fields_ = (
        ("functions", ctypes.c_int32),
        ("classes", ctypes.c_int32),
        ("needs", ctypes.c_int32),
        ("function_start", ctypes.c_void_p),
        ("function_node", ctypes.c_void_p),
        ("class_start", ctypes.c_void_p),
        ("class_function", ctypes.c_void_p),
        ("need_class", ctypes.c_void_p),
        ("people", ctypes.c_void_p),
        ("place", ctypes.c_void_p),
        ("places", ctypes.c_void_p),
    )


class Handed:
    """A question as the compiled kernels read it; its arrays live as long as this object."""

    __slots__ = ("_kept", "asked")

    def __init__(self, asking: Asking) -> None:
        """Lay the question out in flat arrays."""
        people = [need.people for need in asking.needs]
        place = [need.place for need in asking.needs]
        arrays: list[NDArray[np.generic]] = [
            *_lists([one.size for one in asking.functions], asking.functions),
            *_lists(
                [len(one) for one in asking.classes], [np.array(one, np.int32) for one in asking.classes]
            ),
            asking.need_class,
            np.array([one.ctypes.data for one in people], np.uintp),
            np.array([0 if one is None else one.ctypes.data for one in place], np.uintp),
            np.array([need.places for need in asking.needs], np.int32),
        ]
        counts = (len(asking.functions), len(asking.classes), len(asking.needs))
        self.asked = _Asked(*counts, *(address(one) for one in arrays))
        self._kept = (arrays, people, place)


def _lists(
    sizes: Sequence[int], lists: Sequence[NDArray[np.int32]]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return lists as starts and members."""
    start = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.array(sizes, np.int64))])
    return start, np.concatenate([np.zeros(0, np.int32), *lists]).astype(np.int32)
