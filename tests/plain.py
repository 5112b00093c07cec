"""The same tables in plain DuckDB: no dictionaries, no views, no reader; what the real store is compared with."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import duckdb

from netproof.derived.build import derived_sql
from netproof.tables.spec import ColumnSpec, ColumnType, all_specs
from netproof.tables.version import covered_range, sort_key

AS_OF = date(2026, 11, 1)
_TYPES = {
    ColumnType.INTEGER: "bigint",
    ColumnType.NUMBER: "double",
    ColumnType.BOOLEAN: "boolean",
    ColumnType.DATE: "date",
    ColumnType.TIMESTAMP: "timestamp",
    ColumnType.DIGEST: "blob",
}
_COMPUTED = {
    "version_key": "product_id varchar, version varchar, scheme varchar, version_key varchar",
    "certificate_range": "certificate_id varchar, from_key varchar, upto_key varchar",
}
_VERSIONS = ["1", "1.0", "1.1", "2.0-rc1", "21.Q4", "22.Q1", "none"]


def _value(column: ColumnSpec, number: int, chance: random.Random) -> Any:
    """Return a random value from few, so that rows meet; NULL now and then."""
    if not column.required and chance.random() < 0.15:
        return None
    kind = column.type
    if column.name == "retired_on" and chance.random() < 0.8:
        return None
    if column.domain == "function":
        return chance.choice(["AMF", "UPF", "ROUTER"])
    if column.vocabulary:
        return chance.choice(column.vocabulary)
    if column.references:
        return f"{column.references[0]}{chance.randint(0, 5)}"
    if column.domain == "version":
        return chance.choice(_VERSIONS)
    values = {
        ColumnType.INTEGER: number,
        ColumnType.NUMBER: chance.choice([0.0, 0.3, 0.5, 1.0]),
        ColumnType.BOOLEAN: chance.random() < 0.5,
        ColumnType.DATE: AS_OF + timedelta(days=chance.choice([-400, -180, -1, 0, 1, 30, 400])),
        ColumnType.TIMESTAMP: datetime.combine(AS_OF, time())
        + timedelta(hours=chance.choice([-48, -24, -1, 0, 23, 24])),
        ColumnType.DIGEST: bytes([chance.randint(0, 2)]) * 32,
    }
    return values.get(kind, chance.choice(["AMF", "up", "log", "A", "B;C"]))


def plain_database(rows: int = 0, seed: int = 0) -> duckdb.DuckDBPyConnection:
    """Return a database with every table a check may read, each with so many random rows."""
    chance = random.Random(seed)  # noqa: S311 - seeded, for test data
    connection = duckdb.connect(":memory:", config={"threads": 1})
    for name, spec in all_specs().items():
        columns = ", ".join(f'"{c.name}" {_TYPES.get(c.type, "varchar")}' for c in spec.columns)
        connection.execute(f"create table {name} ({columns})")
        made = [[_value(c, number, chance) for c in spec.columns] for number in range(rows)]
        if f"{name}_id" in spec.names:
            for number, row in enumerate(made):
                row[spec.names.index(f"{name}_id")] = f"{name}{number}"
        if made:
            marks = f"({', '.join('?' * len(spec.names))})"
            connection.execute(
                f"insert into {name} values {', '.join([marks] * rows)}",
                [value for row in made for value in row],
            )
    for name, columns in _COMPUTED.items():
        connection.execute(f"create table {name} ({columns})")
    if rows:
        for version in _VERSIONS:
            connection.execute(
                "insert into version_key select product_id, $v, 'generic', $k from product",
                {"v": version, "k": sort_key(version)},
            )
        ranges = connection.execute(
            "select certificate_id, version_from, version_to from certificate"
        ).fetchall()
        connection.executemany(
            "insert into certificate_range values (?, ?, ?)",
            [(name, *covered_range(low, high, "generic", minor_updates=True)) for name, low, high in ranges],
        )
    for name, text in derived_sql().items():
        code = "\n".join(line.split("--")[0] for line in text.splitlines())
        connection.execute(f"create table {name} as {text}", {"as_of": AS_OF} if "$as_of" in code else None)
    return connection


@cache
def plain_columns() -> dict[str, tuple[str, ...]]:
    """Return every table that a check may read, with its columns."""
    rows = plain_database().execute(
        "select table_name, list(column_name order by column_index) from duckdb_columns() "
        "where database_name = 'memory' and schema_name = 'main' group by table_name"
    )
    return {table: tuple(columns) for table, columns in rows.fetchall()}


@cache
def plain_types() -> dict[str, dict[str, str]]:
    """Return every table that a check may read, with its columns and their types."""
    rows = plain_database().execute(
        "select table_name, column_name, data_type from duckdb_columns() "
        "where database_name = 'memory' and schema_name = 'main' order by table_name, column_index"
    )
    tables: dict[str, dict[str, str]] = {}
    for table, column, kind in rows.fetchall():
        tables.setdefault(table, {})[column] = kind
    return tables
