"""Verifies what the specifications promise of rows: keys, references, vocabularies, ranges.

Reads the typed tables, writes `data_issue`. A row that repeats a key is kept once, the same one
whatever the order of the rows; a value out of range becomes unknown. Nothing else is changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netproof.tables.spec import ColumnSpec, ColumnType, TableSpec, all_specs
from netproof.tables.store import Store, key_text, literal, quoted

if TYPE_CHECKING:
    from collections.abc import Callable

_INTERVALS = (
    ("valid_from", "valid_to"),
    ("signed_on", "valid_to"),
    ("issued_on", "expires_on"),
    ("first_used_on", "retired_on"),
    ("effective_on", "ends_on"),
)

NO_CODES = {"UK": "GB", "EL": "GR"}
"""Codes that people write of countries, and what ISO 3166-1 has for them."""
_COUNTRY = "country"
_JURISDICTION = ("restriction", "jurisdiction")
"""Text, in which small letters and the codes that people write are understood."""


def verify(store: Store, *, progress: Callable[[str, int, int], None] | None = None) -> None:
    """Put every broken promise of the given tables into `data_issue`."""
    specs = [spec for spec in all_specs().values() if spec.name in store.given]
    for number, spec in enumerate(specs):
        if progress:
            progress(spec.name, number, len(specs))
        _ranges(store, spec)
        _keys(store, spec)
        _intervals(store, spec)
        for column in spec.columns:
            _vocabulary(store, spec, column)
            _country(store, spec, column)
    _all_references(store, specs)


def _insert(
    store: Store, spec: TableSpec, column: str, kind: str, select: tuple[str, str, str], where: str
) -> None:
    """Insert issues: `select` holds SQL for the value, the message, and what follows FROM."""
    value, message, relation = select
    store.connection.execute(
        f"insert into data_issue select {literal(spec.name)}, {literal(column)}, {literal(kind)}, "
        f"{key_text(spec, 't.')}, left({value}, 200), {message}, t._source, t._row from {relation} as t "
        f"where {where} order by t._source, t._row"
    )


def _ranges(store: Store, spec: TableSpec) -> None:
    """Values beyond a column's minimum or maximum are recorded and become unknown."""
    for column in spec.columns:
        bounds = [
            f"{quoted(column.name)} {sign} {limit}"
            for sign, limit in (("<", column.minimum), (">", column.maximum))
            if limit is not None
        ]
        if not bounds:
            continue
        outside = " or ".join(bounds)
        table = quoted(spec.name)
        if not store.value(f"select count(*) from {table} where {outside}"):
            continue
        low = "" if column.minimum is None else f"at least {column.minimum:.15g}"
        high = "" if column.maximum is None else f"at most {column.maximum:.15g}"
        words = " and ".join(part for part in (low, high) if part)
        got = f"cast(t.{quoted(column.name)} as varchar)"
        message = literal(f"expected {words}, got ") + f" || {got} || '; taken as unknown'"
        _insert(store, spec, column.name, "out_of_range", (got, message, table), outside)
        store.connection.execute(f"update {table} set {quoted(column.name)} = null where {outside}")


def _keys(store: Store, spec: TableSpec) -> None:
    """A key that repeats is recorded for each further row; the first in order of content stays."""
    table, names = quoted(spec.name), ", ".join(quoted(name) for name in spec.key)
    # Hashes of eight bytes need far less room than keys; where two agree, the keys themselves decide.
    hashes = f"select hash({names}) as h from {table} group by h having count(*) > 1"
    if not store.value(f"select count(*) from ({hashes})"):
        return
    repeated = f"(select {names} from {table} group by {names} having count(*) > 1)"
    if not store.value(f"select count(*) from {repeated}"):
        return
    same = " and ".join(f"t.{quoted(n)} is not distinct from r.{quoted(n)}" for n in spec.key)
    content = ", ".join(f"t.{quoted(c.name)}" for c in spec.columns)
    store.connection.execute(
        f"create temp table _repeated as select t.rowid as row_id, row_number() over "
        f"(partition by {', '.join('t.' + quoted(n) for n in spec.key)} "
        f"order by {content}, t._source, t._row) "
        f"as place from {table} as t semi join {repeated} as r on {same}"
    )
    message = "'this key stands in another row too; one of them is used'"
    further = "t.rowid in (select row_id from _repeated where place > 1)"
    _insert(store, spec, spec.key[0], "duplicate_key", (key_text(spec, "t."), message, table), further)
    store.connection.execute(
        f"delete from {table} where rowid in (select row_id from _repeated where place > 1)"
    )
    store.connection.execute("drop table _repeated")


