"""Runs statements behind the walls, without the lint before them; a program of its own, for tests."""

from __future__ import annotations

import json
import sys

import duckdb

from netproof.checks.sandbox import Limits, limit_process, lock
from netproof.tables.store import Store


def main() -> None:
    """Print for each statement of standard input what became of it, as a JSON list."""
    store = Store.empty(threads=1)
    store.connection.execute(
        "create table component as select 'C' || i as component_id from range(1000) as t(i)"
    )
    limits = Limits(memory_mb=300, seconds=2)
    lock(store.connection, limits)
    limit_process(limits)
    ends = []
    for statement in json.load(sys.stdin):
        store.connection.execute("begin transaction read only")
        try:
            store.connection.execute(statement).fetchall()
            ends.append("ran")
        except duckdb.Error as error:
            ends.append(type(error).__name__)
        except MemoryError:
            ends.append("MemoryError")
        finally:
            store.connection.execute("rollback")
    left = store.value("select count(*) from component")
    sys.stdout.write(json.dumps({"ends": ends, "left": left}))


if __name__ == "__main__":
    main()
