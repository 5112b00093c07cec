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
_FUNCTIONS = ["AMF", "AMF", "UPF", "ROUTER", "EMS", "GNB_DU"]
_DAYS = [-2000, -1200, -800, -400, -180, -30, -1, 0, 1, 30, 180, 400, 800]
_PAST, _AHEAD = [AS_OF + timedelta(days=day) for day in _DAYS[:8]], [AS_OF + timedelta(d) for d in _DAYS[6:]]
_CATALOGUES = ["one", "other"]
_DOCUMENTS = ["TS 33.512", "TS 33.513", "AIS B1", "TS 33.117"]
_NAMES = ["Alpha", "Alpha Net GmbH", "Beta", "Gamma S.A."]
_COUNTRIES = ["AA", "BB", "CC"]
_EVENTS = ["X1", "X2", "X3"]

_LOGGED = ("compared_release", "logged_rebuild", "logged_release", "logged_withdrawal")

_MORE = {
    "component": 5, "observation": 4, "monitor": 4, "work": 4, "qualification": 6, "dependency": 8, "link": 4,
    "release": 6, "sub_supplier": 3, "certificate": 4, "restriction": 3, "supplier_factor": 3, "commitment": 3, "site": 2,
    "document_status": 2, "critical_function": 2, "admitted_document": 2, "outage": 6, "outage_service": 8,
    "outage_member": 30, "exposure_supplier": 4, "logged_release": 5,
}  # fmt: skip
"""How many times as many rows a table has."""

_FROM: dict[str, list[Any]] = {
    "admitted_document.admitted_from": _PAST,
    "admitted_document.catalogue_id": _CATALOGUES,
    "admitted_document.deadline": [*_PAST, *_AHEAD],
    "admitted_document.document": _DOCUMENTS,
    "certificate.expires_on": [None, *_AHEAD, _PAST[-2]],
    "certificate.issued_on": [None, *_PAST, *_PAST],
    "certificate.requirement_documents": [
        None,
        "TS 33.512 V17.2.0;TS 33.117",
        "AIS B1",
        "TS 33.117",
        "TS 33.513",
    ],
    "certificate.status": ["valid", "valid", "valid", "suspended", "withdrawn", "archived", None],
    "component.first_used_on": [None, *_PAST],
    "component.retired_on": [None] * 9 + [AS_OF],
    "component.serial": [None, "1", "2", "3"],
    "component.zone": ["core", "core", "core", "management", "transport", "access", None],
    "critical_function.catalogue_id": _CATALOGUES,
    "critical_function.route": ["open", "open", "open", "in_preparation", "none", None],
    "critical_function.schemes": ["NESAS_CCS_GI", "NESAS_CCS_GI;BSZ", "CC;EUCC", "BSZ"],
    "critical_function.zone": [None, None, None, "core", "access"],
    "dependency.group_id": [None, "G1", "G2"],
    "dependency.kind": ["runs_on", "powered_by", "in_duct", "in_duct", "timed_by"],
    "document_status.document": ["declaration.pdf"],
    "document_status.key": [f"declaration{number}" for number in range(12)],
    "document_status.table_name": ["declaration"],
    **{f"{table}.product_id": [f"product{number}" for number in range(12)] for table in _LOGGED},
    **{f"{table}.version": _VERSIONS[:4] for table in _LOGGED},
    **{f"{table}.part": [None, None, None, "boot"] for table in _LOGGED},
    "log_state.origin": ["log.example"],
    "log_state.problem": [None],
    "monitor.interval_s": [None, 60, 86_400],
    "monitor.signal": ["up", "up", "log", "ids"],
    "monitor.state": ["up", "up", "up", "down", "stale", None],
    "observation.observed_at": [datetime.combine(day, time()) for day in _PAST],
    # Of the five images that run, four are published and three logged.
    "observation.sha256": [None, *(bytes([number]) * 32 for number in (0, 0, 1, 1, 2, 2, 3, 4))],
    "observation.slot": ["image", "image", "image", "config", None],
    "flow.classification": ["government", "emergency", "subscriber"],
    "outage.event_id": _EVENTS,
    # A component is a facility or a duct, never both.
    "outage.kind": ["component", "site", "link", "facility", "release", "supplier"],
    "outage_baseline.people": [100],
    "outage_baseline.service_id": ["", "data", "voice"],
    "outage_member.event_id": _EVENTS[:1],
    "outage_member.kind": ["site", "facility"],
    "outage_member.member_table": ["component"],
    "outage_member.member_id": [f"component{number}" for number in range(60)],
    "outage_service.event_id": _EVENTS,
    "outage_service.lost_people": [0, 1, 10, 30, 90],
    "outage_service.service_id": ["data", "voice"],
    "person.employer_id": [None, None, "supplier0", "supplier1"],
    "qualification.subject": ["security_instruction", "security_instruction", "core", "background_check"],
    "qualification.valid_from": [None, *_PAST, *_PAST],
    "qualification.valid_to": [None, *_AHEAD],
    "release.sha256": [None, *(bytes([number]) * 32 for number in (0, 1, 2, 3))],
    "release.status": ["current", "superseded", "superseded", "withdrawn", None],
    "restriction.country": [None, None, *_COUNTRIES],
    "restriction.country_not": [None, None, None, "AA;BB"],
    "restriction.critical_only": [None, False, True],
    "restriction.effective_on": [None, *_PAST, *_AHEAD],
    "restriction.ends_on": [None] * 6 + _AHEAD,
    "restriction.function": [None, None, "AMF;UPF"],
    "restriction.legal_status": [
        "in_force",
        "in_force",
        "contract",
        "draft",
        "proposal",
        "what_if",
        "repealed",
    ],
    "restriction.region": [None, None, "R1", "R*"],
    "restriction.abroad": [None, None, False, True],
    "restriction.jurisdiction": [None],
    "restriction.supplier_lei": [None],
    "restriction.supplier_name": [None, None, None, "Alpha;Beta"],
    "restriction.supplier_pen": [None],
    "restriction.zone": [None, None, "core;access"],
    "site.kind": ["core_dc", "regional_dc", "edge", "pop", "cell_site", None],
    "site.region": ["R1", "R1", "R2", None],
    "supplier.name": _NAMES,
    "supplier.parent_id": [None, None, None, "supplier0", "supplier1", "supplier7"],
    "supplier_alias.alias": _NAMES,
    "work.done_at": [datetime.combine(day, time(9)) for day in _PAST],
    "work.privileged": [True, True, True, False, None],
}
"""From what the values of a column are drawn, where its specification does not say enough."""

