"""Fills the tables that tell what is lost when anything, or anyone, fails.

Reads the input tables of a store, writes the tables of `TABLES`, whose columns stand in their specifications.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netproof.resilience.events import KINDS
from netproof.resilience.exposure import write_exposure
from netproof.resilience.losses import EventLosses, event_losses, nothing_closed
from netproof.resilience.members import write_members
from netproof.resilience.names import group_names, named_events
from netproof.resilience.network import Network, read
from netproof.resilience.notes import write_notes
from netproof.resilience.reading import lent
from netproof.resilience.reasons import write_baseline
from netproof.resilience.site_cuts import write_site_cuts
from netproof.tables.store import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import date

    from netproof.graph import Engine
    from netproof.tables.store import Store

TABLES = frozenset(
    {
        "outage", "outage_service", "outage_member", "outage_baseline", "outage_note",
        "exposure", "exposure_flow", "exposure_supplier", "availability", "site_cut",
    }
)  # fmt: skip
"""Tables of this room; they are there, without rows, as soon as a store has tables."""
_LOSSES = frozenset({"outage", "outage_service", "outage_baseline"})
_EXPOSURE = frozenset({"exposure", "exposure_flow", "exposure_supplier"})


def build(
    store: Store,
    as_of: date,
    *,
    network: Network | None = None,
    only: Collection[str] | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    engine: Engine | None = None,
) -> None:
    """Fill the computed tables for a date; what was in them is replaced.

    Args:
        store: The tables that they rest on.
        as_of: The date.
        network: The network of that store and date, where it has been read already.
        only: The tables that are wanted; None: all but `availability`, which samples fill.
        progress: Told what is done, its number and how many there are.
        engine: Who computes.

    Raises:
        MemoryError: A kernel does not fit in memory.
    """
    wanted = TABLES if only is None else TABLES & frozenset(only)
    for name in sorted(wanted):
        store.connection.execute(f"delete from {quoted(name)}")
    if not wanted - {"availability"}:
        return
    network = network or read(store, as_of, progress=progress, engine=engine)
    tell = progress or (lambda _what, _done, _total: None)
    if "outage_note" in wanted:
        tell("what is left out", 0, 1)
        write_notes(store, network, engine=engine)
    if wanted & _LOSSES:
        # Who is without a service before anything fails does not hang on what fails.
        closed = network.closed if wanted & _LOSSES != {"outage_baseline"} else nothing_closed()
        found = event_losses(
            network.topology, network.needs, network.flows, closed, engine=engine, progress=progress
        )
        tell("tables of losses", 0, 1)
        if closed is network.closed:
            _write(store, network, found, wanted)
        if "outage_baseline" in wanted:
            write_baseline(store, network, found)
    if "outage_member" in wanted:
        tell("what is down, and why", 0, 1)
        write_members(store, network)
    if wanted & _EXPOSURE:
        write_exposure(store, network, wanted, engine=engine, progress=progress)
    if "site_cut" in wanted:
        write_site_cuts(store, network, engine=engine, progress=progress)


def _write(store: Store, network: Network, found: EventLosses, wanted: Collection[str]) -> None:
    """Fill `outage` and `outage_service`."""
    events, rated = network.events, network.flows.rated
    kinds = ", ".join(f"'{kind}'" for kind in KINDS)
    given = {
        "event": np.arange(events.count, dtype=np.int32),
        "kind": events.kind,
        "first": events.first,
        "members": network.closed.members(),
        "people": found.people[0],
        "elsewhere": found.elsewhere,
        "sites": found.sites[0],
        "demand": found.demand,
    }
    groups = group_names(store, events)
    name = named_events(network.topology)
    kind = f"list_extract([{kinds}], kind + 1)"
    if "outage" in wanted:
        with lent(store, _given=given, _groups=groups):
            store.connection.execute(
                f"insert into outage by name select {kind} as kind, event_id, name, members, "
                f"people as lost_people, elsewhere as lost_elsewhere, sites as lost_sites, "
                f"{'demand / 1e6' if rated else 'null'} as lost_demand_gbps from {name} order by event"
            )
    if "outage_service" not in wanted:
        return
    for at, service in enumerate(network.needs[1:], start=1):
        lost = np.flatnonzero((found.people[at] != 0) | (found.sites[at] != 0)).astype(np.int32)
        given = {
            "event": lost,
            "kind": events.kind[lost],
            "first": events.first[lost],
            "people": found.people[at, lost],
            "sites": found.sites[at, lost],
        }
        with lent(store, _given=given, _groups=groups):
            store.connection.execute(
                f"insert into outage_service by name select {kind} as kind, event_id, "
                f"$service as service_id, people as lost_people, sites as lost_sites "
                f"from {name} order by event",
                {"service": service.service_id},
            )
