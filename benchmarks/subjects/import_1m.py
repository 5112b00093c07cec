"""How much longer does it take to read and type a million components than to copy the same files raw?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from benchmarks.registry import Phase, Subject, in_process
from netproof.demo import write
from netproof.sources import read_folder
from netproof.tables.constraints import verify
from netproof.tables.store import Store, literal, quoted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SITES = 200_000


def copied(network: Path) -> None:
    """Copy every Parquet file into a table of an in-memory DuckDB, as it is."""
    connection = duckdb.connect(":memory:")
    for file in sorted(network.glob("*.parquet")):
        connection.execute(f"create table {quoted(file.stem)} as from {literal(str(file))}")
    connection.close()


def coded(network: Path) -> None:
    """Keep only the components' ids, as a dictionary: what typing deliberately does not do."""
    connection = duckdb.connect(":memory:")
    file = literal(str(network / "component.parquet"))
    connection.execute(f"create type component_id as enum (select component_id from {file} order by 1)")
    connection.execute(f"create table component as select component_id::component_id as id from {file}")
    connection.close()


def read(network: Path, then: Callable[[Store], None], *, compressed_above: int = 0) -> None:
    """Read and type the network, and do with it what `then` does."""
    store = Store.empty(compressed_above=compressed_above)
    read_folder(store, network)
    then(store)
    store.connection.close()


def prepare(scratch: Path) -> list[Phase]:
    """Write an operator of 200,000 sites, about 1.2 million components, once."""
    network = scratch / "million"
    write(network, sites=SITES, format="parquet")
    copy = "DuckDB copies the files"
    return [
        Phase(copy, in_process(lambda: copied(network))),
        Phase("netproof reads and types", in_process(lambda: read(network, lambda _: None)), against=copy),
        Phase(
            "netproof reads, types and compresses",
            in_process(lambda: read(network, lambda _: None, compressed_above=128_000_000)),
            against=copy,
        ),
        Phase("a dictionary of the components' ids", in_process(lambda: coded(network)), against=copy),
        Phase("netproof reads, types and verifies", in_process(lambda: read(network, verify)), against=copy),
    ]


SUBJECT = Subject(
    "reading 200,000 sites, 1.2 million components, 6 million rows, as Parquet", prepare, repeats=5
)
