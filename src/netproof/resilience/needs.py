"""What people need: the services, the functions of each, and who may use which instance.

Reads service, homing and the tables of `topology`. Sites with equal homing make a class; the people of each
class are one `Need` of the kernels, and the losses of a service are the sum over its classes. Service ''
stands for all services together: whoever lacks one of them is lost to it.

Source: the design, "Failure, precisely", Services.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netproof.graph import Need
from netproof.resilience.reading import column

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from netproof.resilience.topology import Topology
    from netproof.tables.store import Store

ANY = ""
"""The service that stands for all of them together."""
CONNECTION = "connection"
"""The only service where table `service` names none: it needs any component of the core zone."""

_HOMING = """
    select s.node as place, h.service_id::varchar as service, h.function::varchar as function,
        list_sort(list(distinct c.node) filter (c.node is not null)) as nodes
    from homing as h
    join _outage_site as s on h.site_id = s.site_id
    left join _outage_component as c
        on h.component_id = c.component_id and c.function = coalesce(enum_code(h.function), -1)
    join (select distinct service_id, function from service) as w
        on h.service_id = w.service_id and h.function = w.function
    group by all
    order by place, service, function
"""

Wanted = tuple[tuple[str, str, tuple[int, ...] | None], ...]
"""What a class of sites needs: service, function, and the only instances that count (None: all)."""


_AT_ONCE = 16
"""Parts that kernels are asked about together: each takes 8 bytes a node."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The needs of one service, a part for each class of sites; made when they are asked for.

    Attributes:
        topology: The network.
        of: int32[nodes], the part in which each node's people are, or -1.
        instances: Of each part, for each function, the nodes that count.
    """

    topology: Topology
    of: NDArray[np.int32]
    instances: tuple[tuple[NDArray[np.int32], ...], ...]

    def __len__(self) -> int:
        """Return how many parts there are."""
        return len(self.instances)

    def __iter__(self) -> Iterator[Need]:
        """Yield the parts."""
        for number in range(len(self.instances)):
            yield self.part(number)

    def part(self, number: int) -> Need:
        """Return one part."""
        people = np.where(self.of == number, self.topology.population, 0)
        return Need(people, self.instances[number], place=self.topology.place, places=self.topology.sites)

    def largest(self) -> int:
        """Return the part with most people."""
        held = self.of >= 0
        people = np.bincount(self.of[held], self.topology.population[held], len(self))
        return int(np.argmax(people))


@dataclass(frozen=True, slots=True)
class Service:
    """One service.

    Attributes:
        service_id: Its name; '' for all services together.
        functions: The functions that it needs; of the only service `connection`: none.
        needs: What its people need; at least one part.
        missing: Of each part, the functions that nobody in use provides to it.
        pinned: Of each part, whether homing says which instances count.
    """

    service_id: str
    functions: tuple[str, ...]
    needs: Parts
    missing: tuple[tuple[str, ...], ...]
    pinned: tuple[bool, ...]


def read_services(store: Store, topology: Topology) -> tuple[Service, ...]:
    """Return all services, the one that stands for all of them first."""
    named: dict[str, list[str]] = {}
    for service, function in store.rows(
        "select distinct service_id::varchar, function::varchar from service order by all"
    ):
        named.setdefault(service, []).append(function)
    instances = _instances(store, {f for functions in named.values() for f in functions})
    if not named:
        named = {CONNECTION: [""]}
        instances = {"": column(store, "select node from _outage_component where core order by node")}
    classes, of_place = _classes(store, topology, named)
    services = []
    for service in (ANY, *named):
        wanted = [_restricted(one, service) for one in classes]
        kinds = {one: number for number, one in enumerate(dict.fromkeys(wanted))}
        kind_of_class = np.array([kinds[one] for one in wanted])
        of_node = np.append(kind_of_class[of_place], kind_of_class[0])[topology.place]
        services.append(_service(service, named, kinds, of_node, instances, topology))
    return tuple(services)


def _instances(store: Store, functions: Iterable[str]) -> dict[str, NDArray[np.int32]]:
    """Return the components in use that provide each function."""
    found = {}
    for function in sorted(functions):
        found[function] = column(
            store,
            "select node from _outage_component "
            "where function = coalesce(enum_code(try_cast($name as d_function)), -2) order by node",
            {"name": function},
        )
    return found


def _classes(
    store: Store, topology: Topology, named: Mapping[str, list[str]]
) -> tuple[list[Wanted], NDArray[np.int64]]:
    """Return the different classes of sites, the free one first, and int64[sites], the class of each."""
    free: Wanted = tuple((service, function, None) for service in named for function in named[service])
    pinned: dict[int, dict[tuple[str, str], tuple[int, ...]]] = {}
    if store.value("select count(*) from homing"):
        for place, service, function, nodes in store.rows(_HOMING):
            pinned.setdefault(place, {})[service, function] = tuple(nodes or ())
    classes = {free: 0}
    of_place = np.zeros(topology.sites, np.int64)
    for place, pins in pinned.items():
        wanted = tuple((s, f, pins.get((s, f))) for s, f, _ in free)
        of_place[place] = classes.setdefault(wanted, len(classes))
    return list(classes), of_place


def _restricted(wanted: Wanted, service: str) -> Wanted:
    """Return what a class needs for one service; for all of them, each restriction once."""
    kept = [one for one in wanted if service in (ANY, one[0])]
    return tuple(dict.fromkeys(("", function, nodes) for _, function, nodes in kept))


def _service(
    service: str,
    named: Mapping[str, list[str]],
    kinds: Mapping[Wanted, int],
    of_node: NDArray[np.int64],
    instances: Mapping[str, NDArray[np.int32]],
    topology: Topology,
) -> Service:
    """Return one service with a part for each class that has people; at least one part."""
    inhabited = np.bincount(of_node[topology.population > 0], minlength=len(kinds)) > 0
    kept = [(wanted, number) for wanted, number in kinds.items() if inhabited[number]]
    kept = kept or [*kinds.items()][:1]
    part = np.full(len(kinds), -1, np.int32)
    part[[number for _, number in kept]] = np.arange(len(kept))
    found = [
        tuple(
            instances[function] if nodes is None else np.array(nodes, np.int32)
            for _, function, nodes in wanted
        )
        for wanted, _ in kept
    ]
    missing = [
        tuple(function for (_, function, _), one in zip(wanted, arrays, strict=True) if not one.size)
        for (wanted, _), arrays in zip(kept, found, strict=True)
    ]
    functions = {f for name, needed in named.items() if service in (ANY, name) for f in needed if f}
    needs = Parts(topology, part[of_node], tuple(found))
    pinned = tuple(any(nodes is not None for _, _, nodes in wanted) for wanted, _ in kept)
    return Service(service, tuple(sorted(functions)), needs, tuple(missing), pinned)


def together(services: Sequence[Service]) -> Iterator[tuple[list[int], list[int], list[Need]]]:
    """Yield the parts of all services, some at a time: the service and the part of each, and the need."""
    every = [(at, part) for at, service in enumerate(services) for part in range(len(service.needs))]
    for first in range(0, len(every), _AT_ONCE):
        some = every[first : first + _AT_ONCE]
        yield [at for at, _ in some], [part for _, part in some], [services[a].needs.part(p) for a, p in some]
