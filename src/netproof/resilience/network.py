"""One network on one date, read once for everything that is asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.resilience.events import Events, read_events
from netproof.resilience.flows import Flows, read_flows
from netproof.resilience.losses import Closed, close
from netproof.resilience.needs import Service, read_services
from netproof.resilience.topology import Topology, read_topology

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from netproof.graph import Engine
    from netproof.tables.store import Store


@dataclass(frozen=True, slots=True)
class Network:
    """One network on one date.

    Attributes:
        topology: Nodes, links, rules and people.
        needs: The services, that which stands for all of them first.
        flows: The flows whose ends are in use.
        events: Everything that may fail.
        closed: What is down in each event.
    """

    topology: Topology
    needs: tuple[Service, ...]
    flows: Flows
    events: Events
    closed: Closed

    @property
    def people(self) -> int:
        """All people."""
        return int(self.topology.population.sum())

    @property
    def services(self) -> tuple[str, ...]:
        """The names of the services, without that which stands for all of them."""
        return tuple(service.service_id for service in self.needs[1:])

    @property
    def sites(self) -> int:
        """How many sites there are."""
        return self.topology.sites

    @property
    def components(self) -> int:
        """How many components are in use."""
        return self.topology.components

    @property
    def links(self) -> int:
        """How many links join things that are in use."""
        return self.topology.links


def read(
    store: Store,
    as_of: date,
    *,
    progress: Callable[[str, int, int], None] | None = None,
    engine: Engine | None = None,
) -> Network:
    """Return a network of a store on a date.

    Args:
        store: The tables.
        as_of: The date: components that are not in use on it do not count.
        progress: Told what is read, its number and how many there are.
        engine: Who computes closures.
    """
    tell = progress or (lambda _what, _done, _total: None)
    tell("topology", 0, 4)
    topology = read_topology(store, as_of)
    tell("services", 1, 4)
    needs = read_services(store, topology)
    flows = read_flows(store, topology)
    tell("events", 2, 4)
    events = read_events(store, topology)
    tell("what goes down with what", 3, 4)
    return Network(topology, needs, flows, events, close(topology, events, engine=engine))
