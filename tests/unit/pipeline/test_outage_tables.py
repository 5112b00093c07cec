"""Which tables of outages are filled for which checks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from netproof.catalogue.loader import shipped_checks
from netproof.pipeline.outage_tables import fill_outages, outages_read
from netproof.tables.load import load
from netproof.tables.rows import stage_rows
from netproof.tables.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.mark.parametrize(
    ("check", "tables"),
    [
        ("RED-001", set()),
        ("RED-009", {"outage", "outage_baseline", "outage_service"}),
        ("RED-013", {"outage_baseline"}),
        ("RED-014", {"outage_member"}),
        ("RED-015", {"site_cut"}),
        ("DIV-010", {"exposure_flow", "exposure_supplier"}),
    ],
)
def test_what_a_check_reads_is_followed_through_what_is_derived(check: str, tables: set[str]) -> None:
    assert outages_read([shipped_checks()[check]]) == tables


@pytest.fixture
def store() -> Iterator[Store]:
    made = Store.empty(threads=1)
    people: list[list[str | None]] = [["C1", "core", None], ["C2", "access", "7"]]
    staged = [
        stage_rows(made, "component", ["component_id", "zone", "population"], people, file="component.csv"),
        stage_rows(made, "link", ["link_id", "a_id", "b_id"], [["L1", "C1", "C2"]], file="link.csv"),
    ]
    load(made, staged)
    yield made
    made.connection.close()


def test_only_tables_that_are_read_are_filled(store: Store) -> None:
    fill_outages(store, [shipped_checks()["RED-013"]], date(2026, 11, 1), lambda *_: None)

    assert store.value("select count(*) from outage_baseline") == 2
    assert store.value("select count(*) from outage") == 0


def test_checks_that_read_none_cost_nothing(store: Store) -> None:
    told: list[str] = []
    fill_outages(store, [shipped_checks()["RED-001"]], date(2026, 11, 1), lambda name, *_: told.append(name))

    assert told == []
