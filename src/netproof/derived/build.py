"""Tables one SELECT away from the others: made in the order that the SQL itself asks for."""

from __future__ import annotations

from functools import cache
from graphlib import TopologicalSorter
from importlib import resources
from typing import TYPE_CHECKING

from netproof.tables.lineage import Lineage, lineage_of
from netproof.tables.store import Store, quoted
from netproof.tables.tree import parameters_read, tables_read

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import date


@cache
def derived_sql() -> dict[str, str]:
    """Return the SELECT of every derived table, by name, each after those that it reads."""
    folder = resources.files(__package__) / "sql"
    texts = {
        file.name.removesuffix(".sql"): file.read_text("utf-8")
        for file in sorted(folder.iterdir(), key=lambda f: f.name)
        if file.name.endswith(".sql")
    }
    needs = {name: sorted(tables_read(text) & texts.keys()) for name, text in texts.items()}
    return {name: texts[name] for name in TopologicalSorter(needs).static_order()}


@cache
def lineage() -> Lineage:
    """Return what every derived table rests on in the end."""
    return lineage_of(derived_sql())


def resting_on(tables: Collection[str]) -> frozenset[str]:
    """Return the derived tables that rest on any of some tables."""
    inputs = lineage().inputs
    return frozenset(name for name in derived_sql() if not inputs[name].isdisjoint(tables))


def drop(store: Store, names: Collection[str]) -> None:
    """Let go of derived tables, those that are there."""
    for name in names:
        store.connection.execute(f"drop table if exists {quoted(name)}")


def build(
    store: Store,
    as_of: date,
    *,
    only: Collection[str] | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> None:
    """Create and fill the derived tables for a date; those that are there already stay as they are.

    Args:
        store: The tables that they rest on.
        as_of: The date.
        only: The tables that are wanted, with those between; None: all.
        progress: Told the name of what is made, its number and how many there are.
    """
    texts = derived_sql()
    wanted = set(texts if only is None else texts.keys() & only)
    for name in reversed(texts):
        if name in wanted:
            wanted |= tables_read(texts[name]) & texts.keys()
    wanted -= {name for (name,) in store.rows("select table_name from duckdb_tables()")}
    for number, name in enumerate(name for name in texts if name in wanted):
        if progress:
            progress(name, number, len(wanted))
        text = texts[name]
        named = {"as_of": as_of} if "as_of" in parameters_read(text) else None
        store.connection.execute(f"create table {quoted(name)} as {text}", named)
