"""How likely it is that something is down at a random moment.

Nobody publishes these figures for a national network: operators measure them. What `network.toml` states in
section [outages] counts; the rest are assumptions, named as such wherever samples are told.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from netproof.graph.chance import FailureModel
from netproof.resilience.events import KINDS, Kind
from netproof.resilience.lists import Lists, gathered
from netproof.resilience.losses import as_groups

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from netproof.resilience.network import Network

RATES: Mapping[str, float] = MappingProxyType(
    {
        "component": 1e-4,
        "link": 2e-4,
        "site": 1e-4,
        "facility": 1e-3,
        "duct": 5e-5,
        "product": 0.0,
        "release": 1e-5,
        "supplier": 1e-6,
        "supplier_zone": 0.0,
        "supplier_region": 0.0,
        "custom": 1e-3,
    }
)
"""Probability that one of a kind is down at a random moment, where the network states none [1]."""
RATES_SOURCE = (
    "assumptions of netproof, not measured: a component or a site is down 1 hour in 10,000, a link 2, a duct "
    "0.5, a facility or an event of your own 10, all of a release 0.1, all of a supplier 0.01, "
    "independently of each other; state your own in [outages] of network.toml"
)


def with_defaults(stated: Mapping[str, float] | None) -> dict[str, float]:
    """Return the rate of every kind: the stated one, else the assumption."""
    return {**RATES, **(stated or {})}


def failure_model(network: Network, rates: Mapping[str, float]) -> tuple[FailureModel, NDArray[np.int64]]:
    """Return the odds of everything that may fail, and the event behind each of the model's own events.

    What is of one thing is an odd of that node or link; what fails together is an event of the model. Needs
    are no part of it: the kernel spreads them.

    Args:
        network: The network.
        rates: The probability of each kind [1].
    """
    topology, events = network.topology, network.events
    rate = np.array([rates[str(kind)] for kind in KINDS])[events.kind]
    own = ~np.isnan(events.probability)
    rate[own] = events.probability[own]
    odds = np.zeros(topology.elements)
    single = events.kind < KINDS.index(Kind.PRODUCT)
    odds[events.element[events.start[:-1][single]]] = rate[single]
    together = np.flatnonzero(~single & (rate > 0))
    groups = as_groups(gathered(Lists(events.start, events.element), together), topology.nodes)
    model = FailureModel(odds[: topology.nodes], odds[topology.nodes :], groups, rate[together])
    return model, together
