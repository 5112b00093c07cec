"""Who supplies changes nothing: random rows with other names of suppliers, products and countries."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from netproof.catalogue.loader import shipped_checks
from netproof.tables.spec import all_specs
from netproof.tables.tree import parameters_read
from tests.plain import AS_OF, plain_database, plain_rows

if TYPE_CHECKING:
    import duckdb

    from netproof.catalogue.check import Check
    from tests.plain import Rows

SEEDS = (1, 2, 3)
DOMAINS = frozenset({"supplier_id", "product_id", "country"})
NAMES = frozenset(
    {"supplier.name", "supplier_alias.alias", "restriction.supplier_name", "restriction.country_not"}
)
"""Columns that name suppliers or countries in words or lists."""
RENAMED = frozenset({"supplier", "product"})
"""Tables whose rows get other names, and so the subjects of checks of them."""

Finding = tuple[str, str, str]


def other(value: str) -> str:
    """Return another name for each word of a text; their order in the alphabet changes with it."""
    return re.sub(r"\w+", lambda word: "z" + hashlib.sha256(word[0].encode()).hexdigest()[:8], value)


def other_code(value: str) -> str:
    """Return another code for each code of a country; no two become one."""
    return re.sub("[A-Z]", lambda letter: chr((ord(letter[0]) - 65 + 7) % 26 + 65), value)


def renamed(rows: Rows) -> Rows:
    """Return the rows with other names."""
    columns = {(name, "event_id") for name in rows if name.startswith("outage")} | {
        (name, column.name)
        for name, spec in all_specs().items()
        for column in spec.columns
        if column.domain in DOMAINS or f"{name}.{column.name}" in NAMES or column.name in DOMAINS
    }
    codes = {
        (name, column.name)
        for name, spec in all_specs().items()
        for column in spec.columns
        if column.domain == "country" or column.name == "country_not"
    }

    def called(name: str, key: str, value: Any) -> Any:
        if not value or (name, key) not in columns:
            return value
        return other_code(value) if (name, key) in codes else other(value)

    return {
        name: [{key: called(name, key, value) for key, value in row.items()} for row in table]
        for name, table in rows.items()
    }


@cache
def _database(seed: int, *, anew: bool) -> duckdb.DuckDBPyConnection:
    rows = plain_rows(12, seed)
    return plain_database(made=renamed(rows) if anew else rows)


def _found(check: Check, seed: int, *, anew: bool) -> tuple[set[str], list[Finding]]:
    """Return what is in scope, and the findings, of random rows."""
    values: dict[str, Any] = {"as_of": AS_OF, **check.values()}
    scope, findings = (
        _database(seed, anew=anew)
        .execute(text, {name: values[name] for name in parameters_read(text)})
        .fetchall()
        for text in (check.scope, check.sql)
    )
    return {subject for (subject,) in scope}, findings


@pytest.mark.parametrize("check", shipped_checks().values(), ids=shipped_checks())
def test_other_names_change_neither_scope_nor_outcome(check: Check) -> None:
    def called(subject: str) -> str:
        return other(subject) if check.subject in RENAMED or "outage" in check.reads else subject

    for seed in SEEDS:
        scope, found = _found(check, seed, anew=False)
        scope_after, found_after = _found(check, seed, anew=True)

        assert scope_after == {called(subject) for subject in scope}
        assert {row[:2] for row in found_after} == {
            (called(subject), outcome) for subject, outcome, _ in found
        }


@pytest.mark.parametrize("check", shipped_checks().values(), ids=shipped_checks())
def test_every_finding_is_in_scope_once_with_a_reason(check: Check) -> None:
    for seed in SEEDS:
        scope, found = _found(check, seed, anew=False)
        subjects = [subject for subject, _, _ in found]

        assert len(set(subjects)) == len(subjects)
        assert set(subjects) - scope == set()
        assert [row for row in found if not all(row)] == []
