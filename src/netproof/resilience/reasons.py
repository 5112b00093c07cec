"""Who is without a service before anything fails, and why.

Writes table outage_baseline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
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


def reason(service: Service, lacks: np.ndarray[tuple[int], np.dtype[np.bool_]], network: Network) -> str:
    """Return why people lack a service while everything is up."""
    people = network.topology.population
    parts = []
    told = np.zeros(people.size, np.bool_)
    everybody = len(service.needs) == 1
    for need, missing in zip(service.needs, service.missing, strict=True):
        if not missing or not need.people.any():
            continue
        told |= need.people > 0
        functions = " and ".join(function or "any component of the core zone" for function in missing)
        whom = "" if everybody else f" to {_sites(network, need.people)}"
        parts.append(
            f"nothing in use is {functions}" if not missing[0] else f"nobody provides {functions}{whom}"
        )
    apart = int(np.count_nonzero(lacks & (people > 0) & ~told))
    if apart:
        what = "component" if apart == 1 else "components"
        verb = "reaches" if apart == 1 else "reach"
        parts.append(f"{apart:,} {what} with people {verb} no instance of a function that they need")
    return "; ".join(dict.fromkeys(parts))


def _sites(network: Network, people: np.ndarray[tuple[int], np.dtype[np.int64]]) -> str:
    """Return how many sites some people are at, in words."""
    places = np.unique(network.topology.place[people > 0])
    number = int(np.count_nonzero(places >= 0))
    return f"{number:,} {'site' if number == 1 else 'sites'} that may use these instances only"
