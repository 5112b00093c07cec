"""Values that every reader takes in one form only: digests and moments."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_SHA256 = re.compile(r"(?:.*@)?(?:sha256:)?([0-9a-fA-F]{64})")
_LATEST = 253_402_300_799
"""The last second of the year 9999 [s since 1970]."""


def sha256_of(text: str) -> str:
    """Return a SHA-256 in hexadecimal from a digest, or a reference that ends in one; empty: it is none."""
    found = _SHA256.fullmatch(text.strip())
    return found[1].lower() if found else ""


def moment_of(text: str) -> datetime | None:
    """Return a moment in UTC from ISO 8601 (without a zone it is UTC); None: it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return None


def from_seconds(seconds: float) -> datetime | None:
    """Return a moment from seconds since 1970; None: no calendar has it."""
    if not 0 <= seconds <= _LATEST:
        return None
    return datetime.fromtimestamp(int(seconds), UTC)
