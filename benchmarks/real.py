"""Real networks for benchmarks, where the package topohub is installed; it is no dependency of netproof."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from netproof.graph import Multigraph, Need


def real(name: str) -> tuple[Multigraph, Need] | None:
    """Return a network of topohub with made-up people and functions, or None without topohub."""
    try:
        found: Any = importlib.import_module("topohub").get(name)
    except ModuleNotFoundError:
        return None
    number = {node["id"]: at for at, node in enumerate(found["nodes"])}
    ends = [(number[link["source"]], number[link["target"]]) for link in found["edges"]]
    tail, head = np.array(ends, np.int32).T
    chance = np.random.default_rng(1)
    people = chance.integers(0, 10_000, len(number))
    instances = tuple(chance.integers(0, len(number), many, np.int32) for many in (4, 4, 8, 2))
    return Multigraph(len(number), tail, head), Need(people, instances)
