"""Small stores for tests, from rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netproof.tables.constraints import verify
from netproof.tables.load import load
from netproof.tables.rows import stage_rows
from netproof.tables.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def store_of(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> Store:
    """Return a store with the rows of some tables, typed and verified as a network's own would be."""
    store = Store.empty(threads=1)
    staged = []
    for table, rows in tables.items():
        header = list(dict.fromkeys(name for row in rows for name in row))
        values = [[None if row.get(name) is None else str(row[name]) for name in header] for row in rows]
        if header:
            staged.append(stage_rows(store, table, header, values, file=table))
    load(store, staged)
    verify(store)
    return store
