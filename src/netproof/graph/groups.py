"""What fails together: groups of nodes and links, as two lists of lists.

Arrays in, arrays out. Who belongs to which group (a supplier's components, what shares a duct) is decided
where tables are read; here a group is no more than its members.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from netproof.graph.multigraph import Multigraph


@dataclass(frozen=True, slots=True)
class Groups:
    """Nodes and links that fail together; a group may be empty, and groups may overlap.

    Attributes:
        node_start: int64[g + 1], where each group's nodes start in `node`.
        node: int32[], nodes, group after group.
        link_start: int64[g + 1], where each group's links start in `link`.
        link: int32[], links, group after group.

    Raises:
        ValueError: The lists do not fit each other.
    """

    node_start: NDArray[np.int64]
    node: NDArray[np.int32]
    link_start: NDArray[np.int64]
    link: NDArray[np.int32]

    def __post_init__(self) -> None:
        """Refuse what is no list of lists, before a kernel reads outside its arrays."""
        for name in ("node_start", "link_start"):
            object.__setattr__(self, name, np.ascontiguousarray(getattr(self, name), np.int64))
        for name in ("node", "link"):
            object.__setattr__(self, name, np.ascontiguousarray(getattr(self, name), np.int32))
        if self.node_start.size != self.link_start.size:
            raise ValueError(
                "expected as many groups of nodes as of links, "
                f"got {self.node_start.size - 1} and {self.link_start.size - 1}"
            )
        for start, member in ((self.node_start, self.node), (self.link_start, self.link)):
            if not start.size or start[0] != 0 or start[-1] != member.size or (np.diff(start) < 0).any():
                raise ValueError(f"expected starts that rise from 0 to {member.size}, got {start}")

    @property
    def size(self) -> int:
        """How many groups there are."""
        return int(self.node_start.size) - 1

    def check(self, graph: Multigraph) -> None:
        """Refuse members that the graph does not have.

        Raises:
            ValueError: A node or link is outside the graph.
        """
        for name, member, count in (("nodes", self.node, graph.nodes), ("links", self.link, graph.links)):
            if member.size and (int(member.min()) < 0 or int(member.max()) >= count):
                raise ValueError(
                    f"expected {name} from 0 to {count - 1}, got {member.min()} to {member.max()}"
                )

    def some(self, first: int, last: int) -> Groups:
        """Return groups `first` to `last` - 1."""
        nodes, links = self.node_start[first : last + 1], self.link_start[first : last + 1]
        return Groups(
            nodes - nodes[0],
            self.node[nodes[0] : nodes[-1]],
            links - links[0],
            self.link[links[0] : links[-1]],
        )


def listed(groups: Iterable[tuple[Iterable[int], Iterable[int]]]) -> Groups:
    """Return groups from pairs of nodes and links."""
    pairs = [(list(nodes), list(links)) for nodes, links in groups]
    nodes, links = ([pair[side] for pair in pairs] for side in (0, 1))
    return Groups(_starts(nodes), _flat(nodes), _starts(links), _flat(links))


def labelled(node: NDArray[np.int32], count: int, link: NDArray[np.int32] | None = None) -> Groups:
    """Return one group for each label.

    Args:
        node: int32[n], label of each node, or -1 for none.
        count: How many labels there are.
        link: int32[m], label of each link, or -1 for none; None: no link has one.
    """
    links = np.zeros(0, np.int32) if link is None else link
    return Groups(*_by_label(node, count), *_by_label(links, count))


def joined(several: Iterable[Groups]) -> Groups:
    """Return all the groups, one family after the other."""
    families = list(several)
    return Groups(
        *_chained([(one.node_start, one.node) for one in families]),
        *_chained([(one.link_start, one.link) for one in families]),
    )


def _by_label(label: NDArray[np.int32], count: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return starts and members of each label, members ascending."""
    order = np.argsort(label, kind="stable").astype(np.int32)
    bounds = np.searchsorted(label[order], np.arange(count + 1)).astype(np.int64)
    return bounds - bounds[0], order[bounds[0] : bounds[-1]]


def _chained(
    lists: list[tuple[NDArray[np.int64], NDArray[np.int32]]],
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return one list of lists from several."""
    sizes = [np.zeros(0, np.int64), *(np.diff(start) for start, _ in lists)]
    start = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.concatenate(sizes))])
    return start, np.concatenate([np.zeros(0, np.int32), *(member for _, member in lists)])


def _starts(lists: list[list[int]]) -> NDArray[np.int64]:
    """Return where each list starts when they are written one after the other."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(np.array([len(one) for one in lists], np.int64))])


def _flat(lists: list[list[int]]) -> NDArray[np.int32]:
    """Return the lists, one after the other."""
    return np.array([one for member in lists for one in member], np.int32)
