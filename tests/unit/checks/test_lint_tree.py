"""What the parser may learn tomorrow is refused: the lint lets through only what it knows, at every place."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from netproof.checks.lint import rule
from netproof.tables.tree import parse
from tests.unit.checks.linting import linted, refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

Path = tuple[str | int, ...]
TEXT = """
with core as (
    select component_id, function, first_used_on,
        row_number() over (partition by function order by first_used_on rows 1 preceding) as nth
    from component where zone = 'core' and retired_on is null
)
select c.component_id as subject_id, case when c.nth > 1 then 'fail' else 'needs_review' end as outcome,
    'since ' || cast(c.first_used_on as varchar) as reason
from core as c left join (select distinct site_id as s from site) as t on c.component_id = t.s
where c.first_used_on between $as_of - interval 3 day and $as_of
    and not c.function in (select r.function from critical_function as r)
union all
select x.site_id, 'fail', string_agg(x.name, ',' order by x.name) filter (where x.latitude_deg is null)
from site as x group by x.site_id having count(*) > 1 order by subject_id
"""
DECIDING = {
    "class", "comparison_type", "end", "join_type", "ref_type", "setop_type", "start", "subquery_type",
}  # fmt: skip
"""Fields that say what a node is, each from a list of words."""
KINDS = {
    "BASE_TABLE", "COMPARE_EQUAL", "COMPARE_GREATERTHAN", "DISTINCT_MODIFIER", "JOIN", "OPERATOR_IS_NULL",
    "OPERATOR_NOT", "ORDER_MODIFIER", "SELECT_NODE", "SET_OPERATION_NODE",
}  # fmt: skip
"""Types that decide what a node is; of the others the class does."""


def _nodes(tree: Any, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the path and content of every node that says what it is."""
    if isinstance(tree, dict):
        if "type" in tree:
            yield path, tree
        for key, child in tree.items():
            yield from _nodes(child, (*path, key))
    elif isinstance(tree, list):
        for number, child in enumerate(tree):
            yield from _nodes(child, (*path, number))


def _changed(path: Path, key: str, value: str) -> dict[str, Any]:
    """Return the tree with one field of one node changed."""
    tree = parse(TEXT)
    node: Any = tree
    for step in path:
        node = node[step]
    node[key] = value
    return tree


NODES = list(_nodes(parse(TEXT)))
FIELDS = [
    (path, key, value)
    for path, node in NODES
    for key, value in node.items()
    if isinstance(value, str)
    and (key in DECIDING or (key == "type" and value in KINDS))
    and value != "INVALID"
    and path[-1] != "order_bys"
]
"""Where a field decides; INVALID means that it says nothing, and an aggregate's order has one kind alone."""


def test_the_text_that_is_changed_is_good_as_it_is() -> None:
    assert linted(TEXT).tables == {"component", "critical_function", "site"}
    assert {value for _, key, value in FIELDS if key == "type"} == KINDS


def test_a_clause_that_the_lint_does_not_know_is_refused_wherever_it_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for path, _ in NODES:
        tree = _changed(path, "new_clause", "x")
        monkeypatch.setattr(rule, "parse", lambda _, tree=tree: tree)

        assert "expected a plain, portable SELECT, got " in str(refused(TEXT)), path


def test_a_kind_that_the_lint_does_not_know_is_refused_wherever_it_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for path, key, value in FIELDS:
        tree = _changed(path, key, "NEW_KIND")
        monkeypatch.setattr(rule, "parse", lambda _, tree=tree: tree)

        assert "expected " in str(refused(TEXT)), (path, key, value)


def test_what_does_not_read_back_as_the_same_tree_is_not_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    other = copy.deepcopy(parse(TEXT.replace("'core'", "'access'")))
    monkeypatch.setattr(rule, "render", lambda _: TEXT)
    monkeypatch.setattr(rule, "parse", lambda text: other if text is TEXT else parse(text))
    error = refused(TEXT.replace("'core'", "'edge'"))

    assert str(error) == "expected a SELECT that is the same when it is written anew, got one that changes"
    assert "report" in error.hint
