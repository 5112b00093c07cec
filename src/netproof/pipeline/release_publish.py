"""How what was appended to the log becomes public, and how that is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netproof.integrity.register.publishing import checkpoint

if TYPE_CHECKING:
    from pathlib import Path

    from netproof.integrity.log import Writer
    from netproof.tlog.keys import SigningKey


@dataclass(frozen=True, slots=True)
class Publish:
    """How what was appended is published.

    Attributes:
        keys: the log's; none: nothing is signed.
        now: when [s since 1970].
        why_not: why nothing is signed; empty: it is.
    """

    keys: tuple[SigningKey, ...]
    now: int
    why_not: str = ""


def published(folder: Path, writer: Writer, publish: Publish) -> tuple[dict[str, Any] | None, str]:
    """Publish what was appended.

    Returns:
        The checkpoint as plain values, None where none was made; and why entries are not public yet, empty
        where all are.

    Raises:
        LogError: the log would go back, a key is not the log's, or the disk failed.
    """
    if writer.size == (writer.published.size if writer.published else 0):
        return None, ""
    if not publish.keys:
        return None, publish.why_not
    told = checkpoint(folder, writer, publish.keys, now=publish.now)
    return {
        "size": told.size,
        "root": told.root,
        "witnesses": list(told.witnesses),
        "quorum": told.quorum,
        "problems": list(told.problems),
    }, ""
