"""How much is lost, and how often, when things fail at random; fills table availability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netproof.graph.closure import closures
from netproof.graph.sample import sample
from netproof.graph.scenarios import eliminate, group_losses
from netproof.resilience.answers import Contributor, SampleLosses, SampleService
from netproof.resilience.events import KINDS, Kind
from netproof.resilience.lists import Lists, gathered
from netproof.resilience.losses import as_groups
from netproof.resilience.names import group_names, named_events
from netproof.resilience.needs import together
from netproof.resilience.rates import RATES, RATES_SOURCE, failure_model, with_defaults
from netproof.resilience.reading import lent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from netproof.graph import Engine, Need
    from netproof.graph.elimination import Program
    from netproof.graph.samples import Samples
    from netproof.resilience.network import Network
    from netproof.tables.store import Store

CONTRIBUTORS = 100
"""Things that cost most, that an answer names."""
_CANDIDATES = 2_048
"""Things in whose scenarios most was lost, among which these are looked for."""


def samples(  # noqa: PLR0913 - one for each option of the command
    store: Store,
    network: Network,
    *,
    scenarios: int,
    seed: int,
    rates: Mapping[str, float] | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    engine: Engine | None = None,
) -> SampleLosses:
    """Return what random scenarios take, and fill table `availability`.

    Args:
        store: The tables.
        network: The network that was read from them.
        scenarios: How many are drawn.
        seed: The same seed gives the same scenarios.
        rates: Probabilities that the network states itself, by kind [1].
        progress: Told what is done, scenarios done and all.
        engine: Who computes.

    Raises:
        ValueError: A number is out of range.
        MemoryError: The kernel's rows do not fit in memory.
    """
    used = with_defaults(rates)
    model, events = failure_model(network, used)
    program = eliminate(network.topology.graph, engine=engine)
    collected = [_Collected.empty(network, scenarios) for _ in network.needs]
    main = network.needs[0].needs.largest()
    contributors: tuple[Contributor, ...] = ()
    for service, part, needs in together(network.needs):
        blame = part.index(main) if service[0] == 0 and main in part[: service.count(0)] else None
        found = sample(
            program, needs, model, scenarios, seed, network.topology.rules, blame=blame or 0, engine=engine,
            progress=None if progress is None else lambda done, total: progress("samples", done, total),
        )  # fmt: skip
        for row, (at, need) in enumerate(zip(service, needs, strict=True)):
            collected[at].add(found, row, need)
        if blame is not None:
            contributors = _contributors(store, network, program, found, events)
    return SampleLosses(
        scenarios=scenarios,
        seed=seed,
        services=tuple(_services(store, network, collected, scenarios)),
        contributors=contributors,
        rates=used,
        stated=frozenset(rates or ()),
        assumption="" if set(RATES) <= set(rates or ()) else RATES_SOURCE,
    )


@dataclass(frozen=True, slots=True)
class _Collected:
    """What the parts of one service come to.

    Attributes:
        lost: int64[scenarios], people who lose it.
        without: int64[nodes], scenarios in which the people of a node are without it.
    """

    lost: NDArray[np.int64]
    without: NDArray[np.int64]

    @classmethod
    def empty(cls, network: Network, scenarios: int) -> _Collected:
        """Return nothing lost."""
        return cls(np.zeros(scenarios, np.int64), np.zeros(network.topology.nodes, np.int64))

    def add(self, found: Samples, row: int, need: Need) -> None:
        """Add one part: its people, and its own nodes."""
        self.lost[:] += found.lost[row]
        here = need.people > 0
        self.without[here] = found.unavailable[row][here]


def _services(
    store: Store, network: Network, collected: list[_Collected], scenarios: int
) -> Iterator[SampleService]:
    """Yield each service's answer, and fill table `availability`."""
    topology = network.topology
    store.connection.execute("delete from availability")
    housed = np.flatnonzero((topology.population > 0) & (topology.place >= 0))
    place, people = topology.place[housed], topology.population[housed].astype(np.float64)
    whole = np.bincount(place, people, topology.sites)
    site = np.flatnonzero(whole > 0)
    everybody = max(float(topology.population.sum()), 1.0)
    for service, found in zip(network.needs, collected, strict=True):
        down = found.without[housed] / max(scenarios, 1)
        share = 1 - np.bincount(place, down * people, topology.sites)[site] / whole[site]
        least = np.zeros(topology.sites)
        np.maximum.at(least, place, down)
        given = {"node": site.astype(np.int32), "share": share, "least": 1 - least[site]}
        with lent(store, _given=given):
            store.connection.execute(
                "insert into availability by name "
                "select site_id, $service as service_id, $scenarios as scenarios, share as availability, "
                "least as availability_min from _given join _outage_site using (node) order by site_id",
                {"service": service.service_id, "scenarios": scenarios},
            )
        without = float((found.without * topology.population).sum()) / max(scenarios, 1)
        yield SampleService(
            service_id=service.service_id,
            losses=np.sort(found.lost),
            mean=float(found.lost.mean()) if found.lost.size else 0.0,
            availability=1 - without / everybody,
            availability_min_site=float(share.min()) if share.size else 1.0,
        )


def _contributors(
    store: Store, network: Network, program: Program, found: Samples, shared: NDArray[np.int64]
) -> tuple[Contributor, ...]:
    """Return what costs most, in words: by what it takes alone, times how often it failed.

    What only happened to be down when something large failed takes little alone, and so counts little.
    """
    events, elements = network.events, network.topology.elements
    # Nodes and links are events of one thing; the model's own events come after them.
    of_element = np.full(elements, -1, np.int64)
    single = np.flatnonzero(np.diff(events.start) == 1)
    single = single[events.kind[single] < KINDS.index(Kind.PRODUCT)]
    of_element[events.element[events.start[single]]] = single
    of = np.append(of_element, shared)
    asked = found.contributors(_CANDIDATES)
    asked = asked[of[asked] >= 0]
    event = of[asked]
    own = gathered(Lists(events.start, events.element), event)
    closed = closures(network.topology.rules, own.start, own.item)
    groups = as_groups(Lists(closed.start, closed.element), network.topology.nodes)
    alone = np.zeros(event.size, np.int64)
    for service, _, needs in together(network.needs[:1]):
        alone += group_losses(program, needs[: len(service)], groups).people.sum(axis=0)
    cost = alone * found.hits[asked]
    worst = np.argsort(-cost, kind="stable")[:CONTRIBUTORS]
    worst = worst[cost[worst] > 0]
    total = float(cost.sum())
    names = _names(store, network, event[worst].astype(np.int32))
    return tuple(
        Contributor(
            kind=str(KINDS[events.kind[event[at]]]),
            event_id=names[int(event[at])][0],
            name=names[int(event[at])][1],
            hits=int(found.hits[asked[at]]),
            people=float(found.blamed[asked[at]] / found.hits[asked[at]]),
            alone=int(alone[at]),
            share=float(cost[at] / total),
        )
        for at in worst.tolist()
    )


def _names(store: Store, network: Network, event: NDArray[np.int32]) -> dict[int, tuple[str, str]]:
    """Return the id and the name of each event."""
    events = network.events
    given = {"event": event, "kind": events.kind[event], "first": events.first[event]}
    with lent(store, _given=given, _groups=group_names(store, events)):
        rows = store.rows(f"select event, event_id, name from {named_events(network.topology)}")
    return {int(row[0]): (row[1], row[2]) for row in rows}
