"""Lints a text over the specified tables, for tests."""

from __future__ import annotations

import pytest

from netproof.checks.lint import Linted, lint
from netproof.checks.neutral import PROTECTED
from netproof.errors import CatalogueError
from netproof.tables.spec import all_specs

COLUMNS = {name: list(spec.names) for name, spec in all_specs().items()}


def linted(text: str, **more: object) -> Linted:
    """Return what may be run of a check that has the parameters as_of and days."""
    options: dict[str, object] = {"columns": COLUMNS, "protected": PROTECTED, "parameters": {"as_of", "days"}}
    return lint(text, **(options | more))  # type: ignore[arg-type]


def refused(text: str, **more: object) -> CatalogueError:
    """Return why a check is refused."""
    with pytest.raises(CatalogueError) as caught:
        linted(text, **more)
    return caught.value


def where(condition: str) -> str:
    """Return a check of components with that condition, which stands from line 2, column 1 on."""
    return (
        "select component_id as subject_id, 'fail' as outcome, 'x' as reason from component where\n"
        f"{condition}"
    )
