"""The walls behind the lint: each statement goes to the database as if the lint had let it pass."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from netproof.checks.sandbox import Limits, lock
from netproof.errors import CheckError
from netproof.tables.store import Store


def behind_walls(statements: list[str], folder: Path) -> dict[str, Any]:
    """Run the statements in a bound process whose working folder is `folder`."""
    program = Path(__file__).with_name("sandboxed.py")
    done = subprocess.run(
        [sys.executable, str(program)], input=json.dumps(statements), cwd=folder, capture_output=True, text=True,
        timeout=60, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)  # type: ignore[no-any-return]


READING = [
    "select * from read_csv('/etc/passwd')",
    "select * from read_text('/etc/passwd')",
    "select * from read_blob('/etc/hostname')",
    "select * from '/etc/passwd'",
    "select * from glob('/etc/*')",
    "select * from read_json('http://127.0.0.1/x')",
    "attach '/etc/x.duckdb'",
    "copy component from '/etc/passwd'",
]
WRITING = [
    "copy component to 'out.csv'",
    "with d as (copy (select 1) to 'out.csv') select 1",
    "export database 'out'",
    "attach 'out.duckdb'",
    "create persistent secret s (type http, bearer_token 'x')",
    "delete from component",
    "with d as (delete from component returning *) select count(*) from d",
    "drop table component",
    "insert into component values ('X')",
    "update component set component_id = 'X'",
    "create table other as select 1",
]
LOADING = [
    "install httpfs",
    "load httpfs",
    "set memory_limit = '99GB'",
    "reset lock_configuration",
    "set enable_external_access = true",
    "set log_query_path = 'out.log'",
    "pragma enable_profiling",
]
ENDLESS = [
    "select count(*) from range(1000000000) as a, range(1000000000) as b",
    "with recursive r as (select 1 as n union all select n + 1 from r) select count(*) from r",
]
BOMBS = [
    "select list(i) from range(500000000) as t(i)",
    "select string_agg(repeat('x', 1000), '') from range(100000000)",
    "select len(range(150000000))",
    "select length(repeat('x', 2000000000))",
]


def test_nothing_outside_is_read_written_or_loaded(tmp_path: Path) -> None:
    statements = READING + WRITING + LOADING
    got = behind_walls(statements, tmp_path)
    passed = [text for text, end in zip(statements, got["ends"], strict=True) if end == "ran"]

    assert passed == []
    assert got["left"] == 1000
    assert list(tmp_path.iterdir()) == []


def test_endless_queries_are_stopped(tmp_path: Path) -> None:
    assert "ran" not in behind_walls(ENDLESS, tmp_path)["ends"]


@pytest.mark.parametrize("statement", BOMBS)
def test_memory_is_bounded_by_the_operating_system(statement: str, tmp_path: Path) -> None:
    try:
        ends = behind_walls([statement], tmp_path)["ends"]
    except subprocess.CalledProcessError:
        ends = ["ended"]

    assert ends != ["ran"]


def test_a_database_with_a_file_cannot_be_locked(tmp_path: Path) -> None:
    store = Store.empty(threads=1)
    store.connection.execute(f"attach '{tmp_path / 'x.duckdb'}' as x")

    with pytest.raises(CheckError, match="without files"):
        lock(store.connection, Limits())
