from __future__ import annotations

from collections.abc import Sequence

from netproof.tables.constraints import verify
from netproof.tables.load import load
from netproof.tables.rows import stage_rows
from netproof.tables.store import Store

Rows = Sequence[Sequence[str | None]]


def verified(*tables: tuple[str, list[str], Rows]) -> Store:
    store = Store.empty(threads=1)
    load(store, [stage_rows(store, name, header, rows, file=name) for name, header, rows in tables])
    verify(store)
    return store


def issues(store: Store) -> list[tuple[str, str, str, str]]:
    return store.rows("select table_name, column_name, kind, key from data_issue order by all")


def test_sound_rows_have_no_issue() -> None:
    store = verified(
        ("site", ["site_id", "latitude_deg"], [["S1", "52.5"]]),
        ("component", ["component_id", "site_id", "parent_id"], [["C1", "S1", None], ["C2", "S1", "C1"]]),
        ("link", ["link_id", "a_id", "b_id"], [["L1", "C1", "S1"]]),
    )

    assert issues(store) == []


def test_a_key_that_repeats_is_kept_once_whatever_the_order() -> None:
    rows: Rows = [["C1", "core", "b"], ["C1", "core", "a"], ["C2", "core", "c"]]
    kept = []
    for order in (rows, rows[::-1]):
        store = verified(("component", ["component_id", "zone", "name"], order))
        kept.append(store.rows("select component_id, name from component order by all"))
        assert issues(store) == [("component", "component_id", "duplicate_key", "C1")]

    assert kept[0] == kept[1] == [("C1", "a"), ("C2", "c")]


def test_a_key_with_an_unknown_part_repeats_too() -> None:
    header = ["component_id", "observed_at", "slot"]
    row: list[str | None] = ["C1", "2026-01-01T00:00:00Z", None]
    store = verified(("observation", header, [row, row]))

    assert store.value("select count(*) from observation") == 1


def test_a_reference_to_nothing_is_named_unless_the_table_is_missing() -> None:
    component = ("component", ["component_id", "site_id", "supplier_id"], [["C1", "S9", "X9"]])

    assert issues(verified(component)) == []
    found = issues(verified(component, ("site", ["site_id"], []), ("supplier", ["supplier_id"], [["X1"]])))
    assert found == [
        ("component", "site_id", "dangling_reference", "C1"),
        ("component", "supplier_id", "dangling_reference", "C1"),
    ]


def test_a_link_may_end_at_a_component_or_a_site() -> None:
    store = verified(
        ("site", ["site_id"], [["S1"]]),
        ("component", ["component_id"], [["C1"]]),
        ("link", ["link_id", "a_id", "b_id"], [["L1", "C1", "S1"], ["L2", "S1", "nowhere"]]),
    )

    assert issues(store) == [("link", "b_id", "dangling_reference", "L2")]


def test_a_value_out_of_range_becomes_unknown() -> None:
    store = verified(
        ("site", ["site_id", "latitude_deg", "population"], [["S1", "91", "-1"], ["S2", "90", "0"]])
    )

    assert store.rows("select latitude_deg, population from site order by site_id") == [
        (None, None),
        (90.0, 0),
    ]
    assert issues(store) == [
        ("site", "latitude_deg", "out_of_range", "S1"),
        ("site", "population", "out_of_range", "S1"),
    ]


def test_a_word_outside_an_open_vocabulary_is_kept_and_named() -> None:
    store = verified(("component", ["component_id", "function"], [["C1", "UPFF"], ["C2", "UPF"]]))

    assert store.rows("select function from component order by component_id") == [("UPFF",), ("UPF",)]
    assert issues(store) == [("component", "function", "unknown_word", "C1")]


def test_a_country_that_is_no_code_is_kept_and_named() -> None:
    header = ["supplier_id", "country"]
    rows: Rows = [["S1", "Germany"], ["S2", "de"], ["S3", "UK"], ["S4", "GB"], ["S5", ""]]
    store = verified(("supplier", header, rows))

    assert issues(store) == [("supplier", "country", "unknown_word", name) for name in ("S1", "S2", "S3")]
    assert store.rows("select message from data_issue where key = 'S3'") == [
        ("expected the ISO 3166-1 code of a country, such as DE, got UK; it is GB",)
    ]


def test_an_end_before_its_beginning_is_named() -> None:
    header = ["component_id", "first_used_on", "retired_on"]
    rows: Rows = [["C1", "2026-01-02", "2026-01-01"], ["C2", "2026-01-01", "2026-01-01"]]
    store = verified(("component", header, rows))

    assert issues(store) == [("component", "retired_on", "reversed_interval", "C1")]


def test_an_issue_tells_where_its_row_stands() -> None:
    store = verified(("site", ["site_id", "population"], [["S1", "1"], ["S2", "-1"]]))

    assert store.rows("select line, value, message from data_issue") == [
        (2, "-1", "expected at least 0 and at most 10000000000, got -1; taken as unknown")
    ]
