"""What is lost when something, or somebody, fails: tables to arrays, kernels, and back to tables."""

from netproof.resilience.build import TABLES, build
from netproof.resilience.detail import detail, single_points
from netproof.resilience.events import KINDS, SINGLE, Kind
from netproof.resilience.exposed import exposure
from netproof.resilience.network import Network, read
from netproof.resilience.pairs import pairs, pairs_memory
from netproof.resilience.rates import RATES, RATES_SOURCE
from netproof.resilience.samples import samples

__all__ = [
    "KINDS",
    "RATES",
    "RATES_SOURCE",
    "SINGLE",
    "TABLES",
    "Kind",
    "Network",
    "build",
    "detail",
    "exposure",
    "pairs",
    "pairs_memory",
    "read",
    "samples",
    "single_points",
]
