"""What each catalogue sees of the tables that catalogues bring: its own lists and restrictions, no other's.

A run reads the lists of all its catalogues at once. Where they differ, the tables are shown from one
standpoint after another, so that every catalogue is answered as if it had been asked alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netproof import derived
from netproof.catalogue.loader import DEFAULT_LIST
from netproof.tables.spec import TableKind, all_specs
from netproof.tables.store import Store, literal, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

Progress = Callable[[str, int, int], None]
LIST = "critical_function"
"""The table in which a catalogue's own rows, if there are any, take the place of all others."""
_WHOLE = "_whole_"
"""Before the name of a table while one standpoint's part of it bears that name."""


@dataclass(frozen=True, slots=True)
class Standpoint:
    """The rows that count for one or more catalogues.

    Attributes:
        catalogues: For which.
        seen: By table, the SQL condition of the rows that count; a table that is not named counts whole.
        given: The tables for which there are rows, if only a header.
    """

    catalogues: tuple[str, ...]
    seen: Mapping[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()

    def of(self, tables: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """Return what of these tables counts; two that are equal see the same rows."""
        return tuple((table, self.seen[table]) for table in sorted(tables) if table in self.seen)


def standpoints(store: Store, brought: Mapping[str, frozenset[str]]) -> tuple[Standpoint, ...]:
    """Return the standpoints from which catalogues see the tables, each with those that share it.

    Args:
        store: The tables, with the rows that all catalogues bring.
        brought: For every catalogue the files that it would bring if it were asked alone.
    """
    shipped = _loaded(store)
    named = dict(store.rows("select source_no, table_name from source"))
    points: dict[tuple[tuple[str, str], ...], Standpoint] = {}
    for name, files in brought.items():
        hidden = {number for number, file in shipped.items() if file not in files}
        tables = {named[number] for number in hidden}
        seen = {table: _but(n for n in hidden if named[n] == table) for table in tables}
        own = _own_list(store, name, seen.get(LIST, "true"))
        if own:
            seen[LIST] = f"{seen.get(LIST, 'true')} and {own}"
        # What is computed has no source and is given from every standpoint.
        left = {table for number, table in named.items() if number not in hidden}
        point = Standpoint((name,), seen, frozenset(store.given - (tables - left)))
        known = points.get(point.of(seen))
        both = (*known.catalogues, name) if known else (name,)
        points[point.of(seen)] = Standpoint(both, seen, point.given)
    if not points:
        return (Standpoint((), {}, frozenset(store.given)),)
    return tuple(sorted(points.values(), key=lambda point: sorted(point.catalogues)))


def _loaded(store: Store) -> dict[int, str]:
    """Return the shipped files whose rows are in the tables, by number."""
    specs = all_specs()
    rows = store.rows("select source_no, table_name, file, kind = 'rows' from source")
    brought = {table for _, table, _, shipped in rows if not shipped}
    replaced = {table for table in brought if specs[table].kind is TableKind.REFERENCE}
    return {number: file for number, table, file, shipped in rows if shipped and table not in replaced}


def _but(numbers: Iterable[int]) -> str:
    """Return the condition of rows that come from other sources than these."""
    return f"_source not in ({', '.join(str(number) for number in sorted(numbers))})"


def _own_list(store: Store, name: str, seen: str) -> str:
    """Return the condition of a catalogue's own list among those that are left; empty: all of them count."""
    rows = store.rows(f"select distinct catalogue_id::varchar from {LIST} where {seen}")
    lists = {found for (found,) in rows}
    own = next((known for known in (name, DEFAULT_LIST) if known in lists), None)
    return f"catalogue_id = {literal(own)}" if own and len(lists) > 1 else ""


@dataclass(slots=True)
class Outlook:
    """Shows the tables of a store from one standpoint after another."""

    store: Store
    points: tuple[Standpoint, ...]
    as_of: date
    _given: frozenset[str] = frozenset()
    _entered: bool = False

    @property
    def tables(self) -> frozenset[str]:
        """The tables that are not seen whole from every standpoint."""
        return frozenset(table for point in self.points for table in point.seen)

    def take(self, point: Standpoint, reads: Collection[str], progress: Progress) -> None:
        """Show what is seen from a standpoint; works on a locked database too.

        Args:
            point: The standpoint.
            reads: The tables that are wanted; what is derived is made only for these.
            progress: Told the name of what is derived, its number and how many there are.
        """
        if not self.tables:
            return
        connection = self.store.connection
        if not self._entered:
            self._given, self._entered = frozenset(self.store.given), True
            for table in self.tables:
                connection.execute(f"alter table {quoted(table)} rename to {quoted(_WHOLE + table)}")
        for table in self.tables:
            where = point.seen.get(table, "true")
            connection.execute(
                f"create or replace table {quoted(table)} as from {quoted(_WHOLE + table)} where {where}"
            )
        self.store.given = set(point.given)
        self._derive(reads, progress)

    def leave(self, reads: Collection[str], progress: Progress) -> None:
        """Show all rows again; of what rests on them only the wanted tables are derived."""
        if not self._entered:
            return
        for table in self.tables:
            self.store.connection.execute(f"drop table {quoted(table)}")
            self.store.connection.execute(f"alter table {quoted(_WHOLE + table)} rename to {quoted(table)}")
        self.store.given, self._entered = set(self._given), False
        self._derive(reads, progress)

    def _derive(self, reads: Collection[str], progress: Progress) -> None:
        """Make anew what rests on the tables, as far as it is wanted."""
        derived.drop(self.store, derived.resting_on(self.tables))
        derived.build(self.store, self.as_of, only=reads, progress=progress)
