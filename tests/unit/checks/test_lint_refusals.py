"""What the lint says to what it refuses or flags: the place, what it expected, what it got."""

from __future__ import annotations

import pytest

from tests.unit.checks.linting import linted, refused, where

CONDITIONS = {
    # a literal is text, a number, yes/no or NULL
    "function = x'ab'": "12: expected a text, a number, true, false or null, got a literal of kind HEX",
    "zone = b'1'": "8: expected a text, a number, true, false or null, got a literal of kind BIT",
    "zone = 'a\tb'": r"8: expected printable text, got 'a\tb'",
    # a subquery stands for one value
    "zone in (select zone, function from component)": "9: expected a subquery of one column, got 2",
    "zone = (select zone, function from component)": "8: expected a subquery of one column, got 2",
    # a function gets as many arguments as it takes, by position, and literals where engines want them
    "lower(x := zone) = 'a'": "1: lower: expected arguments without name",
    "lower(zone, zone) = 'a'": "1: lower: expected 1 to 1 arguments, got 2",
    "left(zone, length(zone)) = 'a'": "1: left: expected a literal as argument 2",
    r"zone like 'a\_'": "6: ~~: expected a pattern without backslash",
    "population / cast(0 as double) > 1": (
        "1: /: expected a divisor that is never 0, got one that may be: use nullif(divisor, 0)"
    ),
    "population / nullif(population, 1) > 1": (
        "1: /: expected a divisor that is never 0, got one that may be: use nullif(divisor, 0)"
    ),
    # a span of days is a whole number of them
    "first_used_on < $as_of - to_days(1, 2)": "26: to_days: expected 1 to 1 arguments, got 2",
    "first_used_on < $as_of - interval (2.5) day": "26: expected interval with a whole number",
    "first_used_on < $as_of - interval (component_id) day": "26: expected interval with a whole number",
    "first_used_on < $as_of - interval (nosuch) day": (
        "36: expected a column of the tables in FROM, got nosuch"
    ),
    "first_used_on < $as_of - to_days(cast(trunc() as integer))": "39: expected a known function, got trunc",
    "first_used_on < $as_of - to_days(cast(trunc(zone) as integer))": (
        "39: expected a known function, got trunc"
    ),
    "first_used_on < $as_of - main.to_days(1)": (
        "26: expected a plain, portable SELECT, got a schema before the function's name"
    ),
    # one refusal is not followed by its consequences
    "coalesce(nosuch, zone) = 'core'": "10: expected a column of the tables in FROM, got nosuch",
    "coalesce(zone || nosuch, '-') = 'core'": "18: expected a column of the tables in FROM, got nosuch",
    "main.component.zone = 'core'": "1: expected table.column, got main.component.zone",
}

READS = {
    # window functions
    ("ntile(3) over (order by c.zone)", "component as c"): "1: expected a known window function, got ntile",
    ("string_agg(c.zone, ',') over (order by c.zone)", "component as c"): (
        "1: expected a known window function, got string_agg"
    ),
    ("lag(c.zone, c.population) over (order by c.zone)", "component as c"): (
        "1: lag: expected a literal as argument 2"
    ),
    ("first_value(nosuch) over (order by c.zone)", "component as c"): (
        "13: expected a column of the tables in FROM, got nosuch"
    ),
    ("max(nosuch)", "component as c"): "5: expected a column of the tables in FROM, got nosuch",
    ("row_number() over (order by 'a')", "component as c"): (
        "29: ORDER BY: expected a column, got a constant"
    ),
    (
        "sum(c.population) over (order by c.zone range between 1 preceding and current row)",
        "component as c",
    ): ("1: expected a window of ROWS, got EXPR_PRECEDING_RANGE"),
    ("sum(c.population) over (order by c.zone rows c.population preceding)", "component as c"): (
        "1: start of a window: expected a whole number, got something else"
    ),
    ("sum(c.population) over (order by c.zone rows 1.5 preceding)", "component as c"): (
        "1: start of a window: expected a whole number, got something else"
    ),
    # names
    ("'x'", "component as c, component as c"): (
        "17: expected another alias than c, which an earlier table has"
    ),
    ("site_id", "component as c join site as s on c.site_id = s.site_id"): (
        "1: expected a table before site_id, which 2 tables have, got none"
    ),
    ("'x'", "component as c join site as s using (nosuch)"): (
        "16: USING: expected a column of both tables, got nosuch"
    ),
    ("s.name", "component as c anti join site as s on c.site_id = s.site_id"): (
        "1: expected a column of the tables in FROM, got s.name"
    ),
    ("x.n", "component as c cross join (select name || 'x' as n from site order by name || 'x') as x"): (
        "71: ORDER BY: expected a column as it is, got text made of name, which may only be shown"
    ),
}

