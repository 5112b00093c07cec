from __future__ import annotations

import numpy as np

from netproof import resilience
from tests.tables import store_of
from tests.unit.resilience.networks import AS_OF, built, chain, components, links, lost, rows


def notes(store: object) -> set[tuple[str, str]]:
    return set(store.rows("select kind::varchar, key from outage_note"))  # type: ignore[attr-defined]


def test_whoever_is_behind_what_fails_is_lost() -> None:
    store = built(chain())

    assert {name: lost(store, "component", name) for name in ("core", "hub", "a", "b")} == {
        "core": 15,
        "hub": 15,
        "a": 15,
        "b": 5,
    }
    assert {name: lost(store, "link", name) for name in ("L1", "L2", "L3")} == {"L1": 15, "L2": 15, "L3": 5}
    assert {name: lost(store, "site", name) for name in ("S1", "S2", "S3")} == {"S1": 15, "S2": 15, "S3": 15}
    assert store.rows("select event_id, lost_elsewhere from outage where lost_elsewhere > 0 order by all") == [
        ("L1", 15), ("L2", 15), ("L3", 5), ("S1", 15), ("S2", 15), ("a", 5), ("core", 15), ("hub", 15),
    ]  # fmt: skip


def test_parallel_links_are_no_single_point_of_failure() -> None:
    network = chain()
    network["link"] += links("L1b core hub")

    store = built(network)

    assert lost(store, "link", "L1") == 0
    assert lost(store, "link", "L2") == 15


def test_a_site_without_wiring_joins_its_components_and_a_wired_one_does_not() -> None:
    network = chain()
    network["link"] = links("L1 core hub\nL2 hub S3")
    assert built(network).value("select lost_people from outage_baseline where service_id = ''") == 0

    network["link"] += links("L3 a S3")
    assert built(network).value("select lost_people from outage_baseline where service_id = ''") == 5


def test_components_that_are_not_in_use_on_the_date_do_not_count() -> None:
    network = chain()
    network["component"][2]["retired_on"] = "2026-11-01"
    network["component"][1]["first_used_on"] = "2026-11-01"
    store = built(network)

    assert lost(store, "component", "a") is None
    assert lost(store, "component", "hub") == 0
    assert store.value("select people from outage_baseline where service_id = ''") == 5
    assert notes(store) == {("link_left_out", "L2"), ("link_left_out", "L3")}

    network["component"][1]["first_used_on"] = "2026-11-02"
    assert lost(built(network), "component", "hub") is None


def test_people_of_a_site_are_spread_in_whole_people_over_its_access_components() -> None:
    network = chain()
    network["site"][2]["population"] = 11
    network["component"] += components("c S3 ROUTER transport -")
    for row in network["component"]:
        row["population"] = None
    store = built(network)

    assert lost(store, "component", "b") == 5
    assert lost(store, "component", "a") == 11
    network["component"] += components("aa S3 O_RU access -")
    assert lost(built(network), "component", "b") == 3

    for row in network["component"]:
        row["zone"] = "transport" if row["site_id"] == "S3" else row["zone"]
    assert lost(built(network), "component", "b") == 3
    network["component"] = [row for row in network["component"] if row["site_id"] != "S3"]
    store = built(network)
    assert store.rows("select lost_people, lost_sites from outage_baseline where service_id = ''") == [
        (11, 1)
    ]
    assert ("people_without_component", "S3") in notes(store)


def test_people_of_components_count_before_those_of_their_site() -> None:
    network = chain()
    network["site"][2]["population"] = 1000

    assert built(network).value("select people from outage_baseline where service_id = ''") == 15


def test_an_empty_service_table_means_one_service_that_needs_any_core_component() -> None:
    network = chain()
    del network["service"]
    store = built(network)

    assert lost(store, "component", "core") == 15
    assert store.rows("select service_id from outage_baseline order by all") == [("",), ("connection",)]
    network["component"][0]["zone"] = "management"
    reason = built(network).value("select reason from outage_baseline where service_id = 'connection'")
    assert reason == "no component of the core zone is in use"


def test_homing_pins_a_site_to_its_instances() -> None:
    network = chain()
    network["component"] += components("core2 S1 UPF core -")
    network["link"] += links("L9 core2 hub")
    assert lost(built(network), "component", "core") == 0

    network["homing"] = rows(
        "S3 data UPF core\nS3 data UPF hub\nS9 data UPF core\nS3 data AMF core\nS3 data UPF nobody",
        "site_id", "service_id", "function", "component_id",
    )  # fmt: skip
    store = built(network)
    assert lost(store, "component", "core") == 15
    assert lost(store, "component", "core2") == 0
    assert {key for kind, key in notes(store) if kind == "homing_left_out"} == {
        "S3/data/UPF/hub", "S9/data/UPF/core", "S3/data/AMF/core", "S3/data/UPF/nobody",
    }  # fmt: skip

    network["homing"] = rows("S3 data UPF hub", "site_id", "service_id", "function", "component_id")
    reason = built(network).value("select reason from outage_baseline where service_id = 'data'")
    assert reason == "nobody provides UPF to 1 site that may use these instances only"


def needs(table: str) -> list[dict[str, object]]:
    return rows(table, "from_id", "to_id", "kind", "group_id")


