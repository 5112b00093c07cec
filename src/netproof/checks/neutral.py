"""Which columns could name a supplier, a product, a country or a person, so that no rule may pick by them.

Decided from the table specifications, by what a column holds:

- ids, references, names, countries, regions, versions, digests and free text are protected;
- the catalogue's own words are not: vocabularies (function, zone, status), schemes, signals, and the text
  of the reference tables (document, area), for a rule has to speak of them; a literal that is not a known
  word of its column is flagged for a person to look at (`VOCABULARY`);
- numbers, yes/no and dates are not: they name nobody, but a literal beside a date or a coordinate is
  flagged as well (`REVIEWED`), and so is an amount that must equal one (`AMOUNTS`).

What remains for a person to see: a day, a place, a word outside its vocabulary, an exact figure, the
order of names (all flagged); a range of figures, a number of rows, a parameter's value, and a protected
column that breaks ties in a window's order (not flagged, for honest rules need them).

Tables that are not specified (those computed from others, a user's own) are judged by column name: what is
protected in any specified table is protected there, and so is a name that nothing here knows, unless its
type is known and holds no text (`COMPUTED` has the names for where types are not told).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from netproof.tables.spec import ColumnSpec, ColumnType, TableKind, TableSpec, all_specs

if TYPE_CHECKING:
    from collections.abc import Collection

_PLAIN_TYPES = frozenset({ColumnType.BOOLEAN, ColumnType.DATE, ColumnType.NUMBER, ColumnType.TIMESTAMP})
_PLAIN_DOMAINS = frozenset({"function", "scheme", "signal", "catalogue_id", "function_class", "observer"})
"""Dictionaries that hold the catalogue's words, or the name of a measuring tool, not of a supplier."""
_PLAIN_LISTS = frozenset({("certificate", "requirement_documents"), ("critical_function", "schemes")})
_NAMING_NUMBERS = frozenset({("supplier", "pen"), ("restriction", "supplier_pen")})

COMPUTED = frozenset(
    {
        # amounts, ranks, states and words of the catalogue; what is not here is protected there
        "allowed", "binding", "certain", "changed_after", "changed_at", "compared_differs", "components",
        "deadline", "dimension", "document_admitted", "document_key", "documents", "done_on", "exceeded",
        "feeds", "first_seen_at", "fleet_differs", "function_class", "grade", "hypothetical", "known",
        "largest", "last_heard_on", "later", "least_index", "live_on", "lost_share", "most_index",
        "rebuild", "route", "running", "scheme", "scheme_asked", "schemes", "security", "selected",
        "share", "signals", "signed_not_logged", "supplies", "total", "towards_core", "tree_rank",
        "unclear", "uncounted", "unmade", "up", "valid", "valid_on_date", "version_covered", "worked_at",
    }
)  # fmt: skip
"""Columns of computed tables that name nobody."""


def is_protected(table: TableSpec, column: ColumnSpec) -> bool:
    """Return whether a column of a specified table could name somebody."""
    place = (table.name, column.name)
    if place in _NAMING_NUMBERS:
        return True
    if column.references:
        return True
    if (
        column.type in _PLAIN_TYPES
        or column.type is ColumnType.INTEGER
        or column.type is ColumnType.VOCABULARY
    ):
        return False
    if column.domain in _PLAIN_DOMAINS or place in _PLAIN_LISTS:
        return False
    return not (table.kind is TableKind.REFERENCE and column.type in {ColumnType.TEXT, ColumnType.LIST})


PROTECTED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        name: frozenset(column.name for column in spec.columns if is_protected(spec, column))
        for name, spec in all_specs().items()
    }
)
"""The protected columns of each specified table."""


def _columns() -> list[tuple[TableSpec, ColumnSpec]]:
    """Return every specified column with its table."""
    return [(spec, column) for spec in all_specs().values() for column in spec.columns]


def _plain_elsewhere() -> frozenset[str]:
    """Return the names that are not protected in a table without specification."""
    protected = frozenset().union(*PROTECTED.values())
    reference = {
        column.name
        for spec, column in _columns()
        if spec.kind is TableKind.REFERENCE and column.name not in PROTECTED[spec.name]
    } - {"source"}  # elsewhere: who says so
    return COMPUTED | frozenset(reference | ({column.name for _, column in _columns()} - protected))


