"""Which rows of two networks' tables differ, column by column.

Reads only the tables whose files differ, and those through which a differing row leads to what was
judged. Rows are the same where their keys are; in which order they stand does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from netproof.pipeline.details import shown
from netproof.pipeline.stages import tables_beside
from netproof.sources import read_folder
from netproof.tables.rows import stage_rows
from netproof.tables.spec import TableSpec, all_specs
from netproof.tables.store import Store, key_text, literal, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    import pyarrow as pa

    from netproof.pipeline.stages import Plan

ALIKE_MAX = 5
"""Changed rows of one table that are looked at for one thing that they share with a judged row."""
_BETWEEN_MAX = 100_000
"""Rows of a table through which a differing row is followed to a judged row."""
WEAK = ("function", "region")
"""Words that many rows share; they count where a check judges them."""

Mark = tuple[str, str]
"""What a row is or refers to: a table or vocabulary, and the key or word."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one of two assessments came from.

    Attributes:
        tables: Its tables with their files, as the report's details tell them.
    """

    path: Path
    asked: Plan
    tables: tuple[Mapping[str, Any], ...]

    def digests(self) -> dict[str, list[str]]:
        """Return what each table was read from."""
        return {t["name"]: [f"{f['sha256'] or f['file']}" for f in t["files"]] for t in self.tables}


@dataclass(slots=True)
class Row:
    """A row that differs, with what it is or refers to on either side."""

    table: str
    key: str
    old_place: int | None
    new_place: int | None
    marks: set[Mark] = field(default_factory=set)

    @property
    def change(self) -> str:
        """What became of it."""
        if self.old_place is None:
            return "added"
        return "removed" if self.new_place is None else "changed"

    def order(self) -> tuple[str, str, int, int]:
        """Return by what rows are ordered."""
        return (self.table, self.key, self.old_place or 0, self.new_place or 0)


def between(differing: Collection[str], old: Origin, new: Origin) -> frozenset[str]:
    """Return the tables, if not large, that differing rows refer to: a clause to its declaration, for one."""
    rows: dict[str, int] = {}
    for table in (*old.tables, *new.tables):
        rows[table["name"]] = max(rows.get(table["name"], 0), table["rows"])
    referred = {domain for table in differing for _, domain in marks_of(all_specs()[table])} - set(WEAK)
    return frozenset(name for name in referred if rows.get(name, 0) <= _BETWEEN_MAX)


def read(origin: Origin, tables: Collection[str]) -> Store:
    """Return a store with some tables of a network."""
    store = Store.empty()
    extra = [
        stage_rows(store, item.table, item.header, item.rows, file=item.file)
        for item in tables_beside(origin.asked)
        if item.table in tables
    ]
    read_folder(store, origin.path, extra=extra, only=tables)
    return store


@dataclass(frozen=True, slots=True)
class Pair:
    """The tables of both sides."""

    old: Store
    new: Store
    between: frozenset[str]
    _values: dict[tuple[str, str, int], tuple[Any, ...]] = field(default_factory=dict)

    def sides(self) -> tuple[tuple[str, Store], ...]:
        """Return both stores with their names."""
        return (("old", self.old), ("new", self.new))

    def differing(self, spec: TableSpec) -> dict[str, int]:
        """Make `_differing_T` in both stores, and return how many rows differ, by what became of them."""
        columns = ", ".join(shown(c.name, c.type.value) for c in spec.columns)
        select = (
            f"select {key_text(spec)} as k, "
            "row_number() over (partition by k order by _source, _row) as nth, "
            f"hash({columns}) as h, rowid as place from {quoted(spec.name)}"
        )
        old = self.old.connection.sql(select).to_arrow_table()
        connection = self.new.connection
        connection.register("_old", old)
        name = quoted(f"_differing_{spec.name}")
        connection.execute(
            f"create temp table {name} as select k, o.place as old_place, n.place as new_place "
            f"from _old as o full join ({select}) as n using (k, nth) where o.h is distinct from n.h"
        )
        connection.unregister("_old")
        self.old.connection.register("_given", connection.sql(f"from {name}").to_arrow_table())
        self.old.connection.execute(f"create temp table {name} as from _given")
        self.old.connection.unregister("_given")
        counted = self.new.rows(
            "select count(*) filter (old_place is null), count(*) filter (new_place is null), "
            f"count(*) filter (old_place = old_place and new_place = new_place) from {name}"
        )[0]
        return dict(zip(("added", "removed", "changed"), counted, strict=True))

    def marked(self, spec: TableSpec, wanted: pa.Table) -> list[Row]:
        """Return differing rows that bear a wanted mark, a few for each."""
        rows: dict[tuple[Any, Any], Row] = {}
        domains = set(wanted["domain"].unique().to_pylist())
        for side, store in self.sides():
            store.connection.register("_wanted", wanted)
            for values, domain in self._paths(spec):
                if domain not in domains:
                    continue
                found = store.rows(
                    f"select d.k, d.old_place, d.new_place, t.v from ({values}) as t "
                    f"join {quoted('_differing_' + spec.name)} as d on t.place = d.{side}_place "
                    f"where t.v in (select value from _wanted where domain = {literal(domain)}) "
                    f"qualify row_number() over (partition by t.v order by d.k) <= {ALIKE_MAX}"
                )
                for key, old_place, new_place, value in found:
                    row = rows.setdefault((old_place, new_place), Row(spec.name, key, old_place, new_place))
                    row.marks.add((domain, value))
            store.connection.unregister("_wanted")
        self._fetch(spec, rows.values())
        return list(rows.values())

    def _fetch(self, spec: TableSpec, rows: Iterable[Row]) -> None:
        """Keep the values of rows on either side, with the file and line that each was read from."""
        columns = ", ".join(shown(c.name, c.type.value) for c in spec.columns)
        rows = list(rows)
        for side, store in self.sides():
            places = {row.old_place if side == "old" else row.new_place for row in rows} - {None}
            found = store.rows(
                f"select rowid, {columns}, (select file from source where source_no = _source), _row "
                f"from {quoted(spec.name)} where rowid in (select unnest($places))",
                {"places": sorted(place for place in places if place is not None)},
            )
            for place, *values in found:
                self._values[side, spec.name, place] = tuple(values)

    def _paths(self, spec: TableSpec) -> Iterator[tuple[str, str]]:
        """Yield SELECTs of the marks of a table's rows, and of the rows that they refer to."""
        for column, domain in marks_of(spec):
            yield (
                f"select rowid as place, cast({quoted(column)} as varchar) as v from {quoted(spec.name)}",
                domain,
            )
            if domain not in self.between or domain == spec.name:
                continue
            other = all_specs()[domain]
            for further, beyond in marks_of(other):
                if further != other.key[0]:
                    select = (
                        f"select a.rowid as place, cast(b.{quoted(further)} as varchar) as v "
                        f"from {quoted(spec.name)} as a join {quoted(domain)} as b "
                        f"on cast(a.{quoted(column)} as varchar) = cast(b.{quoted(other.key[0])} as varchar)"
                    )
                    yield select, beyond

    def first(self, spec: TableSpec) -> list[Row]:
        """Return the first differing rows."""
        found = self.new.rows(
            f"select k, old_place, new_place from {quoted('_differing_' + spec.name)} order by all limit ?",
            [ALIKE_MAX],
        )
        rows = [Row(spec.name, *row) for row in found]
        self._fetch(spec, rows)
        return rows

    def _of(self, side: str, spec: TableSpec, place: int | None) -> dict[str, Any]:
        """Return the values of a row that was found; nothing where this side has none."""
        if place is None:
            return {}
        return dict(zip((*spec.names, "_file", "_line"), self._values[side, spec.name, place], strict=True))

    def told(self, row: Row, relevant: Collection[str]) -> dict[str, Any] | None:
        """Return a differing row with the columns that matter to a check; None where none of them differ."""
        spec = all_specs()[row.table]
        old, new = self._of("old", spec, row.old_place), self._of("new", spec, row.new_place)
        columns = [
            {"column": n, "old": old[n], "new": new[n]}
            for n in spec.names
            if old and new and old[n] != new[n] and n in relevant
        ]
        if row.change == "changed" and not columns:
            return None
        return {
            "table": row.table,
            "key": row.key,
            "change": row.change,
            "columns": columns,
            "old": _place(old),
            "new": _place(new),
        }


def _place(values: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return where a row was read from."""
    return {"file": values["_file"], "line": values["_line"]} if values else None


def marks_of(spec: TableSpec) -> list[tuple[str, str]]:
    """Return the columns of a table that tell what a row is or refers to, with the table or vocabulary."""
    marks = [(spec.key[0], spec.name)] if len(spec.key) == 1 else []
    for column in spec.columns:
        marks += [(column.name, table) for table in column.references]
        if column.domain in WEAK:
            marks.append((column.name, column.domain))
    return marks
