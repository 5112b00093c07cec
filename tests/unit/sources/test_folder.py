from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from netproof.errors import SourceError
from netproof.sources import read_folder
from netproof.sources.csv_ import LINE_MAX
from netproof.tables.rows import stage_rows
from netproof.tables.store import Store
from tests.networks import write_network

if TYPE_CHECKING:
    from pathlib import Path


def read(folder: Path) -> Store:
    store = Store.empty(threads=1)
    read_folder(store, folder)
    return store


def components(store: Store) -> list[tuple[str, int]]:
    return store.rows("select component_id, _row from component order by _row")


def issues(store: Store) -> list[tuple[int, str, str, str]]:
    return store.rows("select line, column_name, expected, got from import_issue order by all")


def test_rows_keep_file_digest_and_line(tmp_path: Path) -> None:
    store = read(write_network(tmp_path / "n", {"component": "component_id,name\nC1,a\nC2,b\n"}))

    assert components(store) == [("C1", 2), ("C2", 3)]
    digest = hashlib.sha256(b"component_id,name\nC1,a\nC2,b\n").hexdigest()
    assert store.rows("select * from source") == [(1, "component", "component.csv", digest, "csv", "line", 2)]


def test_a_byte_order_mark_windows_line_ends_and_a_missing_last_end_are_tolerated(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbfcomponent_id,name\r\nC1,a\r\nC2,b"
    store = read(write_network(tmp_path / "n", {"component": data}))

    assert components(store) == [("C1", 2), ("C2", 3)]
    assert issues(store) == []


def test_a_quoted_line_break_does_not_shift_the_lines(tmp_path: Path) -> None:
    store = read(
        write_network(tmp_path / "n", {"component": 'component_id,name\nC1,"a\nb"\nC2,"x ""y"", z"\n'})
    )

    assert components(store) == [("C1", 2), ("C2", 4)]
    assert store.rows("select name from component order by _row") == [("a\nb",), ('x "y", z',)]


def test_columns_of_ones_own_are_left_alone(tmp_path: Path) -> None:
    store = read(
        write_network(tmp_path / "n", {"component": "component_id,x_rack\nC1,7\n", "x_notes": "anything\n"})
    )

    assert components(store) == [("C1", 2)]


@pytest.mark.parametrize(
    ("content", "words", "hint"),
    [
        (
            "component_id,suplier_id\n",
            "component.csv:1: column 2: table component has no column 'suplier_id'",
            "supplier_id",
        ),
        ("component_id,name,name\n", "component.csv:1: column 3: name stands there twice", ""),
        ("component_id;name\nC1;a\n", "expected columns separated by commas, got semicolons", "commas"),
        ("", "expected column names, got nothing", "component_id"),
        ("component_id,\n", "component.csv:1: column 2", ""),
        ("component_id,na\0me\n", "got a NUL byte", ""),
        (b"component_id,na\xefme\n", "expected text in UTF-8, got byte 0xEF", "UTF-8"),
        ("component_id\n".encode("utf-16"), "expected UTF-8, got UTF-16", "UTF-8"),
        ('component_id,"name\n', "component.csv:1: expected column names", ""),
        ("a" * (LINE_MAX + 1) + "\n", "more than 1,048,576 bytes", ""),
        (",".join(f"c{n}" for n in range(2**20)) + "\n", "expected at most 1,000 columns, got", ""),
    ],
)
def test_a_header_that_cannot_be_used_stops_with_place_and_hint(
    tmp_path: Path, content: str | bytes, words: str, hint: str
) -> None:
    folder = write_network(tmp_path / "n", {"component": content})

    with pytest.raises(SourceError) as caught:
        read(folder)
    assert words in str(caught.value)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("bad", "issue"),
    [
        (b"C9", (3, "component_id", "2 columns", "1: C9")),
        (b"C9,a,b,c", (3, "name", "2 columns", "4: C9,a,b,c")),
        (b"C9,\xfc", (3, "name", "text in UTF-8", "byte 0xFC at byte 4 of the line")),
        (b"C9,a\0b", (3, "name", "text", "a NUL byte at byte 5 of the line")),
        (b'C9,"a"b', (3, "", "a record after RFC 4180", "',' expected after '\"'")),
    ],
)
def test_a_broken_record_is_named_and_the_rest_is_read(
    tmp_path: Path, bad: bytes, issue: tuple[int, str, str, str]
) -> None:
    data = b"component_id,name\nC1,a\n" + bad + b"\nC2,b\n"
    store = read(write_network(tmp_path / "n", {"component": data}))

    assert components(store) == [("C1", 2), ("C2", 4)]
    assert issues(store) == [issue]
    assert store.value("select records from source") == 3


def test_a_field_of_100_megabytes_is_named_and_passed_over(tmp_path: Path) -> None:
    data = b"component_id,name\nC1,a\nC9," + b"x" * 100_000_000 + b"\nC2,b\n"
    store = read(write_network(tmp_path / "n", {"component": data}))

    assert components(store) == [("C1", 2), ("C2", 4)]
    assert issues(store) == [(3, "name", "a line of at most 1,048,576 bytes", "100,000,004 bytes")]


