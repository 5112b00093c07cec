"""Many random cases in few tests: pytest spends more on starting a test than a small graph takes."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

BATCH = 25


def over_seeds(count: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test for every `seed` below `count`, some in one test; a failure shows its seed."""
    batches = [range(first, min(first + BATCH, count)) for first in range(0, count, BATCH)]

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(test)
        def run(seeds: range, **others: object) -> None:
            for seed in seeds:
                test(seed=seed, **others)

        signature = inspect.signature(test)
        named = [
            parameter.replace(name="seeds") if name == "seed" else parameter
            for name, parameter in signature.parameters.items()
        ]
        run.__signature__ = signature.replace(parameters=named)  # type: ignore[attr-defined]
        mark = pytest.mark.parametrize("seeds", batches, ids=lambda seeds: f"from {seeds.start}")
        marked: Callable[..., None] = mark(run)
        return marked

    return decorate
