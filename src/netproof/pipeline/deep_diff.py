"""What diffoscope says of two files, as a part of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netproof.integrity.deep_diff import Bounds
from netproof.integrity.deep_diff import deep_diff as ask

if TYPE_CHECKING:
    from pathlib import Path


def deep_diff(old: Path, new: Path, *, seconds: float) -> dict[str, Any]:
    """Return what diffoscope says of two files.

    Args:
        old: One file.
        new: The other one.
        seconds: Time that it may take.
    """
    told = ask(old, new, Bounds(seconds=seconds))
    return {
        "tool": told.tool,
        "said": told.said,
        "same": told.same,
        "text": told.text,
        "notes": list(told.notes),
    }
