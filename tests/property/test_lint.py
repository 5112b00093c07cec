"""What the lint renders gives the same rows as what the author typed."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import pytest

from netproof.catalogue.loader import shipped_checks
from netproof.checks.lint import lint
from netproof.checks.neutral import PROTECTED
from tests.plain import AS_OF, plain_columns, plain_database

if TYPE_CHECKING:
    import duckdb

    from netproof.catalogue.check import Check

SEEDS = (1, 2, 3)


@cache
def _database(seed: int) -> duckdb.DuckDBPyConnection:
    return plain_database(12, seed)


@pytest.mark.parametrize("check", shipped_checks().values(), ids=shipped_checks())
def test_rendered_text_gives_the_rows_of_typed_text(check: Check) -> None:
    values = {"as_of": AS_OF, **check.values()}
    for kind, text in (("scope", check.scope), ("findings", check.sql)):
        linted = lint(
            text,
            kind=kind,  # type: ignore[arg-type]
            columns=plain_columns(),
            protected=PROTECTED,
            parameters=values.keys(),
        )
        named = {name: values[name] for name in linted.parameters}
        for seed in SEEDS:
            typed = _database(seed).execute(text, named).fetchall()
            rendered = _database(seed).execute(linted.sql, named).fetchall()

            assert Counter(rendered) == Counter(typed)


def test_the_random_rows_offend_most_checks() -> None:
    found = set()
    for check in shipped_checks().values():
        values = {"as_of": AS_OF, **check.values()}
        columns = plain_columns()
        linted = lint(check.sql, columns=columns, protected=PROTECTED, parameters=values.keys())
        named = {name: values[name] for name in linted.parameters}
        if any(_database(seed).execute(linted.sql, named).fetchall() for seed in SEEDS):
            found.add(check.id)

    assert len(found) >= len(shipped_checks()) * 9 / 10, sorted(shipped_checks().keys() - found)