def _intervals(store: Store, spec: TableSpec) -> None:
    """An end before its beginning is recorded."""
    for start, end in _INTERVALS:
        if start in spec.names and end in spec.names:
            message = f"'ends on ' || t.{end} || ', before it begins on ' || t.{start}"
            select = (f"cast(t.{end} as varchar)", message, quoted(spec.name))
            _insert(store, spec, end, "reversed_interval", select, f"t.{end} < t.{start}")


def _vocabulary(store: Store, spec: TableSpec, column: ColumnSpec) -> None:
    """A word outside an open vocabulary is kept and recorded: it may be a slip of the pen."""
    if column.type is not ColumnType.VOCABULARY or not column.open:
        return
    name, table = quoted(column.name), quoted(spec.name)
    used = {
        row[0]
        for row in store.rows(f"select cast(w as varchar) from (select distinct {name} as w from {table})")
    }
    unknown = sorted(used - set(column.vocabulary) - {None})
    if unknown:
        listed = ", ".join(literal(word) for word in unknown)
        message = f"'no known ' || {literal(column.name)} || ': ' || t.{name}"
        _insert(
            store, spec, column.name, "unknown_word",
            (f"cast(t.{name} as varchar)", message, table), f"t.{name} in ({listed})",
        )  # fmt: skip


def _country(store: Store, spec: TableSpec, column: ColumnSpec) -> None:
    """A country that is no code is kept and recorded: nothing that asks for a code will meet it."""
    lenient = (spec.name, column.name) == _JURISDICTION
    if column.domain != _COUNTRY and not lenient:
        return
    got = f"cast(t.{quoted(column.name)} as varchar)"
    value = f"upper(trim({got}))" if lenient else got
    known = " ".join(f"when {literal(n)} then {literal(f'; it is {code}')}" for n, code in NO_CODES.items())
    message = f"'expected the ISO 3166-1 code of a country, such as DE, got ' || {got}"
    message += f" || case {value} {known} else '' end"
    listed = "" if lenient else f" or {value} in ({', '.join(literal(word) for word in NO_CODES)})"
    where = f"not regexp_full_match({value}, '[A-Z]{{2}}'){listed}"
    _insert(store, spec, column.name, "unknown_word", (got, message, quoted(spec.name)), where)


def _all_references(store: Store, specs: list[TableSpec]) -> None:
    """Verify all references, those to the same tables in one pass: most often nothing is wrong."""
    pointing: dict[tuple[str, ...], list[tuple[TableSpec, ColumnSpec]]] = {}
    for spec in specs:
        for column in spec.columns:
            if column.references and store.given.issuperset(column.references):
                pointing.setdefault(column.references, []).append((spec, column))
    for references, columns in pointing.items():
        parts = " union all ".join(_pointed(spec, column) for spec, column in columns)
        absent = _absent(references, "t.v")
        if store.value(f"select count(*) from ({parts}) as t where t.v is not null and {absent}"):
            for spec, column in columns:
                _references(store, spec, column)


def _pointed(spec: TableSpec, column: ColumnSpec) -> str:
    """Return SQL for the values of a column that refers."""
    distinct = "distinct " if column.coded else ""
    return f"select {distinct}{quoted(column.name)} as v from {quoted(spec.name)}"


def _absent(references: tuple[str, ...], value: str) -> str:
    """Return SQL that holds where a value is no key of any of the tables."""
    specs = all_specs()
    return " and ".join(
        f"not exists (select 1 from {quoted(name)} as k where k.{quoted(specs[name].key[0])} = {value})"
        for name in references
    )


def _references(store: Store, spec: TableSpec, column: ColumnSpec) -> None:
    """A value that names no row of the tables it refers to is recorded."""
    name = f"t.{quoted(column.name)}"
    message = f"'no ' || {literal(' or '.join(column.references))} || ' is called ' || {name}"
    where = f"{name} is not null and {_absent(column.references, name)}"
    select = (f"cast({name} as varchar)", message, quoted(spec.name))
    _insert(store, spec, column.name, "dangling_reference", select, where)
