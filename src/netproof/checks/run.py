"""Runs one check: SQL in, rows of offending subjects out, counted and verified.

Reads the tables, writes nothing. Each check has a cursor and a read-only transaction of its own.
What does not finish, or returns anything but findings, is `error`: never a pass.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from netproof.catalogue.check import FOUND, Check, Outcome, Value
from netproof.errors import CheckError
from netproof.tables.spec import all_specs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from netproof.tables.store import Store

SCHEMA = pa.schema([("subject_id", pa.string()), ("outcome", pa.string()), ("reason", pa.string())])
WHOLE_TABLE = "(all)"
"""Subject of a finding that is about a table, not about one of its rows."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A check that the lint let through.

    Attributes:
        sql: What is run: rendered from the syntax tree, not what was typed.
        scope: Likewise.
        columns: Columns that either reads.
        parameters: Parameters that the SQL names.
        scope_parameters: Likewise.
        inputs: Tables that both rest on in the end.
        subject_inputs: Input tables that the scope rests on.
        review: What a person should look at.
    """

    check: Check
    sql: str
    scope: str
    columns: frozenset[str]
    parameters: frozenset[str]
    scope_parameters: frozenset[str]
    inputs: frozenset[str]
    subject_inputs: frozenset[str]
    review: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What a check came to.

    Attributes:
        in_scope: Subjects that were judged.
        findings: Columns subject_id, outcome, reason; sorted by outcome, worst first, then subject.
        counts: Findings by outcome, without those that a waiver accepts.
        waived: Findings that a waiver accepts.
        message: Why it did not finish; empty where it did.
        catalogues: For which it counts, where they see different rows; empty: for all.
    """

    check: Check
    outcome: Outcome
    in_scope: int
    findings: pa.Table
    counts: Mapping[Outcome, int] = field(default_factory=dict)
    message: str = ""
    waived: int = 0
    catalogues: tuple[str, ...] = ()


def failed(check: Check, message: str) -> Result:
    """Return the result of a check that did not finish."""
    return Result(check, Outcome.ERROR, 0, SCHEMA.empty_table(), {}, message)


def run(store: Store, prepared: Prepared, as_of: date, values: Mapping[str, Value]) -> Result:
    """Run one check for a date, as `Runner.run` does."""
    return Runner(store, as_of).run(prepared, values)


@dataclass(slots=True)
class Runner:
    """Runs checks one after another, as long as the tables stay as they are.

    What many checks ask is asked once: how many subjects a scope has, whether all could be read.
    """

    store: Store
    as_of: date
    _counted: dict[tuple[str, str], int] = field(default_factory=dict)
    _unreadable: bool | None = None

    def run(self, prepared: Prepared, values: Mapping[str, Value]) -> Result:
        """Run a check.

        Args:
            prepared: The check.
            values: The check's parameters.

        Returns:
            The result; `error` where the check did not finish.
        """
        check = prepared.check
        try:
            return self._result(prepared, {"as_of": self.as_of, **values})
        except CheckError as error:
            return failed(check, str(error))
        except (duckdb.OutOfMemoryException, MemoryError):
            return failed(check, "expected it to fit into its memory, got more")
        except duckdb.InterruptException:
            return failed(check, "expected an answer in its time, got none")
        except (duckdb.Error, pa.ArrowException) as error:
            return failed(check, " ".join(str(error).partition("\n\n")[0].split())[:500])

    def _result(self, prepared: Prepared, named: Mapping[str, Value]) -> Result:
        """Return what a check came to."""
        check, given = prepared.check, self.store.given
        in_scope = self._count(prepared, named)
        missing = sorted(prepared.subject_inputs - given)
        if not in_scope and missing:
            return of_findings(check, 0, _whole(_missing(missing, "nothing to check")))
        if not in_scope:
            return of_findings(check, 0, self._unread(prepared))
        missing = [table for table in check.evidence if table not in given]
        if missing:
            reason = _missing(missing, "nothing shows it")
            return of_findings(check, in_scope, _all_of(self._subjects(prepared, named), reason))
        used = {name: named[name] for name in prepared.parameters}
        rows = _verified(_query(self.store, prepared.sql, used))
        return of_findings(check, in_scope, pa.concat_tables([rows, self._unread(prepared)]))

    def _count(self, prepared: Prepared, named: Mapping[str, Value]) -> int:
        """Return how many subjects a check judges."""
        used = {name: named[name] for name in prepared.scope_parameters}
        key = (prepared.scope, repr(sorted(used.items())))
        if key not in self._counted:
            sql = f"select count(distinct subject_id) as n from ({prepared.scope})"
            self._counted[key] = int(_query(self.store, sql, used).column(0)[0].as_py())
        return self._counted[key]

    def subjects(self, prepared: Prepared, values: Mapping[str, Value]) -> pa.ChunkedArray:
        """Return the ids of the subjects that a check judges, each once."""
        return self._subjects(prepared, {"as_of": self.as_of, **values})

    def _subjects(self, prepared: Prepared, named: Mapping[str, Value]) -> pa.ChunkedArray:
        """Return the ids of the subjects that a check judges, each once."""
        used = {name: named[name] for name in prepared.scope_parameters}
        found = _query(self.store, f"select distinct subject_id from ({prepared.scope})", used)
        return found["subject_id"].cast(pa.string())

    def _unread(self, prepared: Prepared) -> pa.Table:
        """Return a finding for each file of which something that the check reads could not be read."""
        if self._unreadable is None:
            self._unreadable = bool(self.store.value("select count(*) from import_issue"))
        return _unread(self.store, prepared) if self._unreadable else SCHEMA.empty_table()


