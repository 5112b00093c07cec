"""What every event takes: people and sites of each service, and the rates of flows.

The closure of an event decides who answers: one node or link is read off the kernel that fails everything
singly (`graph.single`); several nodes that hang together are one node of a contracted graph, many of them at
once; what is left is failed group by group (`graph.scenarios`). All three give the same integers, so the
choice decides about time only.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from netproof.graph.closure import closures
from netproof.graph.contract import contract
from netproof.graph.contract import gathered as moved_need
from netproof.graph.distinct import distinct
from netproof.graph.groups import Groups
from netproof.graph.paths import block_tree, pieces
from netproof.graph.scenarios import eliminate, group_losses
from netproof.graph.single import losses as single_losses
from netproof.graph.single import skeleton
from netproof.resilience.fixed import fixed_paths, served_ends
from netproof.resilience.flows import demand_lost
from netproof.resilience.layers import layers, reduce
from netproof.resilience.lists import Lists, gathered
from netproof.resilience.needs import together
from netproof.resilience.torn import torn_rates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from netproof.graph import Engine, Multigraph, Need
    from netproof.graph.single import Losses
    from netproof.resilience.events import Events
    from netproof.resilience.flows import Flows
    from netproof.resilience.needs import Service
    from netproof.resilience.topology import Topology


@dataclass(frozen=True, slots=True)
class Closed:
    """Everything that is down in each event.

    Attributes:
        single: int32[events], the only element that is down, or -1 where several (or none) are.
        several: int64[], the events of which several elements (or none) are down.
        down: Their elements, a list for each.
        cause: int32[], the rule that took each of these down; -1: one of the event's own.
        own: What fails itself in each event, a list for each.
    """

    single: NDArray[np.int32]
    several: NDArray[np.int64]
    down: Lists
    cause: NDArray[np.int32]
    own: Lists

    def members(self) -> NDArray[np.int64]:
        """Return int64[events], how many elements are down."""
        down = np.ones(self.single.size, np.int64)
        down[self.several] = self.down.sizes
        return down


@dataclass(frozen=True, slots=True)
class EventLosses:
    """What every event takes beyond the baseline.

    Attributes:
        people: int64[services, events] [people].
        sites: int64[services, events].
        elsewhere: int64[events], of the people of all services, those whom what fails itself does not serve
            first; a site serves all that stands there.
        demand: int64[events], rates of flows [kbit/s].
        baseline: int64[services], people without each service before anything fails [people].
        baseline_sites: int64[services].
        lacking: For each service, bool[nodes]: who lacks it before anything fails.
    """

    people: NDArray[np.int64]
    sites: NDArray[np.int64]
    elsewhere: NDArray[np.int64]
    demand: NDArray[np.int64]
    baseline: NDArray[np.int64]
    baseline_sites: NDArray[np.int64]
    lacking: tuple[NDArray[np.bool_], ...]


def close(topology: Topology, events: Events, *, engine: Engine | None = None) -> Closed:
    """Return what is down in each event, with all that cannot work without its own elements."""
    size = np.diff(events.start)
    needed = np.zeros(topology.elements, np.bool_)
    needed[topology.rules.member] = True
    only = np.full(events.count, -1, np.int32)
    one = np.flatnonzero(size == 1)
    only[one] = events.element[events.start[one]]
    asked = np.flatnonzero((size != 1) | np.append(needed, False)[only])
    own = Lists(events.start, events.element)
    some = gathered(own, asked)
    found = closures(topology.rules, some.start, some.item, engine=engine)
    alone = np.diff(found.start) == 1
    single = only.copy()
    single[asked] = -1
    single[asked[alone]] = found.element[found.start[:-1][alone]]
    kept = np.repeat(~alone, np.diff(found.start))
    start = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.diff(found.start)[~alone])])
    return Closed(single, asked[~alone], Lists(start, found.element[kept]), found.cause[kept], own)


def nothing_closed() -> Closed:
    """Return what is down where nothing fails: no events at all."""
    none, number = Lists(np.zeros(1, np.int64), np.zeros(0, np.int32)), np.zeros(0, np.int32)
    return Closed(number, np.zeros(0, np.int64), none, number, none)


def served_first(topology: Topology, own: Lists, served: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many of the served people each event's own elements serve first: int64[events] [people].

    Args:
        topology: The network; a site serves all that stands there.
        own: What fails itself in each event.
        served: int64[nodes], people of each node who count [people].
    """
    value = np.append(served, np.zeros(topology.graph.links, np.int64))
    housed = topology.place >= 0
    value[: topology.sites] = 0
    np.add.at(value, topology.place[housed], served[housed])
    total = own.sums(value)
    # What stands at a site that fails too is not counted twice; few events name a site and something else.
    owner = own.owners()
    mixed = distinct(owner[(own.item < topology.sites) & (own.sizes[owner] > 1)])
    some = gathered(own, mixed)
    owner, item = some.owners(), some.item
    place = np.append(topology.place, np.full(topology.graph.links, -1, np.int32))[item]
    site = item < topology.sites
    at_site = np.isin(owner * topology.sites + place, (owner * topology.sites + item)[site])
    total[mixed] = some.kept(site | (place < 0) | ~at_site).sums(value)
    return total


