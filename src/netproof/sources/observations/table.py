"""Reads netproof's own CSV: the columns of table observation; the component by any name it goes by."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from netproof.errors import SourceError
from netproof.sources.network import nearest
from netproof.sources.observations.lines import LINE_MAX, got, numbered
from netproof.sources.observations.seen import Kind, Reading, Seen, Slot
from netproof.sources.observations.values import moment_of, sha256_of
from netproof.tables.spec import all_specs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

TABLE = "observation"
ROWS_MAX = 20_000_000
_SLOTS = {"": Slot.IMAGE, **{slot.value: slot for slot in Slot}}


def read_table(file: BinaryIO, place: str) -> Reading:
    """Return what a table of observations says.

    Raises:
        SourceError: A column is unknown, a record has another number of values, or a value is none.
    """
    rows = _rows(file, place)
    _, header = next(rows, (1, []))
    _check_header(header, place)
    columns = _Columns(header, place)
    seen = []
    for line, row in rows:
        if len(row) != len(header):
            raise SourceError(f"{place}:{line}: expected {len(header)} values, got {len(row)}")
        seen.append(columns.seen(row, line))
        if len(seen) > ROWS_MAX:
            raise SourceError(f"{place}: expected at most {ROWS_MAX:,} observations, got more")
    return Reading(place, Kind.TABLE, tuple(seen))


def _rows(file: BinaryIO, place: str) -> Iterator[tuple[int, list[str]]]:
    """Yield records with the line on which each begins; empty lines are none."""
    csv.field_size_limit(LINE_MAX)
    at = 1

    def texts() -> Iterator[str]:
        nonlocal at
        for at, text in numbered(file, place):  # noqa: B007 - the line is read by the messages
            yield text + "\n"

    reader = csv.reader(texts(), strict=True)
    begins = 1
    try:
        for row in reader:
            if row:
                yield begins, row
            begins = at + 1
    except csv.Error as error:
        raise SourceError(f"{place}:{begins}: expected a record after RFC 4180, got {error}") from error


def _check_header(header: list[str], place: str) -> None:
    """Refuse columns that the table does not have."""
    known = list(all_specs()[TABLE].names)
    for number, name in enumerate(header, start=1):
        if name not in known and not name.startswith("x_"):
            raise SourceError(
                f"{place}:1:{number}: table {TABLE} has no column {got(name)}", hint=nearest(name, known)
            )
        if header.count(name) > 1:
            raise SourceError(f"{place}:1:{number}: expected each column once, got {got(name)} twice")
    for name in ("component_id", "observed_at"):
        if name not in header:
            raise SourceError(f"{place}:1: expected a column {name}, got none")


class _Columns:
    """Where in a record each value stands."""

    def __init__(self, header: list[str], place: str) -> None:
        self._place = place
        self._at = {name: number for number, name in enumerate(header)}

    def seen(self, row: list[str], line: int) -> Seen:
        """Return a record as what was seen."""
        name, written = self._value(row, "component_id"), self._value(row, "observed_at")
        digest, slot = self._value(row, "sha256").lower(), self._value(row, "slot")
        moment = moment_of(written) if len(written) > len("2026-11-01") else None
        if not name:
            raise self._wrong(row, line, "component_id", "a component")
        if moment is None:
            raise self._wrong(row, line, "observed_at", "a time such as 2026-11-01T08:30:00Z")
        if digest and sha256_of(digest) != digest:
            raise self._wrong(row, line, "sha256", "64 hexadecimal digits")
        if slot not in _SLOTS:
            raise self._wrong(row, line, "slot", f"one of {', '.join(Slot)}")
        version, source = self._value(row, "version"), self._value(row, "source")
        return Seen((name,), line, version, digest, _SLOTS[slot], moment, source)

    def _value(self, row: list[str], column: str) -> str:
        """Return a value; empty where the table does not have the column."""
        at = self._at.get(column)
        return "" if at is None else row[at].strip()

    def _wrong(self, row: list[str], line: int, column: str, expected: str) -> SourceError:
        """Return the error for a value."""
        at = self._at[column]
        return SourceError(
            f"{self._place}:{line}:{at + 1}: {column}: expected {expected}, got {got(row[at])}"
        )
