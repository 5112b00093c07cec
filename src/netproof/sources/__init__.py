"""Outside formats become rows of tables; no judgement."""

from netproof.sources.folder import read_folder
from netproof.sources.network import Network, read_network

__all__ = ["Network", "read_folder", "read_network"]
