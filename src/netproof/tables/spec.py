"""What tables there are: one TOML file a table, read once and frozen.

The same file is schema, validation and manual. Everything that knows a column
name asks here; nothing else lists columns.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from netproof.errors import TableError


class ColumnType(StrEnum):
    """How a column's values are written and kept."""

    ID = "id"
    """Text that names a row among many (a component, a link)."""
    DICTIONARY = "dictionary"
    """Text that repeats (a supplier, a version): kept as a small integer, shown as text."""
    VOCABULARY = "vocabulary"
    """One of a known list; kept like a dictionary."""
    TEXT = "text"
    LIST = "list"
    """Several texts, separated by semicolons."""
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    DIGEST = "digest"


class TableKind(StrEnum):
    """Who writes a table."""

    INPUT = "input"
    """The operator, as a file in the folder."""
    REFERENCE = "reference"
    """The catalogue, unless the folder brings its own."""
    COMPUTED = "computed"
    """Netproof, while it reads; no file of the folder is taken for it."""


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column.

    Attributes:
        domain: Columns of one domain share one dictionary, so that they compare as integers.
        references: Tables whose key a value may be; empty: none.
        required: A row without it cannot be used.
    """

    name: str
    type: ColumnType
    meaning: str
    unit: str = ""
    domain: str = ""
    references: tuple[str, ...] = ()
    vocabulary: tuple[str, ...] = ()
    open: bool = False
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None

    @property
    def coded(self) -> bool:
        """Whether values are kept as small integers."""
        return self.type in (ColumnType.DICTIONARY, ColumnType.VOCABULARY)

    @property
    def closed(self) -> bool:
        """Whether only the vocabulary's values are allowed."""
        return self.type is ColumnType.VOCABULARY and not self.open


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table.

    Attributes:
        rests_on: For a computed table that kernels make: the tables that it is made from.
        needs: Those of them without whose rows it has none.
        missing: What to say of a table that is missing, where it is no file that the operator forgot.
    """

    name: str
    title: str
    meaning: str
    kind: TableKind
    key: tuple[str, ...]
    columns: tuple[ColumnSpec, ...]
    standard: str = ""
    rests_on: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    missing: str = ""

    def column(self, name: str) -> ColumnSpec:
        """Return the column of that name.

        Raises:
            TableError: There is none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        msg = f"table {self.name} has no column {name}"
        raise TableError(msg)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(column.name for column in self.columns)


def _column(table: str, key: list[str], raw: dict[str, Any]) -> ColumnSpec:
    """Freeze one column; a key column is required."""
    name = raw["name"]
    kind = ColumnType(raw["type"])
    references = tuple(raw.get("references", "").split(" or ")) if raw.get("references") else ()
    domain = raw.get("domain", "")
    if not domain and kind is ColumnType.DICTIONARY:
        domain = f"{references[0]}_id" if references else name
    if not domain and kind is ColumnType.VOCABULARY:
        domain = name if raw.get("open") and name == "function" else f"{table}_{name}"
    return ColumnSpec(
        name=name,
        type=kind,
        meaning=raw["meaning"],
        unit=raw.get("unit", ""),
        domain=domain,
        references=references,
        vocabulary=tuple(raw.get("vocabulary", ())),
        open=raw.get("open", False),
        required=raw.get("required", name in key),
        minimum=raw.get("minimum"),
        maximum=raw.get("maximum"),
    )


def read_spec(name: str, text: str) -> TableSpec:
    """Read one table's specification.

    Raises:
        TableError: The text is not a specification.
    """
    try:
        raw = tomllib.loads(text)
        spec = TableSpec(
            name=name,
            title=raw["title"],
            meaning=raw["meaning"],
            kind=TableKind(raw["kind"]),
            key=tuple(raw["key"]),
            columns=tuple(_column(name, raw["key"], column) for column in raw["columns"]),
            standard=raw.get("standard", ""),
            rests_on=tuple(raw.get("rests_on", ())),
            needs=tuple(raw.get("needs", ())),
            missing=raw.get("missing", ""),
        )
    except (KeyError, ValueError) as error:
        msg = f"specification of table {name}: {error!r}"
        raise TableError(msg) from error
    for key in spec.key:
        spec.column(key)
    return spec


@cache
def all_specs() -> dict[str, TableSpec]:
    """Read every specification that netproof ships, by table name, in alphabetical order."""
    folder = resources.files(__package__) / "spec"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return {
        (name := file.name.removesuffix(".toml")): read_spec(name, file.read_text("utf-8")) for file in files
    }
