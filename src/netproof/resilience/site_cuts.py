"""Which single things outside a site cut the whole of it off from a service.

Reads site, service and the tables of `topology`; writes table site_cut. Asked of sites whose failure or
isolation matters to many: core, regional, edge and transport sites, and those of unknown kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netproof.graph.cuts import cuts
from netproof.resilience.names import named_elements
from netproof.resilience.needs import CONNECTION
from netproof.resilience.reading import column, lent

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from netproof.graph import Engine
    from netproof.graph.cuts import Cuts
    from netproof.resilience.network import Network
    from netproof.resilience.topology import Topology
    from netproof.tables.store import Store

_ASKED = """
    select o.node
    from _outage_site as o
    join site as s on o.site_id = s.site_id
    where
        (s.kind is null or s.kind in ('core_dc', 'regional_dc', 'edge', 'pop'))
        and o.node in (select place from _outage_component)
    order by o.node
"""
_INSTANCES = """
    select distinct c.node
    from _outage_component as c
    join service as w on c.function = enum_code(w.function)
    where c.core and w.service_id = $service
    order by c.node
"""
_KINDS = ("components", "links", "sites")


def write_site_cuts(
    store: Store,
    network: Network,
    *,
    engine: Engine | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> None:
    """Fill `site_cut`.

    Cost: one search of the network for each service with other instances than those before it.
    """
    topology = network.topology
    asked = column(store, _ASKED)
    number = np.full(topology.sites + 1, -1, np.int32)  # the last stands for no site: place -1
    number[asked] = np.arange(asked.size)
    group, kind = number[topology.place], _kinds(topology)
    services = _instances(store)
    known: dict[bytes, Cuts] = {}
    for done, (service, instances) in enumerate(services.items()):
        if progress:
            progress("cuts of sites", done, len(services))
        same = instances.tobytes()
        if same not in known:
            known[same] = cuts(topology.graph, group, instances, kind, kinds=len(_KINDS), engine=engine)
        _write(store, topology, service, asked, known[same])


def _instances(store: Store) -> dict[str, NDArray[np.int32]]:
    """Return the instances in the core of what each service needs; services without any are left out."""
    named = [row[0] for row in store.rows("select distinct service_id::varchar from service order by all")]
    if named:
        found = {service: column(store, _INSTANCES, {"service": service}) for service in named}
    else:
        found = {CONNECTION: column(store, "select node from _outage_component where core order by node")}
    return {service: instances for service, instances in found.items() if instances.size}


def _kinds(topology: Topology) -> NDArray[np.uint8]:
    """Return as what each node and link is counted: position in `_KINDS`, and one; 0: not at all.

    A site's own node is counted where recorded links end at it: it stands for what is wired there.
    """
    graph, links = topology.graph, topology.links
    kind = np.zeros(topology.elements, np.uint8)
    kind[topology.sites : topology.sites + topology.components] = 1
    kind[graph.nodes : graph.nodes + links] = 2
    for ends in (graph.tail[:links], graph.head[:links]):
        kind[ends[ends < topology.sites]] = 3
    return kind


def _write(store: Store, topology: Topology, service: str, asked: NDArray[np.int32], found: Cuts) -> None:
    """Add the rows of one service."""
    given = {"node": asked, "connected": found.reached}
    for place, name in enumerate(_KINDS):
        given[name] = found.count[place]
    with lent(store, _rows=given, _given={"element": found.nearest, "node": asked}):
        store.connection.execute(
            "insert into site_cut by name "
            "select s.site_id, $service as service_id, r.connected, r.components, r.links, r.sites, "
            "n.member_table as nearest_table, n.member_id as nearest_id "
            "from _rows as r join _outage_site as s on r.node = s.node "
            f"left join {named_elements(topology)} as n on r.node = n.node order by s.site_id",
            {"service": service},
        )
