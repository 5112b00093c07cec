"""When a check is not made ready to run, and what its author is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from netproof.checks.prepare import known_columns, prepare
from netproof.errors import CatalogueError
from netproof.tables.lineage import lineage_of
from netproof.tables.load import load
from netproof.tables.store import Store
from tests.unit.checks.sampled import sample_check

if TYPE_CHECKING:
    from netproof.checks.run import Prepared

CHECK = sample_check()
COLUMNS = {
    "component": {"component_id": "VARCHAR", "name": "VARCHAR", "site_id": "VARCHAR", "zone": "VARCHAR"},
    "site": {"site_id": "VARCHAR", "name": "VARCHAR"},
    "placed": {"component_id": "VARCHAR", "site_id": "VARCHAR"},
}
LINEAGE = lineage_of(
    {"placed": "select c.component_id, s.site_id from component as c join site as s on c.site_id = s.site_id"}
)


def _prepared(**check: Any) -> Prepared:
    return prepare(replace(CHECK, **check), COLUMNS, LINEAGE)


def _refused(**check: Any) -> CatalogueError:
    with pytest.raises(CatalogueError) as caught:
        _prepared(**check)
    return caught.value


def test_what_is_run_is_rendered_and_names_database_and_schema() -> None:
    prepared = _prepared()

    assert "memory.main.component" in prepared.sql
    assert "memory.main.component" in prepared.scope
    assert prepared.columns == {"component_id", "name"}
    assert prepared.inputs == {"component"}


def test_a_derived_table_is_followed_to_the_tables_that_it_rests_on() -> None:
    prepared = _prepared(
        scope="select component_id as subject_id from placed",
        sql="select component_id as subject_id, 'fail' as outcome, 'no site' as reason from placed where site_id is null",
        reads=("placed",),
    )

    assert prepared.inputs == {"component", "site"}
    assert prepared.subject_inputs == {"component", "site"}


def test_what_a_person_should_look_at_comes_from_scope_and_findings() -> None:
    prepared = _prepared(
        scope="select component_id as subject_id from component where zone = 'somewhere'",
        sql=CHECK.sql + " and zone = 'elsewhere'",
    )

    assert [flag.split(": ")[1] for flag in prepared.review] == [
        "'somewhere' is not in the vocabulary of zone",
        "'elsewhere' is not in the vocabulary of zone",
    ]


@pytest.mark.parametrize(
    ("reads", "got"),
    [(("component", "site"), "component, site"), (("site",), "site"), ((), "")],
)
def test_tables_that_are_read_and_tables_that_are_said_must_be_the_same(
    reads: tuple[str, ...], got: str
) -> None:
    assert str(_refused(reads=reads)) == f"T-001.toml: reads: expected component, got {got}"


def test_a_subject_that_is_no_table_is_refused() -> None:
    error = _refused(subject="nosuch")

    assert str(error) == "T-001.toml: subject: expected a known table, got 'nosuch'"


@pytest.mark.parametrize("table", ["nosuch", "placed"])
def test_evidence_that_is_no_input_table_is_refused(table: str) -> None:
    error = _refused(evidence=("component", table))

    assert str(error) == f"T-001.toml: evidence: expected an input table, got '{table}'"


@pytest.mark.parametrize("part", ["scope", "sql"])
def test_refused_sql_is_told_with_the_checks_id_and_keeps_its_hint(part: str) -> None:
    error = _refused(**{part: CHECK.sql.replace("name is null", "name = now()")})

    assert str(error).startswith("T-001: line 1, column ")
    assert "expected a known function, got now" in str(error)
    assert "the date is $as_of" in error.hint


def test_a_check_may_read_neither_a_table_of_files_nor_a_column_of_the_readers_own() -> None:
    store = Store.empty(threads=1)
    load(store, [])
    columns = known_columns(store)

    assert columns.keys().isdisjoint({"source", "import_issue", "data_issue"})
    assert columns["component"]["component_id"] == "VARCHAR"
    assert [name for known in columns.values() for name in known if name.startswith("_")] == []
