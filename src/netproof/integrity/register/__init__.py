"""The register of suppliers' releases: what goes into the log, in which words, and how it is found again.

`find` finds entries by number, name or digest; `add` logs releases; `publishing.checkpoint` publishes what
was appended; `keys` reads and writes the log's private keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

FOLDER: Final = "releases"
"""A network's own log, below its folder."""


def log_folder(net: Path) -> Path:
    """Return the folder of a network's log; of a network that is one file, it lies beside it."""
    return (net.parent if net.is_file() else net) / FOLDER
