from __future__ import annotations

import itertools
import time

import numpy as np
import pytest

from netproof import resilience
from netproof.checks.sandbox import Limits, lock
from netproof.resilience import layers
from tests.oracle.random_tables import random_tables
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


def test_negative_and_absent_populations_count_as_none() -> None:
    network = chain()
    network["component"][2]["population"] = "-4"
    network["component"][3]["population"] = None
    store = built(network)

    assert store.value("select people from outage_baseline where service_id = ''") == 0
    assert lost(store, "component", "a") == 0
    assert store.value("select count(*) from data_issue where kind = 'out_of_range'") == 1


def test_a_function_that_nobody_provides_is_a_baseline_loss_with_its_reason() -> None:
    network = chain()
    network["service"] += rows("voice IMS\nvoice UPF", "service_id", "function")
    store = built(network)

    assert store.rows("select service_id, lost_people, reason from outage_baseline order by all") == [
        ("", 15, "nobody provides IMS"),
        ("data", 0, ""),
        ("voice", 15, "nobody provides IMS"),
    ]
    assert lost(store, "component", "core") == 0
    assert store.rows(
        "select lost_people from outage_service where event_id = 'core' and service_id = 'data'"
    ) == [(15,)]


def test_an_empty_service_table_means_one_service_that_needs_any_core_component() -> None:
    network = chain()
    del network["service"]
    store = built(network)

    assert lost(store, "component", "core") == 15
    assert store.rows("select service_id from outage_baseline order by all") == [("",), ("connection",)]
    network["component"][0]["zone"] = "management"
    reason = built(network).value("select reason from outage_baseline where service_id = 'connection'")
    assert reason == "nothing in use is any component of the core zone"


def test_islands_lose_with_their_own_instances_only() -> None:
    network = chain()
    network["component"] += components("core2 - UPF core -\nfar - O_RU access 7\nlonely - O_RU access 2")
    network["link"] += links("L9 core2 far")
    store = built(network)

    assert lost(store, "component", "core") == 15
    assert lost(store, "component", "core2") == 7
    assert lost(store, "component", "lonely") == 0
    assert store.rows("select lost_people, reason from outage_baseline where service_id = 'data'") == [
        (2, "1 component with people reaches no instance of a function that they need")
    ]


def test_a_network_of_one_node_and_one_of_none_have_an_answer() -> None:
    store = built({"component": components("only - UPF core 3")})
    assert lost(store, "component", "only") == 3

    store = built({"site": rows("S1", "site_id")})
    assert store.rows("select kind::varchar, event_id, lost_people from outage") == [("site", "S1", 0)]


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


def test_a_circle_of_needs_is_named_and_goes_down_together() -> None:
    network = chain()
    network["dependency"] = needs(
        "a hub managed_by -\nhub core managed_by -\ncore a managed_by -\nb b powered_by -"
    )
    store = built(network)

    assert [lost(store, "component", name) for name in ("core", "hub", "a")] == [15, 15, 15]
    assert store.rows("select members from outage where event_id = 'hub'") == [(3,)]
    named = store.rows("select key, message from outage_note where kind = 'need_cycle' order by all")
    assert [key for key, _ in named] == ["b", "core"]
    assert named[0][1] == "b needs itself"
    assert named[1][1].startswith("core, hub, a need each other in a circle")


def test_links_to_nothing_and_to_themselves_are_said_and_do_no_harm() -> None:
    network = chain()
    network["link"] += links("L8 a nowhere\nL9 b b")
    network["dependency"] = needs("ghost hub runs_on -\nL8 hub runs_on -")
    network["event"] = rows("storm ghost", "event_id", "member_id")
    network["flow"] = rows("F1 a ghost", "flow_id", "from_id", "to_id")
    store = built(network)

    assert lost(store, "link", "L9") == 0
    assert lost(store, "link", "L8") is None
    assert lost(store, "custom", "storm") == 0
    assert dict(store.rows("select key, message from outage_note")) == {
        "L8": "nothing is called nowhere; the link is left out",
        "L9": "both ends are b; it joins nothing",
        "ghost/hub/runs_on": "nothing is called ghost; the dependency is left out",
        "L8/hub/runs_on": "link L8 is left out; the dependency is left out",
        "storm/ghost": "nothing is called ghost; it is left out of the event",
        "F1": "nothing is called ghost; the flow is left out",
    }


