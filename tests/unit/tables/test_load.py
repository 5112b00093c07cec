from __future__ import annotations

from datetime import date, datetime
from typing import Any

import duckdb
import pytest

from netproof.errors import SourceError, TableError
from netproof.tables.load import Staged, load
from netproof.tables.rows import stage_rows
from netproof.tables.store import Store


def loaded(table: str, header: list[str], rows: list[list[str | None]]) -> Store:
    store = Store.empty(threads=1)
    load(store, [stage_rows(store, table, header, rows, file="given")])
    return store


@pytest.mark.parametrize(
    ("column", "written", "kept"),
    [
        ("population", "10", 10),
        ("population", "+7", 7),
        ("population", "1.5", None),
        ("population", "1e3", None),
        ("population", "", None),
        ("population", "99999999999999999999", None),
        ("first_used_on", "2026-02-28", date(2026, 2, 28)),
        ("first_used_on", "2026-02-30", None),
        ("first_used_on", "28.02.2026", None),
        ("first_used_on", "2026-2-8", None),
        ("zone", "core", "core"),
        ("zone", "Core", None),
        ("function", "SOMETHING", "SOMETHING"),
        ("name", " keeps its spaces ", " keeps its spaces "),
    ],
)
def test_a_value_is_kept_as_it_is_meant_or_not_at_all(column: str, written: str, kept: Any) -> None:
    store = loaded("component", ["component_id", column], [["C1", written]])

    assert store.value(f"select {column} from component") == kept
    assert store.value("select count(*) from import_issue") == (1 if written and kept is None else 0)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("2026-11-01T08:30:00Z", datetime(2026, 11, 1, 8, 30)),  # noqa: DTZ001 - kept as UTC without a zone
        ("2026-11-01 08:30", datetime(2026, 11, 1, 8, 30)),  # noqa: DTZ001
        ("2026-11-01T10:30:00+02:00", datetime(2026, 11, 1, 8, 30)),  # noqa: DTZ001
        ("2026-11-01T08:30:00.5Z", datetime(2026, 11, 1, 8, 30, 0, 500000)),  # noqa: DTZ001
        ("2026-11-01", None),
        ("yesterday", None),
        ("2026-11-01T25:30:00Z", None),
    ],
)
def test_a_time_is_kept_as_utc(written: str, kept: datetime | None) -> None:
    store = loaded("monitor", ["component_id", "signal", "last_seen_at"], [["C1", "up", written]])

    assert store.value("select last_seen_at from monitor") == kept


@pytest.mark.parametrize(
    ("written", "bytes_kept"),
    [("ab" * 32, 32), ("sha256:" + "AB" * 32, 32), ("ab" * 31, None), ("zz" * 32, None)],
)
def test_a_digest_is_32_bytes(written: str, bytes_kept: int | None) -> None:
    store = loaded("release", ["product_id", "version", "sha256"], [["P1", "1", written]])

    assert store.value("select octet_length(sha256) from release") == bytes_kept


@pytest.mark.parametrize(("written", "kept"), [("true", True), ("FALSE", False), ("yes", None), ("1", None)])
def test_a_boolean_is_true_or_false(written: str, kept: bool | None) -> None:
    store = loaded("channel", ["channel_id", "recorded"], [["K1", written]])

    assert store.value("select recorded from channel") == kept


def test_a_row_without_its_key_is_lost_and_named() -> None:
    store = loaded("component", ["component_id", "zone"], [["C1", "core"], ["", "core"], [None, "odd"]])

    assert store.rows("select component_id from component") == [("C1",)]
    assert store.rows("select line, column_name, lost from import_issue order by line") == [
        (2, "component_id", True),
        (3, "component_id", True),
    ]
    assert store.value("select records from source") == 3


def test_a_table_without_its_key_column_loses_every_row() -> None:
    store = loaded("component", ["zone"], [["core"], ["core"]])

    assert store.value("select count(*) from component") == 0
    assert store.value("select count(*) from import_issue where lost and got = 'no such column'") == 2


def test_every_row_keeps_its_source_and_position() -> None:
    store = loaded("component", ["component_id"], [["C1"], ["C2"]])

    assert store.rows("select component_id, _source, _row from component order by all") == [
        ("C1", 1, 1),
        ("C2", 1, 2),
    ]


def test_an_unknown_table_or_column_is_refused() -> None:
    store = Store.empty(threads=1)

    with pytest.raises(TableError, match="known table"):
        stage_rows(store, "componnt", ["component_id"], [], file="given")
    with pytest.raises(TableError, match="no column 'sit'"):
        stage_rows(store, "component", ["sit"], [], file="given")


@pytest.mark.parametrize(
    ("raw", "column", "kept"),
    [
        ("7::tinyint", "population", 7),
        ("7::uhugeint", "population", 7),
        ("7.0::double", "population", 7),
        ("7.5::double", "population", None),
        ("timestamp '2026-01-02'", "first_used_on", date(2026, 1, 2)),
        ("timestamp '2026-01-02 03:00'", "first_used_on", None),
        ("date '2026-01-02'", "first_used_on", date(2026, 1, 2)),
        ("12::bigint", "serial", "12"),
        ("'core'::enum('core')", "zone", "core"),
        ("null", "zone", None),
    ],
)
def test_values_of_other_types_are_read_where_they_mean_the_same(raw: str, column: str, kept: Any) -> None:
    store = Store.empty(threads=1)
    relation = f"(select 'C1' as component_id, {raw} as {column})"
    described = {name: kind for name, kind, *_ in store.rows(f"describe select * from {relation}")}
    store.connection.execute("insert into source values (1, 'component', 'f', null, 'rows', 'row', 0)")

    load(store, [Staged("component", relation, described, "1", 1, "f")])

    assert store.value(f"select {column} from component") == kept


@pytest.mark.parametrize(
    "raw", ["[1, 2]", "{'a': 1}", "true", "'x'::blob", "timestamptz '2026-01-02 03:00+00'"]
)
def test_a_type_that_cannot_be_meant_is_refused_with_file_and_column(raw: str) -> None:
    store = Store.empty(threads=1)
    relation = f"(select 'C1' as component_id, {raw} as population)"
    described = {name: kind for name, kind, *_ in store.rows(f"describe select * from {relation}")}

    with pytest.raises(SourceError, match=r"f\.parquet: column population: expected a whole number"):
        load(store, [Staged("component", relation, described, "1", 1, "f.parquet")])


def test_the_store_reads_no_variable_of_the_program() -> None:
    component = [1, 2, 3]
    store = Store.empty(threads=1)

    with pytest.raises(duckdb.CatalogException):
        store.rows("select * from component")
    assert component
