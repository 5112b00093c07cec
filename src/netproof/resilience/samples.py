"""How much is lost, and how often, when things fail at random; fills table availability."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netproof.graph.sample import sample
from netproof.graph.scenarios import eliminate
from netproof.resilience.answers import Contributor, SampleLosses, SampleService
from netproof.resilience.events import KINDS
from netproof.resilience.names import group_names, named_events
from netproof.resilience.rates import RATES, RATES_SOURCE, failure_model, with_defaults
from netproof.resilience.reading import lent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from netproof.graph import Engine
    from netproof.graph.samples import Samples
    from netproof.resilience.network import Network
    from netproof.tables.store import Store

CONTRIBUTORS = 100
"""Things that cost most, that an answer names."""


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
    model, together = failure_model(network, used)
    needs = [need for service in network.needs for need in service.needs]
    owner = np.repeat(np.arange(len(network.needs)), [len(service.needs) for service in network.needs])
    blame = int(np.argmax([int(need.people.sum()) for need in network.needs[0].needs]))
    found = sample(
        eliminate(network.topology.graph, engine=engine),
        needs, model, scenarios, seed, network.topology.rules, blame=blame, engine=engine,
        progress=None if progress is None else lambda done, total: progress("samples", done, total),
    )  # fmt: skip
    return SampleLosses(
        scenarios=scenarios,
        seed=seed,
        services=tuple(_services(store, network, found, owner, scenarios)),
        contributors=_contributors(store, network, found, together, blame),
        rates=used,
        stated=frozenset(rates or ()),
        assumption="" if set(RATES) <= set(rates or ()) else RATES_SOURCE,
    )


def _services(
    store: Store, network: Network, found: Samples, owner: NDArray[np.int64], scenarios: int
) -> list[SampleService]:
    """Return each service's part, and fill table `availability`."""
    topology = network.topology
    store.connection.execute("delete from availability")
    housed = np.flatnonzero((topology.population > 0) & (topology.place >= 0))
    place, people = topology.place[housed], topology.population[housed].astype(np.float64)
    every = np.bincount(place, minlength=topology.sites)
    result = []
    for number, service in enumerate(network.needs):
        mine = np.flatnonzero(owner == number)
        lost = found.lost[mine].sum(axis=0)
        # A node lacks what its own part of the people needs; it counts where these are.
        without = np.zeros(topology.nodes, np.int64)
        for at, need in zip(mine.tolist(), service.needs, strict=True):
            here = need.people > 0
            without[here] = found.unavailable[at][here]
        down = without[housed] / max(scenarios, 1)
        weighted = np.bincount(place, down * people, topology.sites)
        whole = np.bincount(place, people, topology.sites)
        share = 1 - weighted / np.maximum(whole, 1)
        least = np.zeros(topology.sites)
        np.maximum.at(least, place, down)
        site = np.flatnonzero(every > 0)
        given = {"node": site.astype(np.int32), "share": share[site], "least": 1 - least[site]}
        with lent(store, _given=given):
            store.connection.execute(
                "insert into availability by name "
                "select site_id, $service as service_id, $scenarios as scenarios, share as availability, "
                "least as availability_min from _given join _outage_site using (node) order by site_id",
                {"service": service.service_id, "scenarios": scenarios},
            )
        total = float(topology.population.sum())
        result.append(
            SampleService(
                service_id=service.service_id,
                losses=np.sort(lost),
                mean=float(lost.mean()) if lost.size else 0.0,
                availability=1
                - float((without * topology.population).sum()) / max(scenarios, 1) / max(total, 1),
                availability_min_site=float(share[site].min()) if site.size else 1.0,
            )
        )
    return result


def _contributors(
    store: Store, network: Network, found: Samples, together: NDArray[np.int64], blame: int
) -> tuple[Contributor, ...]:
    """Return what costs most, in words."""
    events, elements = network.events, network.topology.elements
    total = int(found.lost[blame].sum())
    # Nodes and links are events of one thing; the model's own events come after them.
    of_element = np.full(elements, -1, np.int64)
    single = np.flatnonzero(np.diff(events.start) == 1)
    single = single[events.kind[single] < KINDS.index("product")]
    of_element[events.element[events.start[single]]] = single
    of = np.append(of_element, together)
    worst = found.contributors(CONTRIBUTORS)
    worst = worst[of[worst] >= 0]
    event = of[worst].astype(np.int32)
    given = {"event": event, "kind": events.kind[event], "first": events.first[event]}
    with lent(store, _given=given, _groups=group_names(store, events)):
        rows = store.rows(f"select event, event_id, name from {named_events(network.topology)}")
    names = {row[0]: row[1:] for row in rows}
    return tuple(
        Contributor(
            kind=str(KINDS[events.kind[one]]),
            event_id=names[one][0],
            name=names[one][1],
            hits=int(found.hits[at]),
            people=float(found.blamed[at] / found.hits[at]),
            share=float(found.blamed[at] / total),
        )
        for one, at in zip(event.tolist(), worst.tolist(), strict=True)
    )
