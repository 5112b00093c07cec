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
from netproof.tables.tree import parameters_read

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
        inputs: Tables that both rest on in the end.
        subject_inputs: Input tables that the scope rests on.
        review: What a person should look at.
    """

    check: Check
    sql: str
    scope: str
    columns: frozenset[str]
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
    """

    check: Check
    outcome: Outcome
    in_scope: int
    findings: pa.Table
    counts: Mapping[Outcome, int] = field(default_factory=dict)
    message: str = ""
    waived: int = 0


def failed(check: Check, message: str) -> Result:
    """Return the result of a check that did not finish."""
    return Result(check, Outcome.ERROR, 0, SCHEMA.empty_table(), {}, message)


def run(store: Store, prepared: Prepared, as_of: date, values: Mapping[str, Value]) -> Result:
    """Run a check for a date.

    Args:
        store: The tables.
        prepared: The check.
        as_of: The date.
        values: The check's parameters.

    Returns:
        The result; `error` where the check did not finish.
    """
    check = prepared.check
    named = {"as_of": as_of, **values}
    try:
        counted = _query(store, f"select count(distinct subject_id) as n from ({prepared.scope})", named)
        in_scope = int(counted.column(0)[0].as_py())
        missing = sorted(prepared.subject_inputs - store.given)
        if not in_scope and missing:
            return _result(check, 0, _whole(f"table {_words(missing)} is missing: nothing to check"))
        if not in_scope:
            return _result(check, 0, _unread(store, prepared))
        missing = [table for table in check.evidence if table not in store.given]
        if missing:
            found = _query(store, f"select distinct subject_id from ({prepared.scope})", named)
            reason = f"table {_words(missing)} is missing: nothing shows it"
            return _result(check, in_scope, _all_of(found, reason))
        rows = _verified(_query(store, prepared.sql, named))
        return _result(check, in_scope, pa.concat_tables([rows, _unread(store, prepared)]))
    except CheckError as error:
        return failed(check, str(error))
    except (duckdb.OutOfMemoryException, MemoryError):
        return failed(check, "expected it to fit into its memory, got more")
    except duckdb.InterruptException:
        return failed(check, "expected an answer in its time, got none")
    except (duckdb.Error, pa.ArrowException) as error:
        return failed(check, " ".join(str(error).partition("\n\n")[0].split())[:500])


def _query(store: Store, sql: str, named: Mapping[str, Value]) -> pa.Table:
    """Return the rows of a query that can only read.

    On the locked connection itself, since a cursor does not inherit `max_execution_time`; what
    a query leaves behind is rolled back.
    """
    used = {name: named[name] for name in parameters_read(sql)}
    connection = store.connection
    connection.execute("begin transaction read only")
    try:
        return connection.sql(sql, params=used).to_arrow_table()
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


def _result(check: Check, in_scope: int, findings: pa.Table) -> Result:
    """Sort and count findings."""
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


def _all_of(found: pa.Table, reason: str) -> pa.Table:
    """Return a finding of missing evidence for every subject."""
    number = len(found)
    outcomes, reasons = [
        pa.array([text] * number, pa.string()) for text in (str(Outcome.NO_EVIDENCE), reason)
    ]
    return pa.table([found["subject_id"].cast(pa.string()), outcomes, reasons], schema=SCHEMA)


def _unread(store: Store, prepared: Prepared) -> pa.Table:
    """Return a finding for each file of which something that the check reads could not be read."""
    tables = sorted(prepared.inputs)
    if not tables or not store.value("select count(*) from import_issue"):
        return SCHEMA.empty_table()
    rows = store.rows(
        "select s.file, min(i.line), count(*) filter (i.lost), count(*) "
        "from import_issue as i join source as s using (source_no) "
        "where list_contains($tables, i.table_name) and (i.lost or list_contains($columns, i.column_name)) "
        "group by s.file order by s.file",
        {"tables": tables, "columns": sorted(prepared.columns)},
    )
    findings: dict[str, list[Any]] = {name: [] for name in SCHEMA.names}
    for file, line, lost, number in rows:
        what = f"{lost:,} rows" if lost else f"{number:,} values"
        findings["subject_id"].append(f"{file} {WHOLE_TABLE}")
        findings["outcome"].append(str(Outcome.NO_EVIDENCE))
        findings["reason"].append(f"{what} of {file} could not be read, the first in line {line}")
    return pa.table(findings, schema=SCHEMA)


def _words(tables: list[str]) -> str:
    """Return table names as words."""
    return " and ".join(tables)
