"""Who is without a service before anything fails, and why.

Writes table outage_baseline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netproof.graph.distinct import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netproof.resilience.losses import EventLosses
    from netproof.resilience.needs import Service
    from netproof.resilience.network import Network
    from netproof.tables.store import Store


def write_baseline(store: Store, network: Network, found: EventLosses) -> None:
    """Fill `outage_baseline`."""
    for at, service in enumerate(network.needs):
        row = [
            service.service_id,
            network.people,
            int(found.baseline[at]),
            int(found.baseline_sites[at]),
            reason(service, found.lacking[at], network) if found.baseline[at] else "",
        ]
        store.connection.execute(
            "insert into outage_baseline (service_id, people, lost_people, lost_sites, reason) "
            "values (?, ?, ?, ?, ?)",
            row,
        )


def reason(service: Service, lacks: NDArray[np.bool_], network: Network) -> str:
    """Return why people lack a service while everything is up."""
    people = network.topology.population
    parts = []
    told = np.zeros(people.size, np.bool_)
    for number, (missing, pinned) in enumerate(zip(service.missing, service.pinned, strict=True)):
        if not missing:
            continue
        own = (service.needs.of == number) & (people > 0)
        told |= own
        functions = " and ".join(missing)
        whom = f" to {_sites(network, own)}" if pinned else ""
        none = "no component of the core zone is in use"
        parts.append(f"nobody provides {functions}{whom}" if functions else none)
    apart = int(np.count_nonzero(lacks & (people > 0) & ~told))
    if apart:
        what = "component" if apart == 1 else "components"
        verb = "reaches" if apart == 1 else "reach"
        parts.append(f"{apart:,} {what} with people {verb} no instance of a function that they need")
    return "; ".join(dict.fromkeys(parts))


def _sites(network: Network, own: NDArray[np.bool_]) -> str:
    """Return how many sites some nodes are at, in words."""
    places = distinct(network.topology.place[own])
    number = int(np.count_nonzero(places >= 0))
    return f"{number:,} {'site' if number == 1 else 'sites'} that may use these instances only"
