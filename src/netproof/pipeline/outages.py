"""What is lost when something fails, as models that a report can tell: all events, one, pairs, samples.

Reads a network and asks `resilience`; no check runs here, so nothing of anybody's SQL does either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netproof import resilience
from netproof.errors import SourceError
from netproof.graph import engine
from netproof.pipeline.outage_losses import losses
from netproof.pipeline.outage_tables import OUTAGE_TABLES
from netproof.pipeline.request import Request
from netproof.pipeline.stages import Plan, read_tables
from netproof.sources import read_network
from netproof.tables.spec import all_specs

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from netproof.pipeline.stages import Progress
    from netproof.sources import Network
    from netproof.tables.store import Store

VERSION = "1.0"
READ = {"supplier"}.union(*(all_specs()[name].rests_on for name in resilience.TABLES))
"""The tables that outages rest on, and that which names suppliers."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A network that was read, and its arrays.

    Attributes:
        network: What network.toml says.
        arrays: What the kernels work on.
        progress: Told what is done.
    """

    network: Network
    as_of: date
    store: Store
    arrays: resilience.Network
    progress: Progress

    def telling(self, stage: str) -> Callable[[str, int, int], None]:
        """Return a progress for one stage."""
        return lambda what, done, total: self.progress(stage, what, done, total)

    def head(self) -> dict[str, Any]:
        """Return how every model begins."""
        return {
            "schema_version": VERSION,
            "network": {"name": self.network.name, "country": self.network.country},
            "as_of": self.as_of.isoformat(),
            "engine": engine().value,
        }


def read(path: Path, as_of: date, progress: Progress) -> Loaded:
    """Read a network's tables and make its arrays.

    Raises:
        SourceError: A file is not what its name promises.
    """
    network = read_network(path)
    asked = Plan(network, (), (), {})
    store = read_tables(Request(path=path, as_of=as_of), asked, progress, only=READ)
    if "component" not in store.given:
        raise SourceError(
            f"{path}: expected table component, got none",
            hint="netproof outages reads " + ", ".join(sorted(READ)) + "; component it needs",
        )
    arrays = resilience.read(store, as_of, progress=lambda *at: progress("read", *at))
    return Loaded(network, as_of, store, arrays, progress)


def outages(loaded: Loaded, listed: int) -> dict[str, Any]:
    """Return the worst events of each kind and the single points of failure.

    Args:
        loaded: The network.
        listed: How many events of a kind are listed.
    """
    store = loaded.store
    telling = loaded.telling("outage")
    resilience.build(store, loaded.as_of, network=loaded.arrays, only=OUTAGE_TABLES, progress=telling)
    return {**loaded.head(), **losses(store, listed)}
