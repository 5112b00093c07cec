"""What the lint lets through, what it hands on, and how it says no."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from netproof.catalogue.loader import shipped_checks
from netproof.checks.neutral import COMPUTED, PROTECTED, VOCABULARY, protected_among
from netproof.tables.spec import all_specs
from tests.plain import plain_columns, plain_types
from tests.unit.checks.linting import COLUMNS, linted, refused, where

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from netproof.catalogue.check import Check

GOOD = """-- Components that are not where their product's maker is known.
select c.component_id as subject_id, 'fail' as outcome, 'maker ' || coalesce(p.supplier_id, '(unknown)') as reason
from component as c left join product as p on c.product_id = p.product_id
where c.first_used_on <= $as_of and p.supplier_id is distinct from c.supplier_id
order by subject_id
"""


def test_what_is_handed_on_names_database_and_schema() -> None:
    found = linted(GOOD)

    assert "memory.main.component AS c" in found.sql
    assert "memory.main.product AS p" in found.sql
    assert "--" not in found.sql


def test_what_is_handed_on_says_what_is_read() -> None:
    found = linted(GOOD)

    assert found.tables == {"component", "product"}
    assert found.columns == {"component_id", "supplier_id", "product_id", "first_used_on", "subject_id"}
    assert found.parameters == {"as_of"}
    assert found.review == ()


def test_linting_what_was_rendered_changes_nothing_but_the_qualification() -> None:
    once = linted(GOOD).sql
    again = linted(once.replace("memory.main.", "")).sql

    assert again == once


def test_a_table_of_with_is_not_a_table_that_is_read() -> None:
    text = (
        "with core as (select component_id from component where zone = 'core') "
        "select component_id as subject_id from core"
    )
    found = linted(text, kind="scope")

    assert found.tables == {"component"}
    assert "FROM core" in found.sql


def test_every_reason_has_line_and_column_of_the_text() -> None:
    error = refused(
        "select component_id as subject_id, 'fail' as outcome,\n"
        "  'Größe' || now() as reason\n"
        "from component\nwhere supplier_id = 'S1' and nosuch = 1"
    )

    compared = "protected column supplier_id: expected a comparison with another protected column"
    assert str(error).splitlines() == [
        "line 2, column 14: expected a known function, got now",
        f"line 4, column 7: {compared}, got a literal or a parameter",
        "line 4, column 30: expected a column of the tables in FROM, got nosuch",
    ]
    assert "$as_of" in error.hint


def test_a_syntax_error_has_its_place() -> None:
    assert str(refused("select component_id\nfrom from x")).startswith(
        "line 2, column 6: expected one SELECT"
    )


def test_one_refusal_is_not_followed_by_its_consequences() -> None:
    text = where("lower(no) = 'a' and no || 'x' is null")
    reasons = {line.split(": ", 1)[1] for line in str(refused(text)).splitlines()}

    assert reasons == {"expected a column of the tables in FROM, got no"}


@pytest.mark.parametrize(
    "condition",
    [
        "function = 'AMF' and zone in ('core', 'management')",
        "supplier_id is null",
        "component_id = parent_id",
        "first_used_on < $as_of - interval 30 day",
        "date_diff('day', first_used_on, $as_of) > $days",
        "exists (select 1 from restriction as r where r.supplier_id = component.supplier_id)",
        "product_id in (select p.product_id from product as p where p.end_of_support_on < $as_of)",
        "(select count(distinct x.supplier_id) from component as x where x.function = component.function) < 2",
        "coalesce(supplier_id, parent_id) = site_id",
        "population / nullif((select sum(x.population) from component as x), 0) > 0.5",
        "cast(first_used_on as date) <= $as_of",
        "retired_on between first_used_on and $as_of",
    ],
)
def test_a_neutral_condition_passes_without_a_flag(condition: str) -> None:
    assert linted(where(condition)).review == ()


SHOWN = [
    """select supplier_id as subject_id, 'fail' as outcome, string_agg(name, ', ' order by name) as reason
    from supplier group by supplier_id having count(*) > 1""",
    """with n as (select site_id, 'at ' || name as place from site)
    select site_id as subject_id, 'fail' as outcome, coalesce(place, '-') as reason from n""",
    """select component_id as subject_id, 'fail' as outcome,
    'digest ' || left(lower(hex(sha256)), 12) || ' on ' || strftime(observed_at, '%Y-%m-%d') as reason
    from observation""",
    """with ranked as (
        select component_id, version,
        row_number() over (partition by component_id order by observed_at desc) as n from observation
    )
    select component_id as subject_id, 'fail' as outcome, coalesce(version, '?') as reason
    from ranked where n = 1""",
    """select component_id as subject_id, 'fail' as outcome, 'a' as reason from component union all
    select site_id, if(name is null, 'no_evidence', 'needs_review'), 'b ' || coalesce(name, '') from site""",
]


@pytest.mark.parametrize("text", SHOWN)
def test_a_protected_column_may_be_shown(text: str) -> None:
    assert linted(text).review == ()


def test_a_forbidden_word_is_found_however_it_is_written() -> None:
    for literal in (
        "'Sample Networks'",
        "'SAMPLE  networks AG'",
        "$$sample-networks$$",
        "'Ｓample Networks'",
    ):
        error = refused(where(f"function = {literal}"), names={"Sample Networks"})

        assert "expected no supplier, product or country, got 'sample networks'" in str(error)


def test_a_forbidden_word_is_found_in_an_alias() -> None:
    text = "select sample_x.component_id as subject_id from component as sample_x"

    assert "got 'sample' in 'sample_x'" in str(refused(text, names={"sample"}, kind="scope"))


def test_a_forbidden_word_inside_another_word_is_not_one() -> None:
    assert linted(where("zone = 'core'"), names={"or", "co", "a"}).tables == {"component"}


def test_a_table_without_specification_is_judged_by_column_name() -> None:
    columns = COLUMNS | {"made": ["component_id", "supplier_name", "zone", "total", "x_own"]}
    for column in ("component_id", "supplier_name", "x_own"):
        text = f"select component_id as subject_id from made where {column} = 'a'"

        assert f"protected column {column}" in str(refused(text, columns=columns, kind="scope"))
    assert linted("select component_id as subject_id from made where zone = 'core' and total > 3",
                 columns=columns, kind="scope").tables == {"made"}  # fmt: skip


def test_a_computed_column_that_holds_no_text_names_nobody() -> None:
    types = {
        "component_id": "VARCHAR",
        "left_on": "DATE",
        "odd": "BOOLEAN",
        "who": "ENUM('a')",
        "pen": "BIGINT",
    }
    columns = COLUMNS | {"made": types}

    assert protected_among("made", types) == {"component_id", "who", "pen"}
    text = "select component_id as subject_id from made where odd and date_diff('day', left_on, $as_of) > 3"
    assert linted(text, columns=columns, kind="scope").review == ()


def test_a_column_of_ones_own_is_protected_in_every_table() -> None:
    assert protected_among("component", ["zone", "x_vendor"]) >= {"x_vendor", "supplier_id"}


def test_ids_names_countries_and_versions_are_protected_and_the_catalogues_words_are_not() -> None:
    for table, column in [
        ("supplier", "supplier_id"), ("supplier", "name"), ("supplier", "country"), ("supplier", "pen"),
        ("supplier", "lei"), ("component", "serial"), ("component", "version"), ("person", "country"),
        ("product", "name"), ("work", "task"), ("work", "from_country"), ("channel", "ends_in_country"),
        ("observation", "sha256"), ("link", "provider_id"), ("supplier_alias", "alias"), ("site", "region"),
    ]:  # fmt: skip
        assert column in PROTECTED[table], f"{table}.{column}"
    for table, column in [
        ("component", "function"), ("component", "zone"), ("certificate", "scheme"), ("monitor", "signal"),
        ("commitment", "clause"), ("admitted_document", "document"), ("release", "status"), ("work", "privileged"),
    ]:  # fmt: skip
        assert column not in PROTECTED[table], f"{table}.{column}"
        assert all(word not in COMPUTED for word in ("name", "supplier_id", "value"))
    assert "AMF" in VOCABULARY["function"]


def test_every_reference_to_another_table_is_protected() -> None:
    missed = [
        f"{spec.name}.{column.name}"
        for spec in all_specs().values()
        for column in spec.columns
        if column.references and column.name not in PROTECTED[spec.name]
    ]

    assert missed == []


@pytest.mark.parametrize("known", [plain_columns, plain_types], ids=["by name", "by type"])
@pytest.mark.parametrize("check", shipped_checks().values(), ids=shipped_checks())
def test_a_shipped_check_passes_without_a_flag(
    check: Check, known: Callable[[], Mapping[str, Collection[str]]]
) -> None:
    columns = known()
    parameters = {"as_of", *(parameter.name for parameter in check.parameters)}
    scope = linted(check.scope, kind="scope", columns=columns, parameters=parameters)
    sql = linted(check.sql, columns=columns, parameters=parameters)

    assert scope.review + sql.review == ()
    assert scope.tables | sql.tables == set(check.reads)
