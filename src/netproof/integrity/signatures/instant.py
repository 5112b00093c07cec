"""A time by which something existed: the value that proofs of time make."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from netproof.integrity.signatures.answer import Signature


@dataclass(frozen=True, slots=True)
class Instant:
    """By when a signature existed.

    Attributes:
        at: The time (UTC); None: nothing proves one.
        notes: Who proves it, and why another proof does not count.
        missing: What would have to be given to know more.
    """

    at: datetime | None = None
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


UNPROVEN = Instant()


def earliest(found: Sequence[Instant]) -> Instant:
    """Return the first time that is proven, with what all say; one proof is enough."""
    times = [one.at for one in found if one.at is not None]
    return Instant(
        min(times, default=None),
        tuple(dict.fromkeys(note for one in found for note in one.notes)),
        tuple(dict.fromkeys(words for one in found for words in one.missing)),
    )


def stamped(signature: Signature, instant: Instant) -> Signature:
    """Return a signature that was judged for an instant, with what proves it."""
    return replace(
        signature,
        proven_at=instant.at,
        notes=(*signature.notes, *instant.notes),
        missing=(*signature.missing, *instant.missing),
    )
