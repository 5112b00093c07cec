"""Tables one SELECT away from the others: made in the order that the SQL itself asks for."""

from __future__ import annotations

from functools import cache
from graphlib import TopologicalSorter
from importlib import resources
from typing import TYPE_CHECKING

from netproof.tables.store import Store, quoted
from netproof.tables.tree import parameters_read, tables_read

if TYPE_CHECKING:
    from collections.abc import Callable
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
def derived_inputs() -> dict[str, frozenset[str]]:
    """Return for every derived table the tables that it rests on in the end."""
    inputs: dict[str, frozenset[str]] = {}
    for name, text in derived_sql().items():
        direct = tables_read(text)
        inputs[name] = frozenset().union(*(inputs.get(table, {table}) for table in direct))
    return inputs


def build(store: Store, as_of: date, *, progress: Callable[[str, int, int], None] | None = None) -> None:
    """Create and fill every derived table for a date."""
    texts = derived_sql()
    for number, (name, text) in enumerate(texts.items()):
        if progress:
            progress(name, number, len(texts))
        named = {"as_of": as_of} if "as_of" in parameters_read(text) else None
        store.connection.execute(f"create table {quoted(name)} as {text}", named)
