"""Takes staged rows into the typed tables, and says what could not be read.

Sources stage (a relation with the values as written); this types, keeps each row's source and
position, and puts what cannot be read into `import_issue`. Two passes, because a dictionary
must know all its values before the first row is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.tables.spec import ColumnSpec, ColumnType, TableSpec, all_specs
from netproof.tables.store import Store, domains, literal, quoted, type_name
from netproof.tables.typing_ import Reading, expected, reading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

GOT_CHARACTERS = 200
"""How much of an unreadable value is kept in its issue."""


@dataclass(frozen=True, slots=True)
class Staged:
    """Rows as written, ready to be read.

    Attributes:
        table: The table that they are for.
        relation: SQL that may stand after FROM.
        columns: Raw columns and their DuckDB types; columns outside the specification are left.
        row: SQL, the row's position in its source, from 1.
        source_no: Key of its row in table `source`.
        file: The file's name, for messages.
    """

    table: str
    relation: str
    columns: Mapping[str, str]
    row: str
    source_no: int
    file: str


@dataclass(frozen=True, slots=True)
class _Plan:
    """One staged relation with the reading of each column."""

    staged: Staged
    spec: TableSpec
    readings: dict[str, Reading]

    def values(self) -> str:
        """Return the select list of all the table's columns."""
        parts = [
            f"{self.readings[c.name].value} as {quoted(c.name)}"
            if c.name in self.readings
            else f"cast(null as {type_name(c)}) as {quoted(c.name)}"
            for c in self.spec.columns
        ]
        return ", ".join(parts)

    def required(self) -> list[ColumnSpec]:
        """Return the columns without which a row is of no use."""
        return [c for c in self.spec.columns if c.required]


def load(
    store: Store, staged: Sequence[Staged], *, progress: Callable[[str, int, int], None] | None = None
) -> None:
    """Type the staged rows into the store's tables, which this creates.

    Raises:
        SourceError: A file holds a column of a type that cannot be read.
    """
    specs = all_specs()
    plans = []
    for item in staged:
        spec = specs[item.table]
        readings = {
            c.name: reading(c, item.columns[c.name], place=item.file)
            for c in spec.columns
            if c.name in item.columns
        }
        plans.append(_Plan(item, spec, readings))
    _create_dictionaries(store, plans)
    store.create_tables()
    for number, plan in enumerate(plans):
        if progress:
            progress(plan.staged.file, number, len(plans))
        _take_in(store, plan)
        store.compress()
        store.given.add(plan.staged.table)
    store.compress(last=True)


def _create_dictionaries(store: Store, plans: Sequence[_Plan]) -> None:
    """Create one ENUM a domain, of the vocabulary and of all values that are written."""
    for domain, members in domains(all_specs()).items():
        known = sorted({value for _, column in members for value in column.vocabulary})
        parts = []
        if not all(column.closed for _, column in members):
            wanted = {(table, column.name) for table, column in members if not column.closed}
            parts = [
                f"select {plan.readings[name].present} as v from {plan.staged.relation}"
                for plan in plans
                for name in plan.readings
                if (plan.staged.table, name) in wanted
            ]
        store.connection.execute(f"create type {quoted('d_' + domain)} as enum ({_values(parts, known)})")


def _values(parts: Sequence[str], known: Sequence[str]) -> str:
    """Return SQL for the values of a dictionary: what is written and what is known, in order."""
    if not parts:
        return ", ".join(literal(value) for value in known) or "select '' where false"
    # One list of values: a SELECT for each word of a vocabulary takes DuckDB longer to plan than to run.
    words = ", ".join(f"({literal(value)})" for value in known)
    selects = [*parts, f"from (values {words}) as t (v)"] if known else parts
    union = " union ".join(f"select distinct v from ({select})" for select in selects)
    return f"select v from ({union}) where v is not null order by v"


def _take_in(store: Store, plan: _Plan) -> None:
    """Insert the rows of one staged relation and record what was not read."""
    item = plan.staged
    table = quoted(item.table)
    missing = [c for c in plan.required() if c.name not in plan.readings]
    condition = " and ".join(
        [f"{plan.readings[c.name].value} is not null" for c in plan.required() if c.name in plan.readings]
        + ["false"] * len(missing)
    )
    where = f" where {condition}" if condition else ""
    store.connection.execute(
        f"insert into {table} select {plan.values()}, {item.source_no}, {item.row} "
        f"from {item.relation}{where}"
    )
    failing = [c for c in plan.spec.columns if c.name in plan.readings and plan.readings[c.name].may_fail]
    sums = ", ".join(["count(*)"] + [f"count({plan.readings[c.name].present})" for c in failing])
    written = store.rows(f"select {sums} from {item.relation}")[0]
    sums = ", ".join(["count(*)"] + [f"count({quoted(c.name)})" for c in failing])
    kept = store.rows(f"select {sums} from {table} where _source = {item.source_no}")[0]
    store.connection.execute(
        f"update source set records = coalesce(records, 0) + {written[0]} where source_no = {item.source_no}"
    )
    lost = written[0] - kept[0]
    if lost:
        _record_lost(store, plan, condition)
    for column, there, read in zip(failing, written[1:], kept[1:], strict=True):
        if there != read or lost:
            _record_unreadable(store, plan, column, condition if lost else "")


def _record_unreadable(store: Store, plan: _Plan, column: ColumnSpec, kept: str) -> None:
    """Put a column's unreadable values into `import_issue`; rows that are lost have their own."""
    item, read = plan.staged, plan.readings[column.name]
    only = f" and {kept}" if kept else ""
    store.connection.execute(
        f"insert into import_issue select {item.source_no}, {literal(item.table)}, {item.row} as line, "
        f"{literal(column.name)}, {literal(expected(column))}, "
        f"left(cast({read.present} as varchar), {GOT_CHARACTERS}), false "
        f"from {item.relation} where {read.present} is not null and {read.value} is null{only} order by line"
    )


def _record_lost(store: Store, plan: _Plan, condition: str) -> None:
    """Put the rows that lack a required value into `import_issue`."""
    item = plan.staged
    for column in plan.required():
        read = plan.readings.get(column.name)
        got = (
            f"coalesce(left(cast({read.present} as varchar), {GOT_CHARACTERS}), 'nothing')"
            if read
            else "'no such column'"
        )
        first = f"{read.value} is null" if read else "true"
        what = (
            "a value" if column.type in (ColumnType.ID, ColumnType.TEXT) or column.coded else expected(column)
        )
        store.connection.execute(
            f"insert into import_issue select {item.source_no}, {literal(item.table)}, {item.row} as line, "
            f"{literal(column.name)}, {literal(what)}, {got}, true from {item.relation} "
            f"where not coalesce({condition}, false) and {first} order by line"
        )
