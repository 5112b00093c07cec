"""What every two things take when both fail: all pairs of components and links, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netproof.errors import TableError
from netproof.graph import Multigraph, Need
from netproof.graph.distinct import distinct
from netproof.graph.groups import listed
from netproof.graph.pairs import pair_losses
from netproof.graph.pairs import pairs_memory as kernel_memory
from netproof.graph.scenarios import eliminate, group_losses
from netproof.graph.single import losses, skeleton
from netproof.resilience.answers import PairLoss, PairLosses, Passed, WorstPartner
from netproof.resilience.names import ids_of
from netproof.resilience.needs import ANY

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from netproof.graph import Engine
    from netproof.graph.pairs import Pairs
    from netproof.resilience.network import Network
    from netproof.tables.store import Store

STATEMENT = (
    "every two of components, links and the nodes of sites that join several, failing by themselves: what "
    "needs them is not taken down"
)
_PARTS = (
    "homing splits the people into {parts} parts: the total is exact, and so is each pair that "
    "is listed; the worst ones were looked for among the worst of each part"
)


@dataclass(frozen=True, slots=True)
class _Part:
    """The network without nodes that join nothing and serve nobody.

    Attributes:
        node: int32[], the network's node at each of its own.
        link: int32[], the network's link at each of its own.
        becomes: int32[nodes], what each node of the network is here, or -1.
    """

    graph: Multigraph
    node: NDArray[np.int32]
    link: NDArray[np.int32]
    becomes: NDArray[np.int32]

    def need(self, need: Need) -> Need:
        """Return a need on this part."""
        instances = tuple(self.becomes[one] for one in need.instances)
        return Need(need.people[self.node], instances)

    def elements(self, network: Network, element: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return its elements as elements of the network."""
        both = np.append(self.node, self.link + np.int32(network.topology.nodes))
        return both[element].astype(np.int32)


def _part(network: Network) -> _Part:
    """Leave out nodes of sites, and things without a row, that join nothing and serve nobody."""
    topology, graph = network.topology, network.topology.graph
    joined = np.bincount(np.append(graph.tail, graph.head), minlength=topology.nodes)
    told = np.bincount(
        np.append(graph.tail[: topology.links], graph.head[: topology.links]), minlength=topology.nodes
    )
    keep = (topology.population > 0) | (told > 0) | (joined > 1)
    keep[topology.sites : topology.sites + topology.components] = True
    becomes = np.where(keep, np.cumsum(keep) - 1, -1).astype(np.int32)
    link = np.flatnonzero(keep[graph.tail] & keep[graph.head]).astype(np.int32)
    part = Multigraph(int(keep.sum()), becomes[graph.tail[link]], becomes[graph.head[link]])
    return _Part(part, np.flatnonzero(keep).astype(np.int32), link, becomes)


def pairs_memory(network: Network) -> int:
    """Return the most memory that `pairs` takes beside the network [bytes]."""
    functions = max(len(wanted) for service in network.needs for wanted in service.needs.instances)
    return kernel_memory(_part(network).graph, functions=functions)


