"""What an author is told whose case file, case or check is not right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from netproof.catalogue.check import Outcome, Parameter
from netproof.catalogue.loader import ReferenceTable
from netproof.checks.cases import CaseRunner, read_cases
from netproof.errors import CatalogueError, TableError
from netproof.tables.lineage import lineage_of
from tests.unit.checks.sampled import sample_check

if TYPE_CHECKING:
    from collections.abc import Collection

    from netproof.checks.run import Result
    from netproof.tables.store import Store

CHECK = sample_check(
    parameters=(Parameter("days", 30, "m"),),
    sql=(
        "select component_id as subject_id, 'fail' as outcome, 'no name since ' || cast(first_used_on as varchar) "
        "as reason from component where name is null and date_diff('day', first_used_on, $as_of) > $days"
    ),
)
ONE = """
as_of: 2026-11-01
cases:
  a case:
    component: [{component_id: C1, first_used_on: 2026-01-01}, {component_id: C2, name: x}]
"""


def _derive_nothing(store: Store, as_of: date, *, only: Collection[str] | None) -> None:
    """Make no table: the check reads no derived one."""


def _ran(text: str, *reference: ReferenceTable, **check: Any) -> tuple[Result, list[str]]:
    """Run the one case of a case file."""
    changed = replace(CHECK, cases=text, **check)
    (case,) = read_cases(changed)
    return CaseRunner(reference, _derive_nothing, lineage_of({})).run(changed, case)


def test_a_case_file_says_the_date_of_a_case_its_tables_and_what_is_expected() -> None:
    text = "as_of: 2026-11-01\ncases:\n  a: {expect: }\n  b: {as_of: 2026-12-01, site: , expect: {S1: fail}}"
    first, second = read_cases(replace(CHECK, cases=text))

    assert (first.name, first.as_of, first.tables, first.expect) == ("a", date(2026, 11, 1), {}, {})
    assert (second.as_of, second.tables, second.expect) == (date(2026, 12, 1), {"site": []}, {"S1": "fail"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cases: [", "expected YAML, got while parsing a flow node expected the node content"),
        ("", "expected as_of and cases, got AttributeError"),
        ("- a\n- b", "expected as_of and cases, got AttributeError"),
        ("as_of: 2026-11-01", "expected as_of and cases, got KeyError('cases')"),
        ("as_of: 2026-11-01\ncases: [a]", "expected as_of and cases, got AttributeError"),
        ("as_of: 2026-11-01\ncases: {a: {}}", "expected as_of and cases, got KeyError('expect')"),
        ("as_of: 2026-11-01\ncases: {a: fail}", "expected as_of and cases, got AttributeError"),
        ("cases: {a: {expect: {}}}", "a: as_of: expected a date"),
        ("as_of: yesterday\ncases: {a: {expect: {}}}", "a: as_of: expected a date"),
        ("as_of: 2026-11-01\ncases: {a: {as_of: 1.11.26, expect: {}}}", "a: as_of: expected a date"),
        ("as_of: 2026-13-01\ncases: {}", "expected as_of and cases, got ValueError('month must be in 1..12"),
    ],
)
def test_a_malformed_case_file_is_refused_by_name(text: str, words: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        read_cases(replace(CHECK, cases=text))

    assert str(caught.value).startswith("T-001.cases.yml: ")
    assert words in str(caught.value)


def test_a_case_that_comes_out_as_expected_differs_in_nothing() -> None:
    result, differences = _ran(
        f"{ONE}    expect: {{C1: fail}}\n    reason: {{C1: since 2026-01-01}}\n    in_scope: 2"
    )

    assert (result.outcome, result.counts[Outcome.FAIL], differences) == (Outcome.FAIL, 1, [])


@pytest.mark.parametrize(
    ("settings", "difference"),
    [
        ("expect: {}", "C1: expected nothing, got fail (no name since 2026-01-01)"),
        ("expect: {C1: needs_review}", "C1: expected needs_review, got fail (no name since 2026-01-01)"),
        ("expect: {C1: fail, C2: fail}", "C2: expected fail, got nothing"),
        (
            "expect: {C1: fail}\n    reason: {C1: since 2025}",
            "C1: expected a reason with 'since 2025', got 'no name since 2026-01-01'",
        ),
        ("expect: {C1: fail}\n    in_scope: 3", "expected 3 in scope, got 2"),
        ("expect: {C1: fail}\n    outcome: pass", "expected outcome pass, got fail"),
        ("expect: {C1: fail}\n    parameters: {days: 400}", "C1: expected fail, got nothing"),
    ],
)
def test_each_difference_is_told_in_words(settings: str, difference: str) -> None:
    assert _ran(f"{ONE}    {settings}")[1] == [difference]


def test_a_check_that_does_not_finish_is_a_difference_whatever_is_expected() -> None:
    result, differences = _ran(
        f"{ONE}    expect: {{}}",
        sql="select name as subject_id, 'fail' as outcome, 'x' as reason from component where $days > 0",
    )

    assert result.outcome is Outcome.ERROR
    assert differences == ["did not finish: expected a subject_id in every row, got none in 1"]


def test_an_unreadable_value_in_a_case_is_a_difference() -> None:
    text = (
        "as_of: 2026-11-01\n"
        "cases: {a: {component: [{component_id: C1, name: x, population: many}], expect: {}}}"
    )

    assert _ran(text)[1] == ["unreadable value in the case: ('component', 1, 'population', 'many')"]


def test_values_are_read_as_a_file_would_have_them() -> None:
    text = """
as_of: 2026-11-01
cases:
  a:
    component: [{component_id: C1, name: x, population: 3, first_used_on: 2026-01-01}]
    certificate: [{certificate_id: Z1, requirement_documents: [A, B]}]
    observation: [{component_id: C1, observed_at: 2026-10-31 10:00:00}]
    work: [{work_id: W1, privileged: no}]
    expect: {}
"""
    assert _ran(text)[1] == []


@pytest.mark.parametrize("rows", ["", "[]", "[{a: 1}]"])
def test_a_case_with_an_unknown_table_is_refused(rows: str) -> None:
    text = f"as_of: 2026-11-01\ncases: {{a: {{nosuch: {rows}, expect: {{}}}}}}"

    with pytest.raises(TableError, match="nosuch of the case: expected a known table, got 'nosuch'"):
        _ran(text)


def test_a_case_with_an_unknown_column_is_refused() -> None:
    text = "as_of: 2026-11-01\ncases: {a: {component: [{nosuch: 1}], expect: {}}}"

    with pytest.raises(TableError, match="component of the case: table component has no column 'nosuch'"):
        _ran(text)


def test_a_case_with_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(
        CatalogueError, match=r"T-001: expected a parameter of this check \(days\), got 'dayz'"
    ):
        _ran(f"{ONE}    expect: {{}}\n    parameters: {{dayz: 1}}")


def test_the_catalogues_tables_stand_in_for_those_that_a_case_does_not_bring() -> None:
    brought = ReferenceTable("site", "site.csv", ("site_id", "region"), (("S1", "Nord"),))
    counting: dict[str, Any] = {
        "scope": "select site_id as subject_id from site",
        "sql": "select site_id as subject_id, 'fail' as outcome, 'x' as reason from site where $days > 0",
        "subject": "site",
        "reads": ("site",),
    }
    none = "as_of: 2026-11-01\ncases: {a: {expect: {S1: fail}}}"
    own = "as_of: 2026-11-01\ncases: {a: {site: [{site_id: S2, region: Nord}], expect: {S2: fail}}}"

    assert _ran(none, brought, **counting)[1] == []
    assert _ran(own, brought, **counting)[1] == []
