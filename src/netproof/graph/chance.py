"""When elements fail: odds of nodes, links and events, and the generator that draws from them.

The generator is asked by counter (seed, element, scenario), so that a seed gives the same scenarios in any
order, in blocks of any size and on any engine. An element's failures are found by skipping from one to the
next: the scenarios in between are a geometric number. Elements are nodes, then links, then events.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from netproof.graph.groups import Groups
    from netproof.graph.multigraph import Multigraph

_STEPS = 4096
_FRACTION = 40
_WORD = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class FailureModel:
    """The odds of what may fail.

    Attributes:
        node: float64[n], probability that a node fails of itself [1].
        link: float64[m], probability that a link fails of itself [1].
        events: What fails together, whatever the cause.
        event: float64[g], probability of each event [1].

    Raises:
        ValueError: A probability is not from 0 to 1, or there is not one for each event.
    """

    node: NDArray[np.float64]
    link: NDArray[np.float64]
    events: Groups
    event: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Refuse what is no probability."""
        for name in ("node", "link", "event"):
            odds = np.ascontiguousarray(getattr(self, name), np.float64)
            object.__setattr__(self, name, odds)
            if not ((odds >= 0) & (odds <= 1)).all():
                wrong = odds[~((odds >= 0) & (odds <= 1))][0]
                raise ValueError(f"expected probabilities from 0 to 1, got {wrong} for a {name}")
        if self.event.size != self.events.size:
            raise ValueError(
                f"expected a probability for each of {self.events.size} events, got {self.event.size}"
            )

    def check(self, graph: Multigraph) -> None:
        """Refuse odds for another graph.

        Raises:
            ValueError: Odds or members of events do not fit the graph.
        """
        if (self.node.size, self.link.size) != (graph.nodes, graph.links):
            raise ValueError(
                f"expected odds of {graph.nodes} nodes and {graph.links} links, "
                f"got {self.node.size} and {self.link.size}"
            )
        self.events.check(graph)

    def pace(self) -> NDArray[np.float64]:
        """Return how far an element skips for each 2^-40 of -log2 of a drawn number; below 0: never fails."""
        odds = np.concatenate([self.node, self.link, self.event])
        some = odds > 0
        pace = np.full(odds.size, -1.0)
        with np.errstate(divide="ignore"):
            pace[some] = 2.0**-_FRACTION / (-np.log1p(-odds[some]) / np.log(2))
        return pace


@cache
def logarithms() -> NDArray[np.int64]:
    """Return 2^40 log2(1 + i / 4096), int64[4097], by squaring whole numbers: the same on every machine."""
    value = (np.arange(_STEPS, dtype=np.uint64) + np.uint64(_STEPS)) << np.uint64(19)
    log = np.zeros(_STEPS + 1, np.int64)
    for bit in range(_FRACTION):
        value = value * value >> np.uint64(31)
        over = value >> np.uint64(32)
        value >>= over
        log[:_STEPS] += over.astype(np.int64) << (_FRACTION - 1 - bit)
    log[_STEPS] = 1 << _FRACTION
    return log


def key_of(seed: int) -> int:
    """Return the seed, mixed to 64 bits.

    Raises:
        ValueError: The seed is not from 0 to 2^64 - 1.
    """
    if not 0 <= seed <= _WORD:
        raise ValueError(f"expected a seed from 0 to 2^64 - 1, got {seed}")
    return int(_mixed(np.array([(seed + 0x9E3779B97F4A7C15) & _WORD], np.uint64))[0])


def failures(
    pace: NDArray[np.float64], seed: int, scenarios: int, block: int
) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.int64]]]:
    """Yield for each block of scenarios its first one, then which elements fail and in which scenarios.

    Source: SplitMix64's finalizer (Steele, Lea, Flood 2014), asked by counter; skipping as in Bernoulli
        sampling by geometric gaps (Devroye 1986, X.2). The logarithm is straight between 4,096 steps.
    Twin: this is the twin of `failing_from` in native/chance.h.
    """
    key = np.uint64(key_of(seed))
    at = _failing_from(pace, key, np.arange(pace.size), np.zeros(pace.size, np.int64), scenarios)
    for first in range(0, scenarios, block):
        end = min(first + block, scenarios)
        elements, when = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        due = np.flatnonzero(at < end)
        while due.size:
            elements.append(due)
            when.append(at[due])
            at[due] = _failing_from(pace, key, due, at[due] + 1, scenarios)
            due = due[at[due] < end]
        yield first, np.concatenate(elements), np.concatenate(when)


def _failing_from(
    pace: NDArray[np.float64],
    key: np.uint64,
    element: NDArray[np.int64],
    start: NDArray[np.int64],
    scenarios: int,
) -> NDArray[np.int64]:
    """Return the first scenario from `start` on in which each element fails, or `scenarios`."""
    own = _mixed(key + (element + 1).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    drawn = _mixed(own + (start + 1).astype(np.uint64) * np.uint64(0xD1B54A32D192ED03)) | np.uint64(1)
    # Bits of a number below 2^53 are exact in a float: ask for those of the upper part, or of the lower one.
    upper = drawn >> np.uint64(32)
    part = np.where(upper > 0, upper, drawn).astype(np.float64)
    zeros = (np.where(upper > 0, 32, 64) - np.frexp(part)[1]).astype(np.int64)
    mantissa = drawn << zeros.astype(np.uint64)
    at = (mantissa >> np.uint64(51) & np.uint64(_STEPS - 1)).astype(np.int64)
    rest = (mantissa >> np.uint64(19) & np.uint64(0xFFFFFFFF)).astype(np.int64)
    table = logarithms()
    log = table[at] + ((table[at + 1] - table[at]) * rest >> 32)
    skip = (((zeros + 1) << _FRACTION) - log).astype(np.float64) * pace[element]
    never = (pace[element] < 0) | (skip >= scenarios)
    return np.minimum(start + np.where(never, scenarios, skip).astype(np.int64), scenarios)


def _mixed(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return numbers mixed by SplitMix64's finalizer."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
