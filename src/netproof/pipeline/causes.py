"""Why two networks are judged differently: the rows that differ, tied to what is judged differently.

A row stands behind a finding where the check rests on its table and it is the judged row itself, is
named in the reason, refers to the judged row, or shares a product, supplier or place with it: in
this order, the nearest only.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from netproof import derived
from netproof.pipeline.changed_rows import WEAK, Mark, Origin, Pair, Row, between, marks_of, read
from netproof.tables.spec import all_specs
from netproof.tables.store import key_text, quoted
from netproof.tables.tree import tables_read

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

CAUSES_MAX = 3
"""Rows that are named behind one finding."""
_WAIVER = "waiver"
"""Table that decides whether findings of any check count."""
_PLACES = ("supplier", "site")
_TOKEN = re.compile(r"[^\s,;()]+")


def explain(difference: dict[str, Any], old: Origin, new: Origin) -> dict[str, Any]:
    """Return a difference with the rows behind its findings, and how many rows of each table differ.

    Args:
        difference: From `compare`.
        old: Where the first assessment came from.
        new: Where the second came from.

    Raises:
        SourceError: A file has changed since and can no longer be read.

    Cost: one reading of the tables that differ; O(n) in their rows.
    """
    before, after = old.digests(), new.digests()
    differing = {t for t in before.keys() | after.keys() if before.get(t, []) != after.get(t, [])}
    if not differing:
        return difference
    subjects = {f["subject_table"] for c in difference["checks"] for f in c["findings"]} & all_specs().keys()
    through = between(differing, old, new)
    wanted = differing | subjects | through
    with ThreadPoolExecutor(2) as pool:
        old_store, new_store = pool.map(read, (old, new), (wanted, wanted))
    try:
        return _explained(difference, Pair(old_store, new_store, through), sorted(differing), old, new)
    finally:
        old_store.connection.close()
        new_store.connection.close()


def _explained(
    difference: dict[str, Any], pair: Pair, differing: list[str], old: Origin, new: Origin
) -> dict[str, Any]:
    """Return the difference with its causes."""
    specs = all_specs()
    counts = {table: pair.differing(specs[table]) for table in differing}
    counts = {table: number for table, number in counts.items() if any(number.values())}
    subjects = _subject_marks(difference, pair)
    wanted = {mark for marks in subjects.values() for mark in marks}
    wanted |= {
        (table, token)
        for check in difference["checks"]
        for finding in check["findings"]
        for token in _tokens(finding)
        for table in counts
    }
    marks = pa.table(
        {"domain": [d for d, _ in sorted(wanted)], "value": [v for _, v in sorted(wanted)]},
        schema=pa.schema([("domain", pa.string()), ("value", pa.string())]),
    )
    rows = {table: pair.marked(specs[table], marks) for table in counts}
    causes = _Causes(pair, rows, {table: pair.first(specs[table]) for table in counts}, old, new)
    checks = [
        {
            **check,
            "findings": [
                {**f, "causes": causes.of(check["id"], f, subjects[f["subject_table"], f["subject_id"]])}
                for f in check["findings"]
            ],
        }
        for check in difference["checks"]
    ]
    tables = [{"table": table, **number} for table, number in counts.items()]
    return {**difference, "checks": checks, "tables": tables}


def _tokens(finding: Mapping[str, Any]) -> set[str]:
    """Return the words of a finding's reasons that may be keys of rows."""
    said = [finding[side]["reason"] for side in ("old", "new") if finding[side]]
    return {token.rstrip(".:") for text in said for token in _TOKEN.findall(text)}


def _subject_marks(difference: Mapping[str, Any], pair: Pair) -> dict[tuple[str, str], set[Mark]]:
    """Return what each judged subject is and refers to, on either side."""
    specs = all_specs()
    listed: dict[str, set[str]] = {}
    for check in difference["checks"]:
        for finding in check["findings"]:
            listed.setdefault(finding["subject_table"], set()).add(finding["subject_id"])
    marks: dict[tuple[str, str], set[Mark]] = {}
    for table, keys in listed.items():
        for key in keys:
            marks[table, key] = {(table, key), *((word, key) for word in WEAK)}
        if table not in specs:
            continue
        spec = specs[table]
        columns = marks_of(spec)
        shown_marks = ", ".join(f"cast({quoted(column)} as varchar)" for column, _ in columns)
        for _, store in pair.sides():
            found = store.rows(
                f"select {key_text(spec)} as k, {shown_marks} from {quoted(table)} "
                "where k in (select unnest($keys))",
                {"keys": sorted(keys)},
            )
            for key, *values in found:
                marks[table, key] |= {
                    (domain, v) for (_, domain), v in zip(columns, values, strict=True) if v is not None
                }
    return marks


