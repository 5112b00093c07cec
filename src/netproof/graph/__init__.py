"""Failure kernels: arrays in, arrays out; no table, no file, no clock.

Every kernel has a portable twin in numpy and scipy that gives the same integers.
"""

from netproof.graph.library import Engine, engine
from netproof.graph.multigraph import Multigraph, Need

__all__ = ["Engine", "Multigraph", "Need", "engine"]
