"""Outside formats become rows of tables; no judgement.

What is named here is imported when it is first asked for: the reader of documents runs in a process
of its own, below this package, and must not wait for a database that it does not use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netproof.sources.folder import brings, read_folder
    from netproof.sources.network import Network, read_network

__all__ = ["Network", "brings", "read_folder", "read_network"]

_HOMES = {"Network": "network", "brings": "folder", "read_folder": "folder", "read_network": "network"}


def __getattr__(name: str) -> Any:
    """Import what is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
