"""One event in full: what goes down and why, who loses what, and what still fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netproof.graph.paths import pieces
from netproof.resilience.answers import Detail, FlowLoss, Member, ServiceLoss, SinglePoint, SiteLoss
from netproof.resilience.capacity import capacity
from netproof.resilience.events import KINDS, SINGLE
from netproof.resilience.flows import apart
from netproof.resilience.losses import all_up, lacking
from netproof.resilience.members import MEMBERS, causes
from netproof.resilience.names import find_event, ids_of, named_events
from netproof.resilience.names import group_names as names_of_groups
from netproof.resilience.reading import lent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netproof.graph import Engine
    from netproof.resilience.network import Network
    from netproof.tables.store import Store


def detail(
    store: Store, network: Network, kind: str, event_id: str, *, engine: Engine | None = None
) -> Detail:
    """Return one event in full.

    Args:
        store: The tables.
        network: The network that was read from them.
        kind: The kind of event.
        event_id: Which one, as in table outage.
        engine: Who computes.

    Raises:
        TableError: There is no such event.
    """
    event = find_event(store, network.topology, network.events, kind, event_id)
    element, cause = down_in(network, event)
    topology = network.topology
    down = np.zeros(topology.elements, np.bool_)
    down[element] = True
    node, link = down[: topology.nodes], down[topology.nodes :]
    before = all_up(topology, engine)
    after = pieces(topology.graph, node, link, engine=engine)
    services, lost = [], []
    for service in network.needs:
        had = ~lacking(topology.graph, service.needs, before)
        lacks = lacking(topology.graph, service.needs, after)
        lost.append(had & lacks)
        sites = _dark(network, lacks) & ~_dark(network, ~had)
        services.append(
            ServiceLoss(service.service_id, int(topology.population[had & lacks].sum()), int(sites.sum()))
        )
    flows = apart(network.flows, after) & ~apart(network.flows, before)
    name = _name(store, network, event)
    return Detail(
        kind=str(KINDS[network.events.kind[event]]),
        event_id=name[0],
        name=name[1],
        members=_members(store, network, element[:MEMBERS], cause[:MEMBERS]),
        members_total=int(element.size),
        people=services[0].people,
        elsewhere=int(topology.population[lost[0] & ~_own(network, event)].sum()),
        services=tuple(services[1:]),
        lost_sites=services[0].sites,
        sites=_sites(store, network, lost[0], lacking(topology.graph, network.needs[0].needs, after)),
        flows=_flows(store, network, flows),
        lost_demand_gbps=float(network.flows.rate[flows].sum()) / 1e6 if network.flows.rated else None,
        capacity=capacity(store, network, before, after, (node, link)),
    )


def down_in(network: Network, event: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return what is down in an event, and the rule that took each down (-1: its own)."""
    only = network.closed.single[event]
    if only >= 0:
        return np.array([only], np.int32), np.array([-1], np.int32)
    at = int(np.searchsorted(network.closed.several, event))
    part = slice(*network.closed.down.start[at : at + 2])
    return network.closed.down.item[part], network.closed.cause[part]


def _own(network: Network, event: int) -> NDArray[np.bool_]:
    """Return bool[nodes], what fails itself, and what stands at a site that does."""
    topology = network.topology
    element = network.closed.own.of(event)
    failing = np.zeros(topology.nodes + 1, np.bool_)  # the last stands for no site: place -1
    failing[element[element < topology.nodes]] = True
    sites = np.append(failing[: topology.sites], False)
    own: NDArray[np.bool_] = failing[:-1] | sites[topology.place]
    return own


def _name(store: Store, network: Network, event: int) -> tuple[str, str]:
    """Return the id and the name of an event."""
    given = {
        "event": np.array([event], np.int32),
        "kind": network.events.kind[event : event + 1],
        "first": network.events.first[event : event + 1],
    }
    with lent(store, _given=given, _groups=names_of_groups(store, network.events)):
        row = store.rows(f"select event_id, name from {named_events(network.topology)}")[0]
    return str(row[0]), str(row[1])


def _members(
    store: Store, network: Network, element: NDArray[np.int32], cause: NDArray[np.int32]
) -> tuple[Member, ...]:
    """Return the members in words."""
    codes, number = np.unique(cause, return_inverse=True)
    words = causes(store, network.topology, codes)
    named = ids_of(store, network.topology, element)
    return tuple(
        Member(table, name, called, words[at])
        for (table, name, called), at in zip(named, number.tolist(), strict=True)
    )


def _dark(network: Network, lacks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return bool[sites], sites with people all of whom lack something."""
    topology = network.topology
    people = topology.population > 0
    housed = people & (topology.place >= 0)
    count = np.bincount(topology.place[housed], minlength=topology.sites)
    without = np.bincount(topology.place[housed & lacks], minlength=topology.sites)
    dark: NDArray[np.bool_] = (count > 0) & (count == without)
    return dark


def _sites(
    store: Store, network: Network, lost: NDArray[np.bool_], lacks: NDArray[np.bool_]
) -> tuple[SiteLoss, ...]:
    """Return the sites that lose people, worst first."""
    topology = network.topology
    housed = topology.place >= 0
    people = np.zeros((2, topology.sites), np.int64)
    np.add.at(people[0], topology.place[housed & lost], topology.population[housed & lost])
    np.add.at(people[1], topology.place[housed], topology.population[housed])
    dark = _dark(network, lacks)
    order = np.argsort(-people[0], kind="stable")
    order = order[people[0][order] > 0].astype(np.int32)
    return tuple(
        SiteLoss(name, int(people[0][site]), int(people[1][site]), bool(dark[site]))
        for site, (_, name, _) in zip(order.tolist(), ids_of(store, topology, order), strict=True)
    )


def _flows(store: Store, network: Network, lost: NDArray[np.bool_]) -> tuple[FlowLoss, ...]:
    """Return the flows that are lost."""
    wanted = [network.flows.ids[flow] for flow in np.flatnonzero(lost).tolist()]
    if not wanted:
        return ()
    with lent(store, _wanted={"flow_id": wanted}):
        rows = store.rows(
            "select f.flow_id, f.from_id, f.to_id, f.classification::varchar, f.rate_gbps "
            "from flow as f join _wanted using (flow_id) order by f.flow_id"
        )
    return tuple(FlowLoss(*row) for row in rows)


def single_points(store: Store, limit: int = 100) -> tuple[SinglePoint, ...]:
    """Return the single things on which others hang, worst first, from table `outage`."""
    kinds = ", ".join(f"'{kind}'" for kind in SINGLE)
    people = int(store.value("select coalesce(max(people), 0) from outage_baseline") or 0)
    rows = store.rows(
        "select kind::varchar, event_id, name, lost_people, lost_elsewhere, lost_sites from outage "
        f"where kind in ({kinds}) and lost_elsewhere > 0 "
        "order by lost_elsewhere desc, lost_people desc, kind, event_id limit $limit",
        {"limit": limit},
    )
    return tuple(
        SinglePoint(kind, event_id, name, lost, elsewhere, sites, lost / people if people else 0.0)
        for kind, event_id, name, lost, elsewhere, sites in rows
    )