Rows = dict[str, list[dict[str, Any]]]
"""Rows by table; values as the table has them."""


def _value(table: str, column: ColumnSpec, number: int, rows: int, chance: random.Random) -> Any:
    """Return a random value from few, so that rows meet; NULL now and then."""
    place = f"{table}.{column.name}"
    if column.name == f"{table}_id":
        return f"{table}{number}"
    if place in _FROM:
        return chance.choice(_FROM[place])
    if not column.required and chance.random() < 0.1:
        return None
    if column.domain == "function":
        return chance.choice(_FUNCTIONS)
    if column.vocabulary:
        return chance.choice(column.vocabulary)
    if column.references:
        other = chance.choice(column.references)
        return f"{other}{chance.randrange(rows * _MORE.get(other, 1))}"
    if column.domain in ("version", "country"):
        return chance.choice(_VERSIONS if column.domain == "version" else _COUNTRIES)
    values = {
        ColumnType.INTEGER: number,
        ColumnType.NUMBER: chance.choice([0.0, 0.3, 0.5, 1.0]),
        ColumnType.BOOLEAN: chance.random() < 0.5,
        ColumnType.DATE: AS_OF + timedelta(days=chance.choice(_DAYS)),
        ColumnType.TIMESTAMP: datetime.combine(AS_OF, time())
        + timedelta(hours=chance.choice([-48, -24, -1, 0, 23, 24])),
        ColumnType.DIGEST: bytes([chance.randint(0, 2)]) * 32,
    }
    return values.get(column.type, chance.choice(["AMF", "up", "log", "A", "B;C"]))


def plain_rows(rows: int, seed: int) -> Rows:
    """Return random rows for every table that a check may read: about so many, some tables have more; no key twice."""
    chance = random.Random(seed)  # noqa: S311 - seeded, for test data
    made: Rows = {}
    for name, spec in all_specs().items():
        count = range(rows * _MORE.get(name, 1))
        drawn = [
            {column.name: _value(name, column, number, rows, chance) for column in spec.columns}
            for number in count
        ]
        made[name] = list({tuple(row[part] for part in spec.key): row for row in drawn}.values())
    return made


def plain_database(rows: int = 0, seed: int = 0, *, made: Rows | None = None) -> duckdb.DuckDBPyConnection:
    """Return a database with every table a check may read: with the rows given, or with random ones."""
    made = plain_rows(rows, seed) if made is None else made
    connection = duckdb.connect(":memory:", config={"threads": 1})
    for name, spec in all_specs().items():
        columns = ", ".join(f'"{c.name}" {_TYPES.get(c.type, "varchar")}' for c in spec.columns)
        connection.execute(f"create table {name} ({columns})")
        if made[name]:
            marks = f"({', '.join('?' * len(spec.names))})"
            connection.execute(
                f"insert into {name} values {', '.join([marks] * len(made[name]))}",
                [row[column] for row in made[name] for column in spec.names],
            )
    for name, columns in _COMPUTED.items():
        connection.execute(f"create table {name} ({columns})")
    if made["product"]:
        for version in _VERSIONS:
            connection.execute(
                "insert into version_key select product_id, $v, 'generic', $k from product",
                {"v": version, "k": sort_key(version)},
            )
        ranges = [
            (row["certificate_id"], row["version_from"], row["version_to"]) for row in made["certificate"]
        ]
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
