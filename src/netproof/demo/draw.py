"""Which values does chance choose, from a seed alone?

Every topic has its own stream, so that a new question never moves the answers of the others.
Only the raw unit numbers of PCG64, whole numbers and the four basic operations are used: these
are the same on every machine, which logarithms, sines and ready-made distributions are not.
"""

from __future__ import annotations

from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Draw:
    """Chance for one topic.

    Args:
        seed: The network's seed.
        topic: What the numbers are for.
    """

    def __init__(self, seed: int, topic: str) -> None:
        entropy = [seed, crc32(topic.encode("ascii"))]
        self._generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))

    def unit(self, count: int) -> Floats:
        """Return float64[count], each at least 0 and below 1."""
        return self._generator.random(count)

    def below(self, count: int, bound: int | Ints) -> Ints:
        """Return int64[count], each at least 0 and below its bound."""
        return np.floor(self.unit(count) * bound).astype(np.int64)

    def chance(self, count: int, share: float) -> Flags:
        """Return bool[count], true for about that share."""
        return self.unit(count) < share

    def weighted(self, count: int, weights: Ints) -> Ints:
        """Return int64[count], positions in `weights`, each as often as its weight says."""
        ends = np.cumsum(weights)
        return np.searchsorted(ends, self.below(count, int(ends[-1])), side="right").astype(np.int64)

    def some(self, count: int, size: int) -> Ints:
        """Return int64[size], different numbers below `count`, ascending."""
        return np.sort(np.argsort(self.unit(count), kind="stable")[:size]).astype(np.int64)


def apportion(weights: Ints, total: int, *, least: int = 0) -> Ints:
    """Return int64 shares of `total` by weight, each at least `least`: the largest remainder method.

    Args:
        weights: int64[n], not all zero.
        total: What is shared out; at least n times `least`.
        least: What each gets first.
    """
    free = total - least * len(weights)
    whole = int(weights.sum())
    shares = weights * free // whole
    rest = weights * free % whole
    first = np.argsort(-rest, kind="stable")[: free - int(shares.sum())]
    shares[first] += 1
    return shares + least


def spread(total: Ints, group: Ints, weights: Ints) -> Ints:
    """Return int64[n], each group's total split over its members by weight, in whole numbers.

    Args:
        total: int64[g], what each group shares out.
        group: int64[n], ascending, the group of each member.
        weights: int64[n], positive.
    """
    ends = np.cumsum(weights)
    starts = ends - weights
    first = np.searchsorted(group, np.arange(len(total)))
    last = np.searchsorted(group, np.arange(len(total)), side="right") - 1
    base = np.where(last >= first, starts[np.minimum(first, len(starts) - 1)], 0)
    full = np.where(last >= first, ends[np.maximum(last, 0)] - base, 1)
    upto = total[group] * (ends - base[group]) // full[group]
    before = total[group] * (starts - base[group]) // full[group]
    share: Ints = upto - before
    return share


def within(counts: Ints) -> Ints:
    """Return int64[sum], 0, 1, 2 … within each of the groups that `counts` sizes."""
    ends = np.cumsum(counts)
    return np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts, counts)
