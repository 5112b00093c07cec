"""How do rows become files?

Values are written as the table specifications ask: dates ISO 8601, digests as 64 hexadecimal digits,
truth values true and false, unknown as nothing. The same rows give the same bytes.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from netproof.demo.frames import UNKNOWN
from netproof.tables.spec import ColumnType, TableSpec

if TYPE_CHECKING:
    from pathlib import Path

    from netproof.demo.frames import Column, Frame

_NUMBERS = (ColumnType.INTEGER, ColumnType.DATE, ColumnType.TIMESTAMP)
_ARROW = {
    ColumnType.INTEGER: pa.int64(),
    ColumnType.NUMBER: pa.float64(),
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.DATE: pa.date32(),
    ColumnType.TIMESTAMP: pa.timestamp("s"),
    ColumnType.DIGEST: pa.binary(),
}
ROWS_AT_ONCE = 200_000
"""So many rows are text at a time, so that a large table does not fill the memory."""


def _words(kind: ColumnType, column: Column) -> list[str]:
    """Return a column as CSV writes it."""
    if kind in _NUMBERS:
        written = column.astype("int64")
        if kind is ColumnType.DATE:
            texts = written.astype("datetime64[D]").astype(str).tolist()
        elif kind is ColumnType.TIMESTAMP:
            texts = [f"{text}Z" for text in written.astype("datetime64[s]").astype(str).tolist()]
        else:
            texts = [str(value) for value in written.tolist()]
        return [text if known else "" for text, known in zip(texts, written != UNKNOWN, strict=True)]
    if kind is ColumnType.NUMBER:
        return ["" if value != value else repr(value) for value in column.tolist()]  # noqa: PLR0124 -- NaN
    if kind is ColumnType.BOOLEAN:
        return ["" if value is None else str(value).lower() for value in column.tolist()]
    if kind is ColumnType.DIGEST:
        return ["" if value is None else value.hex() for value in column.tolist()]
    return ["" if value is None else value for value in column.tolist()]


def _array(kind: ColumnType, column: Column) -> Any:
    """Return a column as Parquet keeps it."""
    wanted = _ARROW.get(kind, pa.string())
    if kind in _NUMBERS:
        written = column.astype("int64")
        plain = pa.array(written, mask=written == UNKNOWN)
        return plain.cast(pa.int32()).cast(wanted) if kind is ColumnType.DATE else plain.cast(wanted)
    if kind is ColumnType.NUMBER:
        return pa.array(column, mask=np.isnan(column), type=wanted)
    return pa.array(column, type=wanted)


def _ordered(spec: TableSpec, frame: Frame) -> list[tuple[str, ColumnType]]:
    """Return the columns that the rows have, in the specification's order."""
    return [(column.name, column.type) for column in spec.columns if column.name in frame.columns]


def write_csv(path: Path, spec: TableSpec, frame: Frame) -> None:
    """Write the rows as CSV (RFC 4180, UTF-8, line feeds)."""
    columns = _ordered(spec, frame)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([name for name, _ in columns])
        for start in range(0, len(frame), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            rows = [_words(kind, frame[name][part]) for name, kind in columns]
            writer.writerows(zip(*rows, strict=True))


def write_parquet(path: Path, spec: TableSpec, frame: Frame) -> None:
    """Write the rows as one Parquet file."""
    arrays = {name: _array(kind, frame[name]) for name, kind in _ordered(spec, frame)}
    pq.write_table(pa.table(arrays), path, compression="zstd")
