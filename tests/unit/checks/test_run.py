from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from netproof.catalogue.check import Outcome, Parameter
from netproof.checks.run import Prepared, Result, run
from netproof.checks.sandbox import Limits, lock
from netproof.errors import CatalogueError
from netproof.tables.load import load
from netproof.tables.rows import stage_rows
from netproof.tables.store import Store
from tests.unit.checks.sampled import SCOPE, UNNAMED, sample_check

AS_OF = date(2026, 11, 1)
CHECK = sample_check()


def store_of(rows: list[list[str | None]], *, more: dict[str, list[str]] | None = None) -> Store:
    store = Store.empty(threads=1)
    staged = [
        stage_rows(store, "component", ["component_id", "name", "population"], rows, file="component.csv")
    ]
    staged += [stage_rows(store, table, header, [], file=table) for table, header in (more or {}).items()]
    load(store, staged)
    return store


def ran(store: Store, sql: str = UNNAMED, scope: str = SCOPE, **check: Any) -> Result:
    prepared = Prepared(
        check=replace(CHECK, **check),
        sql=sql,
        scope=scope,
        columns=frozenset({"component_id", "name"}),
        parameters=frozenset(),
        scope_parameters=frozenset(),
        inputs=frozenset({"component"}),
        subject_inputs=frozenset({"component"}),
    )
    return run(store, prepared, AS_OF, {})


def test_offending_rows_are_findings_and_the_rest_is_counted() -> None:
    result = ran(store_of([["C2", None, None], ["C1", None, None], ["C3", "x", None]]))

    assert (result.outcome, result.in_scope, result.counts[Outcome.FAIL]) == (Outcome.FAIL, 3, 2)
    assert result.findings["subject_id"].to_pylist() == ["C1", "C2"]


def test_no_offending_row_is_a_pass_and_no_row_at_all_is_not() -> None:
    assert ran(store_of([["C1", "x", None]])).outcome is Outcome.PASS
    assert ran(store_of([])).outcome is Outcome.NOT_APPLICABLE


def test_a_missing_subject_table_is_no_evidence() -> None:
    store = Store.empty(threads=1)
    load(store, [stage_rows(store, "site", ["site_id"], [], file="site.csv")])
    result = ran(store)

    assert result.outcome is Outcome.NO_EVIDENCE
    assert result.findings["reason"].to_pylist() == ["table component is missing: nothing to check"]


def test_a_missing_table_of_evidence_is_no_evidence_for_every_subject() -> None:
    rows: list[list[str | None]] = [["C1", "x", None], ["C2", None, None]]
    result = ran(store_of(rows), evidence=("certificate",))

    assert result.findings["outcome"].to_pylist() == ["no_evidence"] * 2
    assert (
        ran(store_of(rows, more={"certificate": ["certificate_id"]}), evidence=("certificate",)).outcome
        is Outcome.FAIL
    )


def test_findings_are_sorted_by_weight_then_subject() -> None:
    sql = (
        "select component_id as subject_id, case component_id when 'A' then 'needs_review' when 'B' then "
        "'no_evidence' else 'fail' end as outcome, 'r' as reason from component"
    )
    result = ran(store_of([["A", "", None], ["D", "", None], ["B", "", None], ["C", "", None]]), sql)

    assert result.findings["subject_id"].to_pylist() == ["C", "D", "B", "A"]
    assert result.outcome is Outcome.FAIL


def test_a_row_that_could_not_be_read_forbids_a_pass() -> None:
    result = ran(store_of([["C1", "x", None], ["", "y", None]]))

    assert result.outcome is Outcome.NO_EVIDENCE
    assert result.findings["reason"].to_pylist() == ["1 row of component.csv could not be read, in line 2"]


def test_an_unreadable_value_weighs_only_where_the_check_reads_it() -> None:
    store = store_of([["C1", "x", "many"]])
    assert store.value("select count(*) from import_issue") == 1

    assert ran(store).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("select 1 as a", "expected columns subject_id, outcome, reason"),
        ("select null as subject_id, 'fail' as outcome, 'r' as reason", "expected a subject_id in every row"),
        ("select 'C1' as subject_id, 'fail' as outcome, 'x' || name as reason from component", "expected a reason in every row"),
        ("select 'C1' as subject_id, 'pass' as outcome, 'r' as reason", "got 'pass'"),
        ("select 'C1' as subject_id, 'fail' as outcome, 'r' as reason from component", "expected one row a subject, got 1 more"),
        ("select nothing", "nothing"),
        ("select error('stop') as subject_id, 'fail' as outcome, 'r' as reason", "stop"),
        ("insert into component select * from component", "Cannot write"),
        ("with d as (delete from component returning *) select 'a' as subject_id, 'fail' as outcome, 'r' as reason from d", "Cannot write"),
        ("create table t as select 1", "Cannot write"),
    ],
)  # fmt: skip
def test_what_returns_no_findings_is_an_error_and_never_a_pass(sql: str, words: str) -> None:
    store = store_of([["C1", None, None], ["C2", None, None]])
    result = ran(store, sql)

    assert result.outcome is Outcome.ERROR
    assert words in result.message
    assert store.value("select count(*) from component") == 2
    assert ran(store).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("limits", "inner", "message"),
    [
        (
            Limits(seconds=0.05),
            "select count(*) as n from range(1000000000) as a, range(1000000000) as b",
            "expected an answer in its time, got none",
        ),
        (
            Limits(memory_mb=50),
            "select len(list(i)) as n from range(100000000) as t(i)",
            "expected it to fit into its memory, got more",
        ),
    ],
    ids=["time", "memory"],
)
def test_what_outgrows_its_limits_is_an_error_and_the_next_check_runs(
    limits: Limits, inner: str, message: str
) -> None:
    store = store_of([["C1", None, None]])
    lock(store.connection, limits)
    result = ran(
        store, f"select 'C1' as subject_id, 'fail' as outcome, cast(n as varchar) as reason from ({inner})"
    )

    assert (result.outcome, result.message) == (Outcome.ERROR, message)
    assert ran(store).outcome is Outcome.FAIL


def test_a_check_that_reads_no_table_does_not_mind_an_unreadable_row() -> None:
    store = store_of([["C1", "x", None], ["", "y", None]])
    prepared = Prepared(
        check=replace(CHECK, reads=()),
        sql="select 'C1' as subject_id, 'fail' as outcome, 'x' as reason where false",
        scope="select 'C1' as subject_id",
        columns=frozenset(),
        parameters=frozenset(),
        scope_parameters=frozenset(),
        inputs=frozenset(),
        subject_inputs=frozenset(),
    )

    assert run(store, prepared, AS_OF, {}).outcome is Outcome.PASS


def test_a_parameter_is_taken_only_if_the_check_has_it_and_of_its_type() -> None:
    check = replace(CHECK, parameters=(Parameter("days", 30, "m"), Parameter("share", 0.5, "m")))

    assert check.values({"days": 60, "share": 1}) == {"days": 60, "share": 1}
    for wrong in ({"dayz": 1}, {"days": "60"}, {"days": True}):
        with pytest.raises(CatalogueError, match="T-001"):
            check.values(wrong)
