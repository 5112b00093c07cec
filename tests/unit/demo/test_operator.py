"""What every made-up operator keeps to: keys, references, vocabularies and sizes of the tables."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from netproof.demo.build import Operator, make
from netproof.demo.frames import UNKNOWN
from netproof.tables.spec import ColumnType, all_specs

TABLES = sorted(make(100, 1).frames)


@pytest.fixture(scope="module")
def operator() -> Operator:
    return make(400, 2026)


def values(operator: Operator, table: str, column: str) -> list[Any]:
    """The known values of a column."""
    return [value for value in operator.frames[table][column].tolist() if value not in {None, UNKNOWN}]


def test_all_tables_of_the_design_are_there(operator: Operator) -> None:
    inputs = {name for name, spec in all_specs().items() if spec.kind == "input"}

    assert inputs - operator.frames.keys() == {"same_as"}


@pytest.mark.parametrize("table", TABLES)
def test_columns_are_those_of_the_specification(operator: Operator, table: str) -> None:
    assert operator.frames[table].columns.keys() <= set(all_specs()[table].names)


@pytest.mark.parametrize("table", TABLES)
def test_keys_are_unique(operator: Operator, table: str) -> None:
    frame = operator.frames[table]
    rows = Counter(zip(*(frame[name].tolist() for name in all_specs()[table].key), strict=True))

    assert [key for key, count in rows.items() if count > 1] == []


@pytest.mark.parametrize("table", TABLES)
def test_every_reference_resolves(operator: Operator, table: str) -> None:
    for column in all_specs()[table].columns:
        if not column.references or column.name not in operator.frames[table].columns:
            continue
        known: set[Any] = set()
        for target in column.references:
            known |= set(values(operator, target, all_specs()[target].key[0]))

        assert set(values(operator, table, column.name)) - known == set(), column.name


@pytest.mark.parametrize("table", TABLES)
def test_values_are_in_the_vocabulary(operator: Operator, table: str) -> None:
    for column in all_specs()[table].columns:
        if column.type is ColumnType.VOCABULARY and column.name in operator.frames[table].columns:
            assert set(values(operator, table, column.name)) <= set(column.vocabulary), column.name


def test_people_on_components_are_the_people_of_their_sites(operator: Operator) -> None:
    component = operator.frames["component"]
    people: Counter[str] = Counter()
    for site, count in zip(component["site_id"].tolist(), component["population"].tolist(), strict=True):
        people[site] += max(count, 0)
    site = operator.frames["site"]
    want = dict(zip(site["site_id"].tolist(), site["population"].tolist(), strict=True))

    assert {name: people[name] for name in want} == want


def test_the_example_has_about_400_sites_and_3000_components(operator: Operator) -> None:
    assert len(operator.frames["site"]) == 400
    assert 2_500 <= len(operator.frames["component"]) <= 3_500


NONE_ON_THE_DATE = {"CERT-016"}
"""Of the catalogue's own dates, none of which lies ahead of the example's; the example shows it earlier."""


def test_every_shipped_check_has_a_planted_fault(operator: Operator) -> None:
    from netproof.catalogue.loader import shipped_checks

    assert set(shipped_checks()) - {item.check for item in operator.planted} == NONE_ON_THE_DATE


def test_nobody_is_planted_twice_for_one_check(operator: Operator) -> None:
    named = Counter((item.check, subject) for item in operator.planted for subject in item.subjects)

    assert [key for key, count in named.items() if count > 1] == []


def test_every_component_but_supplies_is_joined_to_the_core(operator: Operator) -> None:
    component, link = operator.frames["component"], operator.frames["link"]
    root = {name: name for name in component["component_id"].tolist()}

    def find(name: str) -> str:
        while root[name] != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    for one, other in zip(link["a_id"].tolist(), link["b_id"].tolist(), strict=True):
        root[find(one)] = find(other)
    core = find(component["component_id"][component.where(function="AMF")[0]])
    apart = {
        name
        for name, function in zip(root, component["function"].tolist(), strict=True)
        if find(name) != core and function not in {"FACILITY", "OTHER", None}
    }

    # One that is gone, one that is to come, and what stands at a site whose only line was forgotten.
    routers = {name for name in apart if name.endswith("-ROUTER-9")}
    assert len(routers) == 2
    assert len({name.partition("-")[0] for name in apart - routers}) == 1