_PLAIN_ELSEWHERE = _plain_elsewhere()
_NAMES_PROTECTED = frozenset().union(*PROTECTED.values())
_DATE_KINDS = frozenset({"DATE", "TIMESTAMP"})
_WHOLE_KINDS = frozenset(
    {"BIGINT", "BOOLEAN", "HUGEINT", "INTEGER", "SMALLINT", "TINYINT", "UINTEGER", "USMALLINT"}
)
_PLAIN_KINDS = _DATE_KINDS | _WHOLE_KINDS | {"DOUBLE", "FLOAT"}
"""DuckDB types that hold no text, by which nobody can be named."""


def protected_among(
    table: str, columns: Collection[str], given: Mapping[str, Collection[str]] = PROTECTED
) -> frozenset[str]:
    """Return which columns of a table are protected.

    Args:
        table: The table.
        columns: Its columns, if possible with their DuckDB types; those that begin with x_ are the
            user's own and always protected.
        given: The protected columns of known tables; another table is judged by column name.
    """
    known = given.get(table)
    own = frozenset(column for column in columns if column.startswith("x_"))
    if known is not None:
        return own | frozenset(known)
    types = columns if isinstance(columns, Mapping) else {}
    plain = {
        name for name, kind in types.items() if name not in _NAMES_PROTECTED and kind.upper() in _PLAIN_KINDS
    }
    return own | (frozenset(columns) - _PLAIN_ELSEWHERE - plain)


_WORDS = {
    "signal": frozenset({"up", "log", "ids"}),
    "dimension": frozenset({"function", "region"}),
    "rebuild": frozenset({"identical", "same_after_normalising", "different"}),
    "status": frozenset({"logged", "unknown", "withdrawn", "late", "differs", "no_evidence"}),
}
"""Known words of columns whose specification gives examples only."""
_TEXTS = frozenset(
    {ColumnType.ID, ColumnType.DICTIONARY, ColumnType.VOCABULARY, ColumnType.TEXT, ColumnType.LIST}
)


def _vocabulary() -> dict[str, frozenset[str]]:
    """Return the known words of each column name that holds text and is not protected everywhere."""
    words = dict.fromkeys(("document_key", "documents"), frozenset[str]()) | _WORDS
    for spec, column in _columns():
        if column.type in _TEXTS and column.name not in PROTECTED[spec.name]:
            words[column.name] = words.get(column.name, frozenset()) | frozenset(column.vocabulary)
    return words


VOCABULARY: Mapping[str, frozenset[str]] = MappingProxyType(_vocabulary())
"""The known words of columns that hold text and may be compared with a literal, by column name."""

DATES = frozenset(
    column.name for _, column in _columns() if column.type in {ColumnType.DATE, ColumnType.TIMESTAMP}
) | {"changed_after", "changed_at", "done_on", "first_seen_at", "last_heard_on", "live_on", "worked_at"}
"""Columns that hold a date or a timestamp, by name."""

WHOLE = frozenset(
    column.name for _, column in _columns() if column.type in {ColumnType.INTEGER, ColumnType.BOOLEAN}
) | {"allowed", "certain", "components", "known", "nth", "total", "tree_rank", "uncounted", "valid"}
"""Columns that hold whole numbers or yes/no, by name."""


def is_date(column: str, kind: str) -> bool:
    """Return whether a column holds a date or a timestamp: by its type where known, else its name."""
    return kind.upper() in _DATE_KINDS if kind else column in DATES


def is_whole(column: str, kind: str) -> bool:
    """Return whether a column holds whole numbers or yes/no, by its type where known, else by its name."""
    return kind.upper() in _WHOLE_KINDS if kind else column in WHOLE


REVIEWED = DATES | {"latitude_deg", "longitude_deg"}
"""Columns that are not protected, but could single somebody out beside a literal."""

AMOUNTS = frozenset(
    column.name
    for spec, column in _columns()
    if column.type in {ColumnType.INTEGER, ColumnType.NUMBER} and column.name not in PROTECTED[spec.name]
) - {"rank"}
"""Columns that hold an amount: above a literal is a threshold, equal to one is somebody's own figure."""