def test_a_quote_that_never_ends_does_not_swallow_the_file(tmp_path: Path) -> None:
    data = 'component_id,name\nC1,a\nC9,"open\n' + "C2,b\n" * 300_000
    store = read(write_network(tmp_path / "n", {"component": data}))

    assert components(store)[0] == ("C1", 2)
    assert len(issues(store)) >= 1
    assert issues(store)[0][0] == 3


def test_parts_of_a_folder_are_one_table(tmp_path: Path) -> None:
    folder = write_network(tmp_path / "n", {})
    (folder / "component").mkdir()
    (folder / "component" / "a.csv").write_text("component_id\nC1\n", "utf-8")
    part = pa.table({"component_id": ["C2", "C3"], "population": pa.array([1, 2], pa.int16())})
    pq.write_table(
        part,
        folder / "component" / "b.parquet",
    )
    store = read(folder)

    assert store.rows(
        "select component_id, population, file, _row from component "
        "join source on _source = source_no order by 1"
    ) == [
        ("C1", None, "component/a.csv", 2),
        ("C2", 1, "component/b.parquet", 1),
        ("C3", 2, "component/b.parquet", 2),
    ]


def test_a_duckdb_file_with_changes_beside_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "n.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("create table component as select 'C1' as component_id")
    with duckdb.connect(path) as connection:
        connection.execute("insert into component values ('C2')")
        log = path.with_name("n.duckdb.wal")
        changes = log.read_bytes()
    log.write_bytes(changes)

    with pytest.raises(SourceError, match=r"expected all tables in this file, got changes in n\.duckdb\.wal"):
        read_folder(Store.empty(), path)
    log.write_bytes(b"")
    store = Store.empty()
    read_folder(store, path)
    assert store.value("select count(*) from component") == 2


def test_a_duckdb_file_serves_as_a_network(tmp_path: Path) -> None:
    path = tmp_path / "n.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute(
            "create table component as select 'C1' as component_id, 'core' as zone, "
            "date '2026-01-01' as first_used_on"
        )
        connection.execute("create table x_own as select 1 as a")
    store = read(path)

    assert store.rows("select component_id, zone, _row from component") == [("C1", "core", 1)]
    assert store.rows("select file, length(sha256) from source") == [("n.duckdb#component", 64)]
    assert store.rows("select database_name from duckdb_databases() where path is not null") == []


@pytest.mark.parametrize("cut", [0, 3, 40, -5])
def test_a_truncated_parquet_file_is_refused_by_name(tmp_path: Path, cut: int) -> None:
    folder = write_network(tmp_path / "n", {})
    path = folder / "component.parquet"
    pq.write_table(pa.table({"component_id": ["C1"] * 100}), path)
    path.write_bytes(path.read_bytes()[:cut])

    with pytest.raises(SourceError, match=r"component\.parquet: expected a Parquet file"):
        read(folder)


def test_parquet_of_other_types_is_read_or_refused_with_the_column(tmp_path: Path) -> None:
    folder = write_network(tmp_path / "n", {})
    table = pa.table({"component_id": [7], "population": ["many"], "first_used_on": [[1]]})
    pq.write_table(table.drop_columns(["first_used_on"]), folder / "component.parquet")
    store = read(folder)

    assert store.rows("select component_id, population from component") == [("7", None)]
    assert issues(store) == [(1, "population", "a whole number", "many")]
    pq.write_table(table, folder / "component.parquet")
    with pytest.raises(
        SourceError, match=r"column first_used_on: expected a date such as .*, got values of type BIGINT\[\]"
    ):
        read(folder)


@pytest.mark.parametrize(
    ("names", "words", "hint"),
    [
        ([], "expected at least one table, got none", "component"),
        (["componnt.csv"], "componnt.csv: expected a known table, got 'componnt'", "did you mean component?"),
        (
            ["component.csv", "component.parquet"],
            "table component is there already, in component.csv",
            "keep one",
        ),
    ],
)
def test_a_folder_of_wrong_files_is_refused(tmp_path: Path, names: list[str], words: str, hint: str) -> None:
    folder = write_network(tmp_path / "n", {})
    for name in names:
        (folder / name).write_text("component_id\n", "utf-8")

    with pytest.raises(SourceError) as caught:
        read(folder)
    assert words in str(caught.value)
    assert hint in caught.value.hint


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "secret.csv"
    outside.write_text("component_id\nC1\n", "utf-8")
    folder = write_network(tmp_path / "n", {})
    (folder / "component.csv").symlink_to(outside)

    with pytest.raises(SourceError, match="link that leads out"):
        read(folder)


def test_the_catalogues_tables_stand_unless_the_folder_brings_its_own(tmp_path: Path) -> None:
    header = ["catalogue_id", "rank", "function"]
    for brought, want in (
        ({}, "shipped"),
        ({"critical_function": "catalogue_id,rank,function\nown,1,UPF\n"}, "own"),
    ):
        store = Store.empty(threads=1)
        extra = [stage_rows(store, "critical_function", header, [["shipped", "1", "AMF"]], file="f")]
        folder = write_network(tmp_path / want, {"component": "component_id\nC1\n", **brought})
        read_folder(store, folder, extra=extra)

        assert store.rows("select catalogue_id from critical_function") == [(want,)]


def test_a_file_with_a_quote_in_its_name_is_read(tmp_path: Path) -> None:
    store = read(write_network(tmp_path / "it's", {"component": "component_id,name\nC1,a\n"}))

    assert components(store) == [("C1", 2)]
