"""Entries of a verified log as rows of the tables logged_release, logged_withdrawal and logged_rebuild."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from netproof.integrity.entries import read_entries
from netproof.tlog.statement import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from netproof.integrity.proven import Proven

BATCH = 8_192
"""Entries that become rows at once."""
_COMMON: Mapping[str, str] = {
    "supplier_id": "supplier",
    "product_id": "product",
    "version": "release",
    "part": "component",
    "sha256": "digests",
}
_TABLES: Mapping[Kind, tuple[str, Mapping[str, str]]] = {
    Kind.RELEASE: (
        "logged_release",
        {**_COMMON, "size": "size", "supplier_signed": "supplier_sig", "stated_at": "time"},
    ),
    Kind.WITHDRAW: ("logged_withdrawal", {**_COMMON, "reason": "reason"}),
    Kind.REBUILD: ("logged_rebuild", {**_COMMON, "result": "result"}),
}
"""For each kind that has a table: its columns and the field of each."""


def batches(
    proven: Proven, size: int, progress: Callable[[str, int, int], None]
) -> Iterator[tuple[str, pa.Table]]:
    """Yield a table's name and rows of it, for the entries up to a size.

    Args:
        proven: The log.
        size: Entries that count; of a kept checkpoint.
        progress: Told what is read, how many entries are done and how many there are.

    Raises:
        LogError: An entry is not in the tree, or is no statement.
    """
    times = proven.times(size)
    ends = np.array([end for end, _ in times], np.int64)
    moments = np.array([np.datetime64(at or "NaT", "s") for _, at in times], "datetime64[s]")
    entries = read_entries(islice(proven.published.entries(), size))
    done = 0
    while done < size:
        progress("log of releases", done, size)
        found: dict[Kind, list[tuple[int, Mapping[str, Any]]]] = {kind: [] for kind in _TABLES}
        for index, kind, values in islice(entries, BATCH):
            done = index + 1
            if kind in found:
                found[kind].append((index, values))
        for kind, rows in found.items():
            if rows:
                table, columns = _TABLES[kind]
                yield table, _rows(rows, columns, ends, moments)


def _rows(
    rows: list[tuple[int, Mapping[str, Any]]],
    columns: Mapping[str, str],
    ends: np.ndarray[Any, np.dtype[np.int64]],
    moments: np.ndarray[Any, np.dtype[np.datetime64]],
) -> pa.Table:
    """Return rows of one table."""
    index = np.array([index for index, _ in rows], np.int64)
    made: dict[str, pa.Array] = {
        "entry_index": pa.array(index),
        "logged_at": pa.array(moments[np.searchsorted(ends, index, side="right")]),
    }
    for column, field in columns.items():
        made[column] = pa.array(
            [bytes.fromhex(values[field]["sha256"]) for _, values in rows]
            if column == "sha256"
            else [field in values for _, values in rows]
            if column == "supplier_signed"
            else [values.get(field) for _, values in rows]
        )
    return pa.table(made)
