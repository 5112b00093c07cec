"""Stages rows that lie in memory as text: a catalogue's own tables, a check's cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from netproof.errors import TableError
from netproof.tables.load import Staged
from netproof.tables.spec import all_specs
from netproof.tables.store import Store, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence


def stage_rows(
    store: Store, table: str, header: Sequence[str], rows: Sequence[Sequence[str | None]], *, file: str
) -> Staged:
    """Stage rows of text for a table.

    Args:
        store: A store without tables.
        table: Which table.
        header: The columns that the rows have.
        rows: The values as written; None and empty text mean unknown.
        file: What to call the source.

    Raises:
        TableError: There is no such table or column.
    """
    specs = all_specs()
    if table not in specs:
        raise TableError(f"{file}: expected a known table, got {table!r}")
    for name in header:
        if name not in specs[table].names and not name.startswith("x_"):
            raise TableError(f"{file}: table {table} has no column {name!r}")
    number = int(store.value("select coalesce(max(source_no), 0) + 1 from source"))
    store.connection.execute(
        "insert into source values (?, ?, ?, null, 'rows', 'row', 0)", [number, table, file]
    )
    stage = f"_rows_{number}"
    columns = ", ".join(f"{quoted(name)} varchar" for name in header)
    store.connection.execute(f"create temp table {stage} ({columns})")
    if rows:
        arrays = [pa.array(values, pa.string()) for values in zip(*rows, strict=True)]
        store.connection.register("_given", pa.table(arrays, names=list(header)))
        store.connection.execute(f"insert into {stage} select * from _given")
        store.connection.unregister("_given")
    return Staged(table, stage, dict.fromkeys(header, "VARCHAR"), "rowid + 1", number, file)
