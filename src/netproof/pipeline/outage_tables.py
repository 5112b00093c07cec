"""Which tables of outages do the checks read? Those are filled before anything is derived from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netproof import derived, resilience
from netproof.tables.tree import tables_read

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import date

    from netproof.catalogue.check import Check
    from netproof.tables.store import Store

OUTAGE_TABLES = frozenset(name for name in resilience.TABLES if name.startswith("outage"))
"""The tables that tell of events."""


def outages_read(checks: Iterable[Check]) -> frozenset[str]:
    """Return the tables of outages that checks read, themselves or by what is derived."""
    return _behind(table for check in checks for table in check.reads)


def _behind(tables: Iterable[str]) -> frozenset[str]:
    """Return the tables of outages that tables rest on, or are."""
    texts, wanted = derived.derived_sql(), set(tables)
    for name in reversed(texts):
        if name in wanted:
            wanted |= tables_read(texts[name])
    return resilience.TABLES & wanted


def derive(store: Store, as_of: date, *, only: Collection[str] | None) -> None:
    """Make the named derived tables of a store, and the tables of outages behind them; None: all derived.

    Tables of outages that somebody gave (a check's case) stay as they are given.
    """
    wanted = _behind(only or ()) - store.given
    if wanted:
        resilience.build(store, as_of, only=wanted)
    derived.build(store, as_of, only=only)


def fill_outages(
    store: Store,
    checks: Iterable[Check],
    as_of: date,
    progress: Callable[[str, int, int], None],
    *,
    told: bool = False,
) -> None:
    """Fill the tables of outages that the checks read; nothing where they read none.

    Args:
        store: The tables of the network; not locked yet.
        checks: All that will be run.
        as_of: The date.
        progress: Told what is computed, its number and how many there are.
        told: Whether a report tells of events too, and not the checks alone.
    """
    wanted = outages_read(checks)
    if wanted and told:
        wanted |= OUTAGE_TABLES
    if wanted:
        resilience.build(store, as_of, only=wanted, progress=progress)