def test_what_needs_something_is_down_with_it_and_alternatives_only_together() -> None:
    network = chain()
    network["component"] += components("feed1 S1 FACILITY - -\nfeed2 S1 FACILITY - -")
    network["dependency"] = needs("hub feed1 powered_by g\nhub feed2 powered_by g\ncore feed1 powered_by -")
    network["event"] = rows("storm feed1\nstorm feed2", "event_id", "member_id")
    store = built(network)

    assert lost(store, "facility", "feed1") == 15
    assert lost(store, "facility", "feed2") == 0
    assert lost(store, "custom", "storm") == 15
    causes = store.rows("select member_id, cause from outage_member where event_id = 'storm' order by all")
    assert causes == [
        ("core", "needs feed1"), ("feed1", ""), ("feed2", ""), ("hub", "needs one of feed1, feed2"),
    ]  # fmt: skip
    assert ("S1", "stands at S1") not in causes
    assert store.rows("select distinct cause from outage_member where event_id = 'S3' order by all") == [
        ("",),
        ("stands at S3",),
    ]


def test_links_lie_in_ducts_that_need_no_row_of_their_own() -> None:
    network = chain()
    network["link"] += links("L1b core hub")
    network["dependency"] = needs("L1 D7 in_duct -\nL1b D7 in_duct -\nb room9 powered_by -")
    store = built(network)

    assert lost(store, "duct", "D7") == 15
    assert lost(store, "facility", "room9") == 5
    members = store.rows("select member_table::varchar, member_id from outage_member where event_id = 'D7'")
    assert set(members) == {("dependency", "D7"), ("link", "L1"), ("link", "L1b")}
    assert store.value("select count(*) from data_issue where kind = 'dangling_reference'") == 3


def test_a_supplier_takes_what_it_delivered_made_or_provides() -> None:
    network = chain()
    network["product"] = rows("P maker\nQ other", "product_id", "supplier_id")
    network["supplier"] = rows("maker\ndealer\nline\nother", "supplier_id")
    network["component"][3] |= {"product_id": "P", "supplier_id": "dealer", "version": "1.0"}
    network["link"][0]["provider_id"] = "line"
    store = built(network)

    assert {name: lost(store, "supplier", name) for name in ("maker", "dealer", "line", "other")} == {
        "maker": 5, "dealer": 5, "line": 15, "other": None,
    }  # fmt: skip
    assert lost(store, "release", "P/1.0") == 5
    assert lost(store, "supplier_zone", "dealer/access") == 5
    assert lost(store, "supplier_region", "line/05") == 15


def test_the_same_comes_of_rows_in_any_order() -> None:
    network = chain()
    forward = built(network).rows("select * exclude (_source, _row) from outage order by all")
    backward = built({name: table[::-1] for name, table in network.items()})

    assert backward.rows("select * exclude (_source, _row) from outage order by all") == forward


def test_given_tables_of_another_date_are_replaced() -> None:
    network = chain()
    network["component"][2]["retired_on"] = "2030-01-01"
    store = store_of(network)
    resilience.build(store, AS_OF)
    assert lost(store, "component", "a") == 15

    resilience.build(store, AS_OF.replace(year=2031))
    assert lost(store, "component", "a") is None
    assert store.value("select count(*) from outage") == 3 + 3 + 1


def test_progress_is_told_and_counts_up() -> None:
    told: list[tuple[str, int, int]] = []
    built(chain(), progress=lambda *at: told.append(at))

    assert told
    assert all(0 <= done <= total for _, done, total in told)


def test_only_what_is_asked_for_is_filled() -> None:
    store = store_of(chain())
    resilience.build(store, AS_OF, only=["outage_baseline", "component"])

    assert store.value("select count(*) from outage_baseline") == 2
    assert store.value("select count(*) from outage") == 0


def test_all_tables_of_the_room_are_specified_and_say_what_they_rest_on() -> None:
    store = store_of({})
    network = resilience.read(store, AS_OF)

    assert np.array_equal(network.topology.population, np.zeros(0))
    for name in resilience.TABLES:
        assert store.value(f"select count(*) from {name}") == 0


def test_people_hang_on_what_their_own_equipment_needs() -> None:
    tables = chain()
    tables["component"] += components("feed S2 FACILITY - -")
    tables["dependency"] = rows("a feed powered_by\nb feed powered_by", "from_id", "to_id", "kind")
    tables["event"] = rows("room S3\nroom a", "event_id", "member_id")
    store = built(tables)

    got = store.rows(
        "select event_id, lost_people, lost_elsewhere from outage "
        "where event_id in ('feed', 'S3', 'a', 'b', 'room') order by 1"
    )
    # b hangs on a; both hang on the feed; a site serves all that stands there, named apart or not.
    assert got == [("S3", 15, 0), ("a", 15, 5), ("b", 5, 0), ("feed", 15, 15), ("room", 15, 0)]
    network = resilience.read(store, AS_OF)
    for kind, name, want in (("facility", "feed", 15), ("site", "S3", 0), ("custom", "room", 0)):
        assert resilience.detail(store, network, kind, name).elsewhere == want
    assert "feed" in {point.event_id for point in resilience.single_points(store)}
