"""Lists of whole numbers, one after the other in one array."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Lists:
    """Some lists.

    Attributes:
        start: int64[lists + 1], where each list starts in `item`.
        item: int32[], the lists, one after the other.
    """

    start: NDArray[np.int64]
    item: NDArray[np.int32]

    @property
    def count(self) -> int:
        """How many lists there are."""
        return int(self.start.size) - 1

    @property
    def sizes(self) -> NDArray[np.int64]:
        """How long each list is."""
        return np.diff(self.start)

    def owners(self) -> NDArray[np.int64]:
        """Return int64[items], the list of each item."""
        return np.repeat(np.arange(self.count), self.sizes)

    def of(self, number: int) -> NDArray[np.int32]:
        """Return one list."""
        return self.item[self.start[number] : self.start[number + 1]]

    def sums(self, value: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return, for each list, the sum of the values of its items."""
        total = np.concatenate([np.zeros(1, np.int64), np.cumsum(value[self.item])])
        sums: NDArray[np.int64] = total[self.start[1:]] - total[self.start[:-1]]
        return sums

    def kept(self, keep: NDArray[np.bool_]) -> Lists:
        """Return the lists with some of their items."""
        total = np.concatenate([np.zeros(1, np.int64), np.cumsum(keep)])
        return Lists(total[self.start], self.item[keep])


def gathered(lists: Lists, which: NDArray[np.int64]) -> Lists:
    """Return some of the lists, in the order in which they are named."""
    size = lists.sizes[which]
    start = np.concatenate([np.zeros(1, np.int64), np.cumsum(size)])
    shift = np.repeat(lists.start[which] - start[:-1], size)
    return Lists(start, lists.item[np.arange(int(start[-1])) + shift])
