"""Holds the tables: an in-memory DuckDB with the columns that the specifications name.

Rows come in through `load`; rooms read and write by SQL. Text that repeats is kept as a
dictionary (an ENUM a domain), so that it compares as an integer and shows as text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import duckdb

from netproof.tables.spec import ColumnSpec, ColumnType, TableSpec, all_specs

_PLAIN_TYPES = {
    ColumnType.ID: "varchar",
    ColumnType.TEXT: "varchar",
    ColumnType.LIST: "varchar",
    ColumnType.INTEGER: "bigint",
    ColumnType.NUMBER: "double",
    ColumnType.BOOLEAN: "boolean",
    ColumnType.DATE: "date",
    ColumnType.TIMESTAMP: "timestamp",
    ColumnType.DIGEST: "blob",
}

JUDGED = {
    "source": (
        "source_no usmallint primary key, table_name varchar, file varchar, "
        "sha256 varchar, kind varchar, unit varchar, records bigint"
    ),
    "import_issue": (
        "source_no usmallint, table_name varchar, line bigint, column_name varchar, "
        "expected varchar, got varchar, lost boolean"
    ),
    "data_issue": (
        "table_name varchar, column_name varchar, kind varchar, key varchar, value varchar, "
        "message varchar, source_no usmallint, line bigint"
    ),
}
"""Tables that the reading itself fills, and their columns."""


def quoted(name: str) -> str:
    """Return the name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return the text as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def key_text(spec: TableSpec, alias: str = "") -> str:
    """Return SQL that shows a row's key as one text, its parts joined by a slash."""
    parts = [f"coalesce(cast({alias}{quoted(name)} as varchar), '')" for name in spec.key]
    return " || '/' || ".join(parts)


def type_name(column: ColumnSpec) -> str:
    """Return the DuckDB type that keeps the column's values."""
    if column.coded:
        return quoted(f"d_{column.domain}")
    return _PLAIN_TYPES[column.type]


def domains(specs: dict[str, TableSpec]) -> dict[str, list[tuple[str, ColumnSpec]]]:
    """Return for every domain the (table, column) pairs that share it."""
    found: dict[str, list[tuple[str, ColumnSpec]]] = {}
    for spec in specs.values():
        for column in spec.columns:
            if column.coded:
                found.setdefault(column.domain, []).append((spec.name, column))
    return found


@dataclass(slots=True)
class Store:
    """The tables of one network on one date.

    Attributes:
        connection: The in-memory DuckDB.
        given: Tables for which a source brought rows, if only a header.
        compressed_above: Growth after which tables are compressed [bytes]; 0: never.
    """

    connection: duckdb.DuckDBPyConnection
    given: set[str] = field(default_factory=set)
    compressed_above: int = 0
    _compressed: int = 0

    @classmethod
    def empty(cls, *, threads: int = 0, memory_mb: int = 0, compressed_above: int = 0) -> Store:
        """Return a store without tables.

        Args:
            threads: Threads that DuckDB may use; 0: one a core.
            memory_mb: Memory that DuckDB may use [MB]; 0: its own choice.
            compressed_above: Growth after which tables are compressed [bytes]; 0: never.
        """
        config: dict[str, Any] = {"python_enable_replacements": False}
        if threads:
            config["threads"] = threads
        if memory_mb:
            config["memory_limit"] = f"{memory_mb}MB"
        connection = duckdb.connect(":memory:", config=config)
        connection.execute("set enable_progress_bar = false")
        for name, columns in JUDGED.items():
            connection.execute(f"create table {name} ({columns})")
        return cls(connection, compressed_above=compressed_above)

    def create_tables(self) -> None:
        """Create every specified table; its dictionaries must exist."""
        for spec in all_specs().values():
            columns = ", ".join(f"{quoted(c.name)} {type_name(c)}" for c in spec.columns)
            self.connection.execute(
                f"create table {quoted(spec.name)} ({columns}, _source usmallint, _row bigint)"
            )

    def compress(self, *, last: bool = False) -> None:
        """Compress the tables where they have grown by `compressed_above`: time for room.

        Args:
            last: Nothing more is loaded: compress what has grown since, if anything was before.
        """
        if not self.compressed_above:
            return
        if self._size() > self._compressed + self.compressed_above or (last and self._compressed):
            self.connection.execute("checkpoint")
            self._compressed = self._size()

    def _size(self) -> int:
        """Return what the tables take [bytes]."""
        return int(self.value("select coalesce(sum(memory_usage_bytes), 0) from duckdb_memory()"))

    def rows(self, sql: str, parameters: Any = None) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self.connection.execute(sql, parameters).fetchall()

    def value(self, sql: str, parameters: Any = None) -> Any:
        """Return the only value of a query."""
        return self.rows(sql, parameters)[0][0]
