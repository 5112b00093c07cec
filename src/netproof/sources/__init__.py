"""Outside formats become rows of tables; no judgement."""

from netproof.sources.folder import brings, read_folder
from netproof.sources.network import Network, read_network

__all__ = ["Network", "brings", "read_folder", "read_network"]
