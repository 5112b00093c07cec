"""Reads CSV: RFC 4180, UTF-8, a byte order mark tolerated.

Two readers that agree on every clean file: DuckDB's, which is fast, and an exact one, which knows
the line and column of all that is broken. A file goes to the exact reader when a pass over its
bytes, or the fast reader, finds anything out of the ordinary. Both leave the values as text.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from netproof.errors import SourceError
from netproof.sources.network import nearest
from netproof.tables.store import Store, literal, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from netproof.sources.scan import Scan
    from netproof.tables.spec import TableSpec

LINE_MAX = 1 << 20
"""Longest line that is read [bytes]; a longer one is named and passed over."""
COLUMNS_MAX = 1000
"""Most columns that a header may have."""
GOT_CHARACTERS = 200
_BATCH = 50_000
_BOM = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Broken:
    """A record that could not be split into its columns."""

    line: int
    column: str
    expected: str
    got: str


@dataclass(slots=True)
class _Lines:
    """The text lines of a file, each counted; what is no text is put aside.

    Attributes:
        begins: The line on which the record that is being read began; 0 before it does.
    """

    path: Path
    broken: list[Broken] = field(default_factory=list)
    number: int = 0
    begins: int = 0

    def __iter__(self) -> Iterator[str]:
        with self.path.open("rb") as file:
            while raw := file.readline(LINE_MAX + 1):
                self.number += 1
                if len(raw) > LINE_MAX and not raw.endswith(b"\n"):
                    size = len(raw)
                    while (rest := file.readline(LINE_MAX)) and not rest.endswith(b"\n"):
                        size += len(rest)
                    self._put_aside(
                        raw[:GOT_CHARACTERS],
                        f"a line of at most {LINE_MAX:,} bytes",
                        f"{size + len(rest):,} bytes",
                    )
                    continue
                if self.number == 1:
                    raw = raw.removeprefix(_BOM)
                if (at := raw.find(b"\0")) >= 0:
                    self._put_aside(raw[:at], "text", f"a NUL byte at byte {at + 1} of the line")
                    continue
                try:
                    text = raw.decode("utf-8")
                except UnicodeDecodeError as error:
                    byte = f"byte 0x{raw[error.start]:02X} at byte {error.start + 1} of the line"
                    self._put_aside(raw[: error.start], "text in UTF-8", byte)
                    continue
                self.begins = self.begins or self.number
                yield text

    def _put_aside(self, before: bytes, expected: str, got: str) -> None:
        """Remember a line that cannot be read; the column is the one in which it breaks."""
        text = before.decode("utf-8", "replace")
        column = str(len(next(csv.reader([text]), [""])) or 1)
        self.broken.append(Broken(self.number, column, expected, got))


def read_header(path: Path, spec: TableSpec, place: str) -> list[str]:
    """Return the header of a CSV file.

    Raises:
        SourceError: There is none, or it names a column that is not known or twice there.
    """
    with path.open("rb") as file:
        raw = file.readline(LINE_MAX + 1)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SourceError(f"{place}:1: expected UTF-8, got UTF-16", hint="save the file as CSV UTF-8")
    commas = raw.count(b",") + 1
    if commas > COLUMNS_MAX:
        raise SourceError(f"{place}:1: expected at most {COLUMNS_MAX:,} columns, got {commas:,} or more")
    if len(raw) > LINE_MAX or b"\0" in raw:
        what = "a NUL byte" if b"\0" in raw else f"more than {LINE_MAX:,} bytes"
        raise SourceError(f"{place}:1: expected a line of column names, got {what}")
    try:
        text = raw.removeprefix(_BOM).decode("utf-8").rstrip("\r\n")
        names = next(csv.reader([text], strict=True), [])
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{place}:1: expected text in UTF-8, got byte 0x{raw[error.start]:02X}",
            hint="save the file as CSV UTF-8",
        ) from error
    except csv.Error as error:
        raise SourceError(f"{place}:1: expected column names, got {error}") from error
    check_names(names, spec, f"{place}:1")
    return names


def check_names(names: Sequence[str], spec: TableSpec, place: str) -> None:
    """Refuse columns that are unknown, unnamed or twice there.

    Raises:
        SourceError: With the nearest known name.
    """
    if not any(names):
        raise SourceError(
            f"{place}: expected column names, got nothing",
            hint="the first line names the columns: " + ",".join(spec.names),
        )
    for number, name in enumerate(names, start=1):
        if name in spec.names or (name.startswith("x_") and names.index(name) == number - 1):
            if names.index(name) != number - 1:
                raise SourceError(f"{place}: column {number}: {name} stands there twice")
            continue
        if ";" in name and len(names) == 1:
            raise SourceError(
                f"{place}: expected columns separated by commas, got semicolons",
                hint="save the file as CSV with commas",
            )
        raise SourceError(
            f"{place}: column {number}: table {spec.name} has no column {name!r}",
            hint=nearest(name, list(spec.names)) + " (a column of one's own begins with x_)",
        )


def stage_fast(store: Store, path: Path, header: Sequence[str], stage: str, seen: Scan) -> bool:
    """Read a clean file with DuckDB into a temporary table with column `_line`.

    Returns:
        False where the file is not clean and the exact reader must read it.
    """
    if not seen.plain or seen.longest > LINE_MAX or len(header) < 2:
        return False
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in header)
    options = (
        "auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', "
        f"strict_mode = true, null_padding = false, max_line_size = {LINE_MAX + 2}, columns = {{{columns}}}"
    )
    try:
        store.connection.execute(
            f"create temp table {stage} as select * from read_csv({literal(str(path))}, {options})"
        )
    except duckdb.Error:
        return False
    if store.value(f"select count(*) from {stage}") + 1 == seen.lines:
        return True
    store.connection.execute(f"drop table {stage}")
    return False


def stage_exact(store: Store, path: Path, header: Sequence[str], stage: str) -> list[Broken]:
    """Read a file record by record into a temporary table with column `_line`.

    Returns:
        The records that are no records of this header.
    """
    columns = ", ".join(f"{quoted(name)} varchar" for name in header)
    store.connection.execute(f"create temp table {stage} ({columns}, _line bigint)")
    lines = _Lines(path)
    csv.field_size_limit(LINE_MAX)
    batch: list[list[str]] = []
    places: list[int] = []
    for line, record in _records(lines, len(header)):
        batch.append(record)
        places.append(line)
        if len(batch) == _BATCH:
            _append(store, stage, header, batch, places)
            batch, places = [], []
    _append(store, stage, header, batch, places)
    for item in lines.broken:
        place = int(item.column) - 1 if item.column.isdigit() else -1
        item.column = header[place] if 0 <= place < len(header) else ""
    return sorted(lines.broken, key=lambda item: item.line)


def _records(lines: _Lines, width: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the records after the header with the line on which each begins."""
    source = iter(lines)
    header = True
    while True:
        reader = csv.reader(source, strict=True)
        try:
            for record in reader:
                begins, lines.begins = lines.begins, 0
                if header:
                    header = False
                elif len(record) == width:
                    yield begins, record
                elif record:
                    got = f"{len(record)}: {','.join(record)}"[:GOT_CHARACTERS]
                    column = str(min(len(record), width))
                    lines.broken.append(Broken(begins, column, f"{width} columns", got))
        except csv.Error as error:
            lines.broken.append(Broken(lines.begins, "", "a record after RFC 4180", str(error)))
            lines.begins, header = 0, False
            continue
        return


def _append(
    store: Store, stage: str, header: Sequence[str], batch: list[list[str]], places: list[int]
) -> None:
    """Append records to the stage."""
    if not batch:
        return
    columns = [pa.array(values, pa.string()) for values in zip(*batch, strict=True)]
    table = pa.table([*columns, pa.array(places, pa.int64())], names=[*header, "_line"])
    store.connection.register("_batch", table)
    store.connection.execute(f"insert into {stage} select * from _batch")
    store.connection.unregister("_batch")