STATEMENTS = {
    "select component_id as subject_id, 'fail' as outcome, 'x' as reason from component union select 'a', 'b'": (
        "line 1, column 8: expected as many columns on both sides, got [3, 2]"
    ),
    "select component_id as subject_id, nosuch as outcome, 'x' as reason from component": (
        "line 1, column 36: expected a column of the tables in FROM, got nosuch"
    ),
    "select component_id as subject_id, coalesce(null, null) as outcome, 'x' as reason from component": (
        "line 1, column 8: outcome: expected 'fail', 'needs_review', 'no_evidence', got 'NULL'"
    ),
    "select '\ud800'": "expected text that can be written as UTF-8, got half a character",
}


@pytest.mark.parametrize(("condition", "reason"), CONDITIONS.items(), ids=CONDITIONS)
def test_a_refused_condition_is_told_its_place_and_what_was_expected(condition: str, reason: str) -> None:
    assert str(refused(where(condition))) == f"line 2, column {reason}"


@pytest.mark.parametrize(("parts", "reason"), READS.items(), ids=[" from ".join(parts) for parts in READS])
def test_a_refused_value_or_table_is_told_its_place_and_what_was_expected(
    parts: tuple[str, str], reason: str
) -> None:
    text = "select c.component_id as subject_id, 'fail' as outcome, cast(\n{} as varchar) as reason from\n{}"
    value, tables = parts
    line = 3 if value in {"'x'", "x.n"} else 2

    assert str(refused(text.format(value, tables))) == f"line {line}, column {reason}"


@pytest.mark.parametrize(("text", "reason"), STATEMENTS.items(), ids=range(len(STATEMENTS)))
def test_a_refused_statement_is_told_what_was_expected(text: str, reason: str) -> None:
    assert str(refused(text)) == reason


@pytest.mark.parametrize(
    "condition",
    [
        "substr(zone, 1, 2) = 'co'",
        "starts_with(zone, 'co')",
        "zone like 'co%'",
    ],
)
def test_a_part_of_a_word_beside_a_literal_is_flagged(condition: str) -> None:
    flags = " ".join(linted(where(condition)).review)

    assert "a part of zone is compared with a literal: does it stand for somebody?" in flags


@pytest.mark.parametrize(
    "condition",
    [
        "starts_with(zone, function)",
        "population / cast(2 as double) > 1",
        "first_used_on < $as_of - interval ($days) day",
        "first_used_on < $as_of - to_days(cast($days as integer))",
        "first_used_on < $as_of - interval 3 month",
        "first_used_on < $as_of - interval (null) day",
        "population > all (select x.population from component as x where x.zone = component.zone)",
    ],
)
def test_a_portable_condition_without_a_literal_beside_a_word_is_not_flagged(condition: str) -> None:
    assert linted(where(condition)).review == ()


def test_a_window_that_begins_with_names_is_flagged_and_one_that_breaks_ties_by_them_is_not() -> None:
    text = (
        "with n as (select component_id, row_number() over (order by {}) as nth from component) "
        "select component_id as subject_id, 'fail' as outcome, 'x' as reason from n where nth = 1"
    )

    assert linted(text.format("first_used_on desc, component_id")).review == ()
    assert linted(text.format("component_id")).review == (
        "line 1, column 61: the order of column component_id decides: would renaming change the answer?",
    )


def test_a_table_that_a_semi_join_asks_is_read_but_has_no_columns_behind_it() -> None:
    found = linted(
        "select site_id as subject_id from component as c semi join site as s on c.site_id = s.site_id",
        kind="scope",
    )

    assert found.tables == {"component", "site"}