def _query(store: Store, sql: str, used: Mapping[str, Value]) -> pa.Table:
    """Return the rows of a query that can only read.

    On the locked connection itself, since a cursor does not inherit `max_execution_time`; what
    a query leaves behind is rolled back.
    """
    connection = store.connection
    connection.execute("begin transaction read only")
    try:
        return connection.sql(sql, params=dict(used)).to_arrow_table()
    finally:
        connection.execute("rollback")


def _verified(table: pa.Table) -> pa.Table:
    """Return the findings as text.

    Raises:
        CheckError: They are not findings.
    """
    if table.column_names != SCHEMA.names:
        got = ", ".join(table.column_names)
        raise CheckError(f"expected columns {', '.join(SCHEMA.names)}, got {got}")
    table = table.cast(SCHEMA)
    for name in SCHEMA.names:
        if table[name].null_count:
            raise CheckError(f"expected a {name} in every row, got none in {table[name].null_count}")
    unknown = set(pc.unique(table["outcome"]).to_pylist()) - {str(o) for o in FOUND}
    if unknown:
        raise CheckError(f"expected fail, no_evidence or needs_review, got {min(unknown)!r}")
    again = len(table) - len(pc.unique(table["subject_id"]))
    if again:
        raise CheckError(f"expected one row a subject, got {again} more")
    return table


def of_findings(check: Check, in_scope: int, findings: pa.Table) -> Result:
    """Return a result, its findings sorted and counted."""
    ranks = pc.index_in(findings["outcome"], pa.array([str(outcome) for outcome in FOUND]))
    order = pc.sort_indices(
        findings.append_column("rank", ranks), [("rank", "ascending"), ("subject_id", "ascending")]
    )
    findings = findings.take(order)
    counted = {item["values"]: item["counts"] for item in pc.value_counts(findings["outcome"]).to_pylist()}
    counts = {outcome: int(counted.get(str(outcome), 0)) for outcome in FOUND}
    outcome = next((o for o in FOUND if counts[o]), Outcome.PASS if in_scope else Outcome.NOT_APPLICABLE)
    return Result(check, outcome, in_scope, findings, counts)


def _whole(reason: str) -> pa.Table:
    """Return one finding of missing evidence that is about the whole table."""
    return pa.table([[WHOLE_TABLE], [str(Outcome.NO_EVIDENCE)], [reason]], schema=SCHEMA)


def _all_of(found: pa.ChunkedArray, reason: str) -> pa.Table:
    """Return a finding of missing evidence for every subject."""
    number = len(found)
    outcomes, reasons = [
        pa.array([text] * number, pa.string()) for text in (str(Outcome.NO_EVIDENCE), reason)
    ]
    return pa.table([found, outcomes, reasons], schema=SCHEMA)


def _unread(store: Store, prepared: Prepared) -> pa.Table:
    """Return a finding for each file of which something that the check reads could not be read."""
    tables = sorted(prepared.inputs)
    rows = store.rows(
        "select s.file, min(i.line), count(*) filter (i.lost), count(*) "
        "from import_issue as i join source as s using (source_no) "
        "where list_contains($tables, i.table_name) and (i.lost or list_contains($columns, i.column_name)) "
        "group by s.file order by s.file",
        {"tables": tables, "columns": sorted(prepared.columns)},
    )
    findings: dict[str, list[Any]] = {name: [] for name in SCHEMA.names}
    for file, line, lost, number in rows:
        count, noun = (lost, "row") if lost else (number, "value")
        what, first = (f"1 {noun}", "in") if count == 1 else (f"{count:,} {noun}s", "the first in")
        findings["subject_id"].append(f"{file} {WHOLE_TABLE}")
        findings["outcome"].append(str(Outcome.NO_EVIDENCE))
        findings["reason"].append(f"{what} of {file} could not be read, {first} line {line}")
    return pa.table(findings, schema=SCHEMA)


def _missing(tables: list[str], so: str) -> str:
    """Return why nothing can be said without some tables; one that is computed says it in its own words."""
    files = [table for table in tables if not all_specs()[table].missing]
    own = dict.fromkeys(all_specs()[table].missing for table in tables if table not in files)
    return "; ".join([f"table {' and '.join(files)} is missing: {so}"] * bool(files) + list(own))