def test_ids_may_hold_anything() -> None:
    network = chain()
    odd = {"core": "🗼'; drop", "hub": 'a "b"/c', "a": "ｈ\u200bx", "b": "%"}
    for row in network["component"]:
        row["component_id"] = odd[row["component_id"]]
    for row in network["link"]:
        row["a_id"], row["b_id"] = odd[row["a_id"]], odd[row["b_id"]]
    store = built(network)

    assert {name: lost(store, "component", odd[name]) for name in odd} == {
        "core": 15,
        "hub": 15,
        "a": 15,
        "b": 5,
    }
    network_read = resilience.read(store, AS_OF)
    assert resilience.detail(store, network_read, "component", odd["core"]).people == 15


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


@pytest.mark.parametrize("least", [0, 10_000])
def test_many_sites_lose_the_same_as_nodes_and_as_groups(least: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "LEAST", least)
    number = 200
    network = {
        "site": [{"site_id": f"S{n}"} for n in range(number)],
        "component": components("core - UPF core -")
        + [
            {"component_id": f"{kind}{n}", "site_id": f"S{n}", "zone": "access", "population": people}
            for n in range(number)
            for kind, people in (("r", None), ("u", n))
        ],
        "link": [
            {"link_id": f"L{n}", "a_id": f"r{n}", "b_id": f"r{n - 1}" if n % 10 else "core"}
            for n in range(number)
        ]
        + [{"link_id": f"M{n}", "a_id": f"r{n}", "b_id": f"u{n}"} for n in range(number)],
    }
    store = built(network)

    for n in range(0, number, 7):
        behind = sum(range(n, n - n % 10 + 10))
        assert lost(store, "site", f"S{n}") == behind


def test_seventy_thousand_instances_of_one_function_are_counted_right() -> None:
    many = 70_000
    store = store_of(
        {"component": components("hub - ROUTER transport -\na - O_RU access 9"), "link": links("L1 a hub")}
    )
    store.connection.execute(
        f"insert into component by name select 'u' || i as component_id, 'core' as zone from range({many}) as r(i)"
    )
    store.connection.execute(
        f"insert into link by name select 'k' || i as link_id, 'u' || i as a_id, 'hub' as b_id from range({many}) as r(i)"
    )
    resilience.build(store, AS_OF, only=["outage"])

    assert lost(store, "component", "u69999") == 0
    assert lost(store, "component", "hub") == 9


def test_a_group_of_a_million_members_is_cheap() -> None:
    many = 1_000_000
    store = store_of({"component": components("a - O_RU access 9\nc - UPF core -"), "link": links("L1 a c")})
    for table in ("component", "event"):
        columns = {
            "component": "'m' || i as component_id",
            "event": "'all' as event_id, 'm' || i as member_id",
        }
        store.connection.execute(
            f"insert into {table} by name select {columns[table]} from range({many}) as r(i)"
        )
    start = time.perf_counter()
    resilience.build(store, AS_OF, only=["outage"])
    spent = time.perf_counter() - start

    assert store.rows("select members, lost_people from outage where kind = 'custom'") == [(many, 0)]
    assert spent < 60


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


@pytest.mark.parametrize("seed", range(400, 406))
def test_more_failures_never_help(seed: int) -> None:
    tables = random_tables(seed)
    ends = [row["component_id"] for row in tables["component"]] + [row["link_id"] for row in tables["link"]]
    tables["event"] = [
        {"event_id": f"e{number:02}", "member_id": one}
        for number in range(len(ends))
        for one in ends[: number + 1]
    ]
    found = built(tables).rows(
        "select lost_people, lost_sites, coalesce(lost_demand_gbps, 0), members from outage "
        "where kind = 'custom' order by event_id"
    )

    assert len(found) == len(ends)
    for less, more in itertools.pairwise(found):
        assert all(a <= b for a, b in zip(less, more, strict=True))


def test_tables_are_filled_again_in_a_database_that_is_locked() -> None:
    store = store_of(chain())
    resilience.build(store, AS_OF)
    before = store.rows("select * from outage order by all")
    lock(store.connection, Limits())

    resilience.build(store, AS_OF)
    assert store.rows("select * from outage order by all") == before