def pairs(
    store: Store,
    network: Network,
    *,
    service: str = ANY,
    top: int = 20,
    progress: Callable[[str, int, int], None] | None = None,
    engine: Engine | None = None,
) -> PairLosses:
    """Return what all pairs take from a service.

    Args:
        store: The tables.
        network: The network that was read from them.
        service: Which service; '' for all together.
        top: How many of the worst pairs, and of the elements with the worst partner, to name.
        progress: Told what is done, work done and work in all.
        engine: Who computes.

    Raises:
        TableError: There is no such service.
        ValueError: The portable kernel is asked for a large network.
        MemoryError: The kernels do not fit in memory.
    """
    chosen = next((one for one in network.needs if one.service_id == service), None)
    if chosen is None:
        raise TableError(
            f"expected a service, got {service!r}", hint="known are " + ", ".join(network.services)
        )
    part = _part(network)
    needs = [part.need(need) for need in chosen.needs]
    told = None if progress is None else lambda done, total: progress("pairs", done, total)
    found = [pair_losses(part.graph, need, top=top, engine=engine, progress=told) for need in needs]
    searched = skeleton(part.graph, engine=engine)
    alone = np.zeros(part.graph.nodes + part.graph.links, np.int64)
    for need in needs:
        single = losses(searched, need, engine=engine)
        alone += np.append(single.node, single.link)
    worst_pairs, partners = found[0].top, _partners(found[0], top)
    if len(found) > 1:
        worst_pairs, partners = _together(part.graph, needs, found, top, engine)
    named = _names(
        store, network, part,
        [one for pair in worst_pairs[:top] + partners[:top] for one in pair[:2]],
    )  # fmt: skip
    more = "" if len(found) == 1 else "; " + _PARTS.format(parts=len(found))
    return PairLosses(
        service_id=service,
        elements=alone.size,
        pairs=found[0].pairs,
        total=sum(one.total for one in found),
        maximum=worst_pairs[0][2] if worst_pairs else 0,
        top=tuple(
            PairLoss(named[a], named[b], people, (int(alone[a]), int(alone[b])))
            for a, b, people in worst_pairs[:top]
        ),
        worst=tuple(
            WorstPartner(named[at], named[other], people, int(alone[at]))
            for at, other, people in partners[:top]
        ),
        statement=STATEMENT + more,
    )


_Loss = tuple[int, int, int]
"""Two elements, and what they take [people]."""


def _partners(found: Pairs, top: int) -> list[_Loss]:
    """Return the elements that take most with another, and that one, worst first."""
    at = np.argsort(-found.worst, kind="stable")[:top]
    at = at[(found.worst[at] > 0) & (found.worst_partner[at] >= 0)]
    columns = at, found.worst_partner[at], found.worst[at]
    return list(zip(*(one.tolist() for one in columns), strict=True))


def _together(
    graph: Multigraph, needs: list[Need], found: list[Pairs], top: int, engine: Engine | None
) -> tuple[list[_Loss], list[_Loss]]:
    """Return the worst pairs, and elements with their worst partner, by what all parts lose together.

    They are looked for among the worst of each part.
    """
    partners = [pair for one in found for pair in _partners(one, top)]
    pairs_found = sorted(
        {(min(a, b), max(a, b)) for a, b, _ in partners} | {(a, b) for one in found for a, b, _ in one.top}
    )
    if not pairs_found:
        return [], []
    groups = listed(
        ([e for e in pair if e < graph.nodes], [e - graph.nodes for e in pair if e >= graph.nodes])
        for pair in pairs_found
    )
    people = group_losses(eliminate(graph, engine=engine), needs, groups, engine=engine).people.sum(axis=0)
    worst = sorted(
        ((a, b, lost) for (a, b), lost in zip(pairs_found, people.tolist(), strict=True)),
        key=lambda pair: (-pair[2], pair[0], pair[1]),
    )
    best: dict[int, _Loss] = {}
    for a, b, lost in worst:
        best.setdefault(a, (a, b, lost))
        best.setdefault(b, (b, a, lost))
    return worst, sorted(best.values(), key=lambda pair: (-pair[2], pair[0]))


def _names(store: Store, network: Network, part: _Part, element: list[int]) -> dict[int, Passed]:
    """Return elements in words; a link that the design implies is called after what it joins."""
    wanted = distinct(np.array(element, np.int64))
    of_network = part.elements(network, wanted)
    named = {}
    topology = network.topology
    for number, at, (table, name, called) in zip(
        wanted.tolist(), of_network.tolist(), ids_of(store, topology, of_network), strict=True
    ):
        if table:
            named[number] = Passed(table, name, called)
            continue
        link = at - topology.nodes
        ends = np.array([topology.graph.tail[link], topology.graph.head[link]], np.int32)
        words = " to ".join(one[1] for one in ids_of(store, topology, ends))
        named[number] = Passed("implied link", words)
    return named
