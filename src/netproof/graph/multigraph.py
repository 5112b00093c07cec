"""What a network is to the kernels: nodes, links (parallel ones kept), and what its people need.

Arrays in, arrays out: no tables, no files, no clock. `resilience.topology` makes these arrays from tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Multigraph:
    """An undirected multigraph; parallel links and self-loops are allowed.

    Attributes:
        nodes: How many nodes there are, numbered from 0.
        tail: int32[m], one end of each link.
        head: int32[m], the other end of each link.

    Raises:
        ValueError: `tail` and `head` differ in length, or name a node that does not exist.
    """

    nodes: int
    tail: NDArray[np.int32]
    head: NDArray[np.int32]

    def __post_init__(self) -> None:
        """Refuse what is no graph, before a kernel reads outside its arrays."""
        for name in ("tail", "head"):
            object.__setattr__(self, name, np.ascontiguousarray(getattr(self, name), np.int32))
        if self.tail.shape != self.head.shape or self.tail.ndim != 1:
            raise ValueError(f"expected as many tails as heads, got {self.tail.shape} and {self.head.shape}")
        for ends in (self.tail, self.head):
            if ends.size and (int(ends.min()) < 0 or int(ends.max()) >= self.nodes):
                raise ValueError(
                    f"expected link ends from 0 to {self.nodes - 1}, got {ends.min()} to {ends.max()}"
                )

    @property
    def links(self) -> int:
        """How many links there are."""
        return int(self.tail.size)


@dataclass(frozen=True, slots=True)
class Need:
    """What some people need: to reach one instance of every function.

    Attributes:
        people: int64[n], people who are served first by each node and have this need [people], 0 or more.
        instances: For each function that is needed, int32[k], the nodes that provide it; an empty array
            means that nobody does, and then all the people are without it from the start.
        place: int32[n], the place each node belongs to, or -1; a place is lost when it has people and all
            of them are without the need. None: places are not counted.
        places: How many places there are.
    """

    people: NDArray[np.int64]
    instances: tuple[NDArray[np.int32], ...]
    place: NDArray[np.int32] | None = None
    places: int = 0

    def __post_init__(self) -> None:
        """Refuse negative people and instances outside the graph."""
        object.__setattr__(self, "people", np.ascontiguousarray(self.people, np.int64))
        nodes = self.people.size
        if nodes and int(self.people.min()) < 0:
            raise ValueError(f"expected 0 or more people on a node, got {self.people.min()}")
        found = tuple(np.ascontiguousarray(one, np.int32) for one in self.instances)
        object.__setattr__(self, "instances", found)
        for one in found:
            if one.size and (int(one.min()) < 0 or int(one.max()) >= nodes):
                raise ValueError(f"expected instances from 0 to {nodes - 1}, got {one.min()} to {one.max()}")
        if self.place is not None:
            object.__setattr__(self, "place", np.ascontiguousarray(self.place, np.int32))
            if self.place.shape != self.people.shape:
                raise ValueError(f"expected a place for each of {nodes} nodes, got {self.place.shape}")
            if nodes and int(self.place.max()) >= self.places:
                raise ValueError(f"expected places below {self.places}, got {self.place.max()}")