def lacking(graph: Multigraph, needs: Iterable[Need], label: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return who lacks what they need.

    Args:
        graph: The network.
        needs: The parts of one service; a node counts in the part that has its people, or in the first.
        label: int32[nodes], the piece of each node, -1 where it is down: an answer of `paths.pieces`.
    """
    result = np.zeros(graph.nodes, np.bool_)
    for number, need in enumerate(needs):
        served = label >= 0
        for instances in need.instances:
            there = label[instances]
            has = np.zeros(graph.nodes, np.bool_)
            has[there[there >= 0]] = True
            served &= has[label]
        if number:
            result[need.people > 0] = ~served[need.people > 0]
        else:
            result = ~served
    return result


def all_up(topology: Topology, engine: Engine | None) -> NDArray[np.int32]:
    """Return the piece of each node while everything is up."""
    return pieces(topology.graph, np.zeros(topology.nodes, np.bool_), engine=engine)


def event_losses(
    topology: Topology,
    services: Sequence[Service],
    flows: Flows,
    closed: Closed,
    *,
    engine: Engine | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> EventLosses:
    """Return what every event takes.

    Cost: O(nodes + links) for each need and layer of contracted groups, and O((nodes + links) / 64) words for
        each need and group that is left.
    """
    work = _Work(topology, services, flows, closed, engine)
    tell = progress or (lambda _what, _done, _total: None)
    work.alone(tell)
    touching, beside = work.touching()
    left = work.contracted(touching, tell)
    work.groups(left, progress)
    work.torn(np.concatenate([left, beside]), progress)
    return work.answer()


class _Work:
    """Fills the answer, one way after the other."""

    def __init__(
        self,
        topology: Topology,
        services: Sequence[Service],
        flows: Flows,
        closed: Closed,
        engine: Engine | None,
    ) -> None:
        """Start from nothing lost."""
        self.topology, self.services, self.flows, self.closed = topology, services, flows, closed
        self.engine = engine
        self.parts = sum(len(service.needs) for service in services)
        shape = (len(services), closed.single.size)
        self.people, self.sites = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        self.demand = np.zeros(shape[1], np.int64)
        self.reduced = reduce(topology, flows, closed.down)
        self.label = all_up(topology, engine)
        self.lacking = tuple(lacking(topology.graph, service.needs, self.label) for service in services)
        self.baseline = np.zeros(len(services), np.int64)
        self.baseline_sites = np.zeros(len(services), np.int64)

    def alone(self, tell: Callable[[str, int, int], None]) -> None:
        """Read off what one node or link takes, also where a group is no more than that."""
        topology, single = self.topology, self.closed.single
        event = np.concatenate([np.flatnonzero(single >= 0), self.closed.several[self.reduced.single]])
        element = np.concatenate([single[single >= 0], self.reduced.element])
        turn = count()
        tell("single failures", 0, self.parts)
        searched = skeleton(topology.graph, engine=self.engine)
        for at, service in enumerate(self.services):
            people, sites = np.zeros(topology.elements, np.int64), np.zeros(topology.elements, np.int64)
            for need in service.needs:
                tell("single failures", next(turn), self.parts)
                found = single_losses(searched, need, engine=self.engine)
                people += np.append(found.node, found.link)
                sites += np.append(*_places(found))
                self.baseline[at] += found.baseline
                self.baseline_sites[at] += found.baseline_places
            self.people[at, event], self.sites[at, event] = people[element], sites[element]
        if self.flows.rated:
            tree = block_tree(topology.graph, engine=self.engine)
            lost = demand_lost(topology.graph, self.flows, tree=tree, engine=self.engine)
            self.demand[event] = np.append(*lost)[element]

    def touching(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the groups that touch the ways of people, and those that do not: nobody loses by these."""
        graph, down = self.topology.graph, self.reduced.down
        if not down.count:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        needs = (need for service in self.services for need in service.needs)
        fixed = fixed_paths(graph, served_ends(needs, self.label), self.label)
        touch = down.sums(fixed.astype(np.int64)) > 0
        return np.flatnonzero(touch), np.flatnonzero(~touch)

    def contracted(
        self, asked: NDArray[np.int64], tell: Callable[[str, int, int], None]
    ) -> NDArray[np.int64]:
        """Answer groups that hang together as nodes of contracted graphs; return the others."""
        topology, groups = self.topology, gathered(self.reduced.down, asked)
        left = np.ones(groups.count, np.bool_)
        for which, label in layers(topology, groups, engine=self.engine):
            left[which] = False
            turn = count()
            event = self._events(asked[which])
            smaller = contract(topology.graph, label, engine=self.engine)
            node = smaller.node[groups.item[groups.start[which]]]
            shared = skeleton(smaller.graph, engine=self.engine)
            for at, service in enumerate(self.services):
                for need in service.needs:
                    tell("sites and rooms", next(turn), self.parts)
                    graph, moved = moved_need(smaller, need)
                    searched = shared if graph is smaller.graph else skeleton(graph, engine=self.engine)
                    found = single_losses(searched, moved, engine=self.engine)
                    self.people[at, event] += found.node[node]
                    self.sites[at, event] += _places(found)[0][node]
            if self.flows.rated:
                lost, _ = demand_lost(smaller.graph, self.flows, smaller.node, engine=self.engine)
                self.demand[event] = lost[node]
        return asked[left]

    def groups(self, which: NDArray[np.int64], progress: Callable[[str, int, int], None] | None) -> None:
        """Fail group by group."""
        if not which.size:
            return
        graph, event = self.topology.graph, self._events(which)
        groups = as_groups(gathered(self.reduced.down, which), graph.nodes)
        program = eliminate(graph, engine=self.engine)
        for service, _, needs in together(self.services):
            found = group_losses(
                program,
                needs,
                groups,
                engine=self.engine,
                progress=None if progress is None else lambda done, total: progress("groups", done, total),
            )
            for at, people, places in zip(service, found.people, found.places, strict=True):
                self.people[at, event] += people
                self.sites[at, event] += places

    def torn(self, which: NDArray[np.int64], progress: Callable[[str, int, int], None] | None) -> None:
        """Look for the flows that groups tear apart."""
        if not self.flows.rated:
            return
        self.demand[self._events(which)] = torn_rates(
            self.topology.graph,
            self.flows,
            gathered(self.reduced.down, which),
            engine=self.engine,
            progress=None if progress is None else lambda done, total: progress("flows", done, total),
        )

    def _events(self, which: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the events of some of the groups that are left."""
        return self.closed.several[self.reduced.several[which]]

    def answer(self) -> EventLosses:
        """Return what was found."""
        topology, closed = self.topology, self.closed
        served = np.where(self.lacking[0], 0, topology.population)
        return EventLosses(
            people=self.people,
            sites=self.sites,
            elsewhere=self.people[0] - served_first(topology, closed.own, served),
            demand=self.demand,
            baseline=self.baseline,
            baseline_sites=self.baseline_sites,
            lacking=self.lacking,
        )


def _places(found: Losses) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places that each node and each link takes."""
    if found.node_places is None or found.link_places is None:
        raise ValueError("expected needs that count places")
    return found.node_places, found.link_places


def as_groups(down: Lists, nodes: int) -> Groups:
    """Return lists of elements as groups of nodes and of links."""
    is_node = down.item < nodes
    owner = down.owners()
    sizes = [np.bincount(owner[side], minlength=down.count) for side in (is_node, ~is_node)]
    starts = [np.concatenate([np.zeros(1, np.int64), np.cumsum(size)]) for size in sizes]
    return Groups(starts[0], down.item[is_node], starts[1], down.item[~is_node] - nodes)
