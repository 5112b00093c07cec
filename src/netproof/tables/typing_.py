"""How a value as written becomes a value as kept.

One SQL expression a column: NULL where the value cannot be read. Nothing is guessed: a date is
ISO 8601, a number is decimal, a digest has 64 hexadecimal digits.
"""

from __future__ import annotations

from dataclasses import dataclass

from netproof.errors import SourceError
from netproof.tables.spec import ColumnSpec, ColumnType
from netproof.tables.store import quoted, type_name

EXPECTED = {
    ColumnType.INTEGER: "a whole number",
    ColumnType.NUMBER: "a decimal number",
    ColumnType.BOOLEAN: "true or false",
    ColumnType.DATE: "a date such as 2026-11-01",
    ColumnType.TIMESTAMP: "a time such as 2026-11-01T08:30:00Z",
    ColumnType.DIGEST: "64 hexadecimal digits",
}

_INTEGERS = {
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT",
    "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
}  # fmt: skip
_DATE = r"\d{4}-\d{2}-\d{2}"
_TIME = _DATE + r"[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?"


@dataclass(frozen=True, slots=True)
class Reading:
    """How one raw column is read.

    Attributes:
        present: SQL, the raw value, NULL where nothing is written.
        value: SQL, the typed value, NULL where it cannot be read.
        may_fail: Whether a value that is present can be unreadable.
    """

    present: str
    value: str
    may_fail: bool


def expected(column: ColumnSpec) -> str:
    """Return in words what a column's values look like."""
    if column.type is ColumnType.VOCABULARY:
        return "one of " + ", ".join(column.vocabulary)
    return EXPECTED.get(column.type, "text")


def _from_text(column: ColumnSpec, raw: str) -> str:
    """Return the expression that reads the column's type from text that is not empty."""
    match column.type:
        case ColumnType.INTEGER:
            return f"case when regexp_full_match({raw}, '[+-]?[0-9]{{1,18}}') then cast({raw} as bigint) end"
        case ColumnType.NUMBER:
            pattern = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?"
            number = f"try_cast({raw} as double)"
            return f"case when regexp_full_match({raw}, '{pattern}') and isfinite({number}) then {number} end"
        case ColumnType.BOOLEAN:
            return f"case lower({raw}) when 'true' then true when 'false' then false end"
        case ColumnType.DATE:
            return f"case when regexp_full_match({raw}, '{_DATE}') then try_cast({raw} as date) end"
        case ColumnType.TIMESTAMP:
            return (
                f"case when regexp_full_match({raw}, '{_TIME}Z?') "
                f"then try_cast(rtrim({raw}, 'Z') as timestamp) "
                f"when regexp_full_match({raw}, '{_TIME}[+-]\\d{{2}}:?\\d{{2}}') "
                f"then try(make_timestamp(epoch_us(cast({raw} as timestamptz)))) end"
            )
        case ColumnType.DIGEST:
            prefixed = f"length({raw}) = 71 and starts_with({raw}, 'sha256:')"
            digits = f"case when {prefixed} then {raw}[8:] else {raw} end"
            return f"case when length({digits}) = 64 then try(unhex({digits})) end"
        case ColumnType.DICTIONARY | ColumnType.VOCABULARY:
            return f"try_cast({raw} as {type_name(column)})"
    return raw


def _numeric(kind: str) -> bool:
    """Whether a DuckDB type is one of numbers."""
    return kind in _INTEGERS or kind in ("DOUBLE", "FLOAT") or kind.startswith("DECIMAL")


def _from_number(wanted: ColumnType, raw: str, kind: str) -> str | None:
    """Return the expression for a raw number."""
    if wanted is ColumnType.NUMBER:
        return f"case when isfinite(cast({raw} as double)) then cast({raw} as double) end"
    if wanted is ColumnType.INTEGER:
        if kind in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT"):
            return raw
        return f"case when {raw} = floor({raw}) then try_cast({raw} as bigint) end"
    return None


def _from_time(wanted: ColumnType, raw: str, kind: str) -> str | None:
    """Return the expression for a raw date or time."""
    zoned = kind == "TIMESTAMP WITH TIME ZONE"
    if wanted is ColumnType.TIMESTAMP:
        return f"make_timestamp(epoch_us({raw}))" if zoned else f"cast({raw} as timestamp)"
    if wanted is ColumnType.DATE and kind == "DATE":
        return raw
    if wanted is ColumnType.DATE and not zoned:
        return f"case when cast(cast({raw} as date) as timestamp) = {raw} then cast({raw} as date) end"
    return None


def _from_other(wanted: ColumnType, raw: str, kind: str) -> str | None:
    """Return the expression for a raw value that is not text; None where none is sensible."""
    if _numeric(kind):
        return _from_number(wanted, raw, kind)
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        return _from_time(wanted, raw, kind)
    if kind == "BOOLEAN" and wanted is ColumnType.BOOLEAN:
        return raw
    if kind == "BLOB" and wanted is ColumnType.DIGEST:
        return f"case when octet_length({raw}) = 32 then {raw} end"
    return None


def reading(column: ColumnSpec, raw_type: str, *, place: str) -> Reading:
    """Return how the column is read from a raw column of the same name.

    Args:
        column: What is wanted.
        raw_type: DuckDB's name of the type that the file holds.
        place: The file, for the error.

    Raises:
        SourceError: No value of the raw type can be one of the column.
    """
    raw = quoted(column.name)
    kind = raw_type.upper()
    textual = column.type in (ColumnType.ID, ColumnType.TEXT, ColumnType.LIST) or column.coded
    if kind.startswith("ENUM"):
        raw, kind = f"cast({raw} as varchar)", "VARCHAR"
    if textual and (kind in _INTEGERS or kind == "UUID"):
        raw, kind = f"cast({raw} as varchar)", "VARCHAR"
    if kind == "VARCHAR":
        present = f"nullif({raw}, '')"
        never = textual and not column.closed
        return Reading(present, _from_text(column, present), may_fail=not never)
    if kind in ("NULL", '"NULL"'):
        return Reading("null", f"cast(null as {type_name(column)})", may_fail=False)
    other = _from_other(column.type, raw, kind)
    if other is None:
        raise SourceError(
            f"{place}: column {column.name}: expected {expected(column)}, got values of type {raw_type}",
            hint=f"write {column.name} as {'text' if textual else column.type.value}",
        )
    return Reading(raw, other, may_fail="case" in other or "try" in other)