@dataclass(frozen=True, slots=True)
class _Basis:
    """What a check rests on.

    Attributes:
        tables: In the end, through all that is derived.
        direct: What it reads itself or asks for as evidence.
        columns: The names in its SQL, among them those of columns.
    """

    tables: frozenset[str]
    direct: frozenset[str]
    columns: frozenset[str]


@dataclass(slots=True)
class _Causes:
    """Finds the rows behind a finding."""

    pair: Pair
    rows: Mapping[str, list[Row]]
    first: Mapping[str, list[Row]]
    old: Origin
    new: Origin
    _by_mark: dict[Mark, list[Row]] = field(default_factory=dict)
    _bases: dict[str, _Basis] = field(default_factory=dict)
    _told: dict[tuple[str, int], dict[str, Any] | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Order the rows by what they bear."""
        for rows in self.rows.values():
            for row in rows:
                for mark in row.marks:
                    self._by_mark.setdefault(mark, []).append(row)

    def of(self, check: str, finding: Mapping[str, Any], marks: Iterable[Mark]) -> list[dict[str, Any]]:
        """Return the rows behind a finding, the nearest ones only."""
        basis = self._basis(check)
        subject = (finding["subject_table"], finding["subject_id"])
        tokens = _tokens(finding)
        ranked: dict[int, tuple[int, Row]] = {}
        named = {(table, token) for table in self.rows for token in tokens}
        for mark in {*marks, *named}:
            for row in self._by_mark.get(mark, ()):
                rank = _rank(row, mark, subject, tokens) + (row.table not in basis.direct)
                if row.table in basis.tables and rank < ranked.get(id(row), (99, row))[0]:
                    ranked[id(row)] = (rank, row)
        near: list[dict[str, Any]] = []
        farthest = 0
        for rank, row in sorted(ranked.values(), key=lambda item: (item[0], *item[1].order())):
            if len(near) == CAUSES_MAX or (near and rank > farthest):
                break
            told = self._tell(check, row, basis.columns)
            if told:
                farthest = farthest or max(_NAMED, rank)
                near.append(told)
        return near or self._few(check, basis)

    def _few(self, check: str, basis: _Basis) -> list[dict[str, Any]]:
        """Return all the differing rows that a check rests on, where they are few."""
        rows = [row for table, rows in self.first.items() if table in basis.tables for row in rows]
        if len(rows) > CAUSES_MAX:
            return []
        return [told for row in rows if (told := self._tell(check, row, basis.columns))]

    def _tell(self, check: str, row: Row, columns: Collection[str]) -> dict[str, Any] | None:
        """Return a row as a cause; each is looked up once a check."""
        if row.table == _WAIVER and not row.key.startswith(f"{check}/"):
            return None
        known = (check, id(row))
        if known not in self._told:
            self._told[known] = self.pair.told(row, columns)
        return self._told[known]

    def _basis(self, name: str) -> _Basis:
        """Return what a check rests on, on either side."""
        if name not in self._bases:
            checks = [c for origin in (self.old, self.new) for c in origin.asked.checks if c.id == name]
            direct = {table for c in checks for table in (*c.reads, *c.evidence)} | {_WAIVER}
            said = [text for c in checks for text in (c.scope, c.sql)] + list(all_specs()[_WAIVER].names)
            texts = derived.derived_sql()
            tables = set(direct)
            for table in reversed(texts):
                if table in tables:
                    tables |= tables_read(texts[table])
                    said.append(texts[table])
            words = re.findall(r"\w+", "\n".join(said))
            self._bases[name] = _Basis(frozenset(tables), frozenset(direct), frozenset(words))
        return self._bases[name]


_NAMED = 3
"""Rank up to which a row is certain to matter: it is the judged row, or the reason names it."""


def _rank(row: Row, mark: Mark, subject: Mark, tokens: Collection[str]) -> int:
    """Return how near a row is to a judged subject, in steps of two; 0 is the subject itself."""
    if (row.table, row.key) == subject:
        return 0
    if row.key in tokens:
        return 2
    if mark == subject:
        return 4
    return 10 if mark[0] in WEAK else 8 if mark[0] in _PLACES else 6
