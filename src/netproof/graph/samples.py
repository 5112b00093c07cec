"""What random scenarios came to: losses, who lacked what how often, and who is to blame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Samples:
    """What happened in each scenario, and to whom how often.

    Attributes:
        lost: int64[needs, scenarios], people without the need, less those without before anything fails.
        places: int64[needs, scenarios], the same in places.
        unavailable: int64[needs, n], scenarios in which each node lacks the need; all of them for a node
            that lacks it before anything fails.
        place_unavailable: For each need int64[places], scenarios in which a place with people is lost; empty
            for a need that counts no places.
        baseline: int64[needs], people without the need before anything fails [people].
        baseline_places: int64[needs], places without it.
        hits: int64[n + m + g], scenarios in which each node, link and event failed of itself.
        blamed: int64[n + m + g], people lost in these scenarios, added up, for the need to blame by.
    """

    lost: NDArray[np.int64]
    places: NDArray[np.int64]
    unavailable: NDArray[np.int64]
    place_unavailable: tuple[NDArray[np.int64], ...]
    baseline: NDArray[np.int64]
    baseline_places: NDArray[np.int64]
    hits: NDArray[np.int64]
    blamed: NDArray[np.int64]

    def quantiles(self, need: int, shares: Sequence[float]) -> NDArray[np.int64]:
        """Return the least loss that a share of the scenarios does not exceed, int64[shares] [people]."""
        ordered: NDArray[np.int64] = np.sort(self.lost[need])
        if not ordered.size:
            return np.zeros(len(shares), np.int64)
        at = np.ceil(np.asarray(shares) * ordered.size).astype(np.int64) - 1
        found: NDArray[np.int64] = ordered[np.clip(at, 0, ordered.size - 1)]
        return found

    def worst(self, need: int, count: int) -> NDArray[np.int64]:
        """Return the scenarios with the greatest losses, worst first, equal ones as they were drawn."""
        return np.argsort(-self.lost[need], kind="stable")[:count]

    def contributors(self, count: int) -> NDArray[np.int64]:
        """Return the elements in whose failures most is lost in all, worst first; none without a loss."""
        order = np.argsort(-self.blamed, kind="stable")[:count]
        return order[self.blamed[order] > 0]


@dataclass(frozen=True, slots=True)
class Failing:
    """What fails of itself in some scenarios.

    Attributes:
        start: int64[scenarios + 1], where the elements of each scenario asked for start in `element`.
        element: int32[], nodes, then links (from n on), then events (from n + m on), ascending.
    """

    start: NDArray[np.int64]
    element: NDArray[np.int32]
