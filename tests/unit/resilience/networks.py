"""Small networks by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from netproof import resilience
from tests.tables import store_of

AS_OF = date(2026, 11, 1)
Rows = list[dict[str, Any]]


def rows(table: str, *columns: str) -> Rows:
    """Return rows from lines of values; `-` is nothing."""
    return [
        {name: None if value == "-" else value for name, value in zip(columns, line.split(), strict=True)}
        for line in table.strip().splitlines()
    ]


def components(table: str) -> Rows:
    return rows(table, "component_id", "site_id", "function", "zone", "population")


def links(table: str) -> Rows:
    return rows(table, "link_id", "a_id", "b_id")


def built(tables: dict[str, Rows], **more: Any) -> Any:
    """Return a store with all tables of outages filled."""
    store = store_of(tables)
    resilience.build(store, AS_OF, **more)
    return store


def lost(store: Any, kind: str, event_id: str) -> int | None:
    """Return the people whom an event takes, or None where there is no such event."""
    found = store.rows("select lost_people from outage where kind = ? and event_id = ?", [kind, event_id])
    return found[0][0] if found else None


def chain() -> dict[str, Rows]:
    """Return two cells behind a hub, with one core: cell B hangs on cell A."""
    return {
        "site": rows("S1 05\nS2 05\nS3 09", "site_id", "region"),
        "component": components(
            """
            core  S1 UPF    core      -
            hub   S2 ROUTER transport -
            a     S3 O_RU   access    10
            b     S3 O_RU   access    5
            """
        ),
        "link": links("L1 core hub\nL2 hub a\nL3 a b"),
        "service": rows("data UPF", "service_id", "function"),
    }
