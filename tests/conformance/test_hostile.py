"""Hostile statements and ways to name somebody: each is refused, or flagged where that is documented."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from netproof.checks.lint import Linted, lint
from netproof.checks.neutral import PROTECTED
from netproof.errors import CatalogueError
from netproof.tables.spec import all_specs

FOLDER = Path(__file__).parent / "hostile"
COLUMNS = {name: list(spec.names) for name, spec in all_specs().items()}
COLUMNS["component"] = [*COLUMNS["component"], "x_vendor"]
SHAPES = {
    "statement": "{}",
    "expression": "select c.component_id as subject_id, 'fail' as outcome, cast({} as varchar) as reason from component as c",
    "from": "select c.component_id as subject_id, 'fail' as outcome, 'x' as reason from component as c cross join {}",
    "where": "select c.component_id as subject_id, 'fail' as outcome, 'x' as reason from component as c where {}",
}
GOOD = {"expression": "c.zone", "from": "site", "where": "c.zone = 'core'"}
CONDITION = (
    "select c.component_id as subject_id, 'fail' as outcome, 'x' as reason from component as c "
    "left join supplier as s on c.supplier_id = s.supplier_id left join product as p on c.product_id = p.product_id "
    "left join release as r on c.product_id = r.product_id left join site as l on c.site_id = l.site_id where {}"
)

STATEMENTS = [
    pytest.param(SHAPES[shape].format(text), id=f"{group}: {text}"[:120])
    for group, items in yaml.safe_load((FOLDER / "statements.yml").read_text("utf-8")).items()
    for item in items
    for shape, text in item.items()
]


def _naming(kind: str) -> list[tuple[str, str]]:
    groups = yaml.safe_load((FOLDER / "naming.yml").read_text("utf-8"))[kind]
    return [
        (f"{group}: {text}"[:120], text if group == "statements" else CONDITION.format(text))
        for group, items in groups.items()
        for text in items
    ]


REFUSED = [pytest.param(text, id=name) for name, text in _naming("refused")]
FLAGGED = [pytest.param(text, id=name) for name, text in _naming("flagged")]


def _lint(text: str) -> Linted:
    return lint(text, columns=COLUMNS, protected=PROTECTED, parameters={"as_of", "who"})


def test_there_are_as_many_as_promised() -> None:
    assert len(STATEMENTS) >= 100
    assert len(REFUSED) + len(FLAGGED) >= 40


@pytest.mark.parametrize("shape", sorted(GOOD))
def test_the_statement_around_the_hostile_part_is_good(shape: str) -> None:
    assert _lint(SHAPES[shape].format(GOOD[shape])).review == ()


def test_the_statement_around_the_naming_part_is_good() -> None:
    assert _lint(CONDITION.format("c.supplier_id = p.supplier_id and c.function = 'AMF'")).review == ()


@pytest.mark.parametrize("text", STATEMENTS)
def test_a_hostile_statement_is_refused(text: str) -> None:
    with pytest.raises(CatalogueError):
        _lint(text)


@pytest.mark.parametrize("text", REFUSED)
def test_a_rule_that_names_somebody_is_refused(text: str) -> None:
    with pytest.raises(CatalogueError):
        _lint(text)


@pytest.mark.parametrize("text", FLAGGED)
def test_a_rule_that_might_mean_somebody_is_flagged(text: str) -> None:
    assert _lint(text).review != ()


def test_a_very_long_or_deep_statement_is_refused_at_once() -> None:
    for text in (
        "select " + "x" * 70_000,
        "select 1 from " + "(" * 9000 + "component" + ")" * 9000,
        "select \0",
    ):
        with pytest.raises(CatalogueError):
            _lint(text)


@pytest.mark.parametrize("deep", ["not ", "- ", "(select ", "coalesce(", "case when true then "])
def test_a_deep_statement_is_refused(deep: str) -> None:
    with pytest.raises(CatalogueError):
        _lint(SHAPES["expression"].format(deep * 480 + "1" + ")" * 480))
