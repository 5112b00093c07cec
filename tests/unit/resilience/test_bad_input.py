from __future__ import annotations

import itertools
import time

import pytest

from netproof import resilience
from netproof.checks.sandbox import Limits, lock
from netproof.resilience import layers
from tests.oracle.random_tables import random_tables
from tests.tables import store_of
from tests.unit.resilience.networks import AS_OF, built, chain, components, links, lost, rows


def notes(store: object) -> set[tuple[str, str]]:
    return set(store.rows("select kind::varchar, key from outage_note"))  # type: ignore[attr-defined]


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


def test_as_many_classes_of_homing_as_sites_have_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netproof.resilience.needs._AT_ONCE", 3)
    number = 12
    network = {
        "site": [{"site_id": f"S{n}"} for n in range(number)],
        "component": components("hub - ROUTER transport -")
        + [{"component_id": f"u{n}", "function": "UPF", "zone": "core"} for n in range(number)]
        + [{"component_id": f"r{n}", "site_id": f"S{n}", "population": n + 1} for n in range(number)],
        "link": [
            {"link_id": f"{k}{n}", "a_id": f"{k}{n}", "b_id": "hub"} for n in range(number) for k in "ur"
        ],
        "service": rows("data UPF", "service_id", "function"),
        "homing": [
            {"site_id": f"S{n}", "service_id": "data", "function": "UPF", "component_id": f"u{n}"}
            for n in range(number)
        ],
        "event": rows("pair u1\npair u2", "event_id", "member_id"),
    }
    store = built(network)

    assert [lost(store, "component", f"u{n}") for n in range(number)] == list(range(1, number + 1))
    assert lost(store, "component", "hub") == sum(range(1, number + 1))
    assert lost(store, "custom", "pair") == 2 + 3
    arrays = resilience.read(store, AS_OF)
    still = dict.fromkeys(resilience.RATES, 0.0) | {"component": 0.1}
    found = resilience.samples(store, arrays, scenarios=200, seed=3, rates=still)
    assert len(found.services[0].losses) == 200
    assert found.services[0].mean == pytest.approx(sum(range(1, number + 1)) * (1 - 0.9**3), rel=0.2)


def needs(table: str) -> list[dict[str, object]]:
    return rows(table, "from_id", "to_id", "kind", "group_id")


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


def test_a_circle_through_alternatives_is_told_apart_and_holds_itself_up() -> None:
    network = chain()
    network["dependency"] = needs(
        """
        hub  a    powered_by g
        hub  core powered_by g
        a    hub  powered_by -
        b    b    runs_on    h
        b    core runs_on    h
        """
    )
    store = built(network)

    words = (
        "hub, a need each other in a circle that runs through alternatives: one that is down takes "
        "others along only where none of their alternatives is left"
    )
    assert store.rows("select kind::varchar, key, message from outage_note order by all") == [
        (
            "alternative_cycle", "b",
            "b is among its own alternatives: itself it cannot help",
        ),
        (
            "alternative_cycle", "hub",
            words,
        ),
    ]  # fmt: skip
    assert store.rows("select event_id, members from outage where kind = 'component' order by all") == [
        ("a", 1), ("b", 1), ("core", 1), ("hub", 2),
    ]  # fmt: skip


def test_what_has_no_row_of_its_own_ends_no_link_and_no_flow_and_may_be_a_member_of_an_event() -> None:
    network = chain()
    network["dependency"] = needs("L2 D1 in_duct -")
    network["link"] += links("L8 a D1\nL9 a L1")
    network["event"] = rows("digger D1", "event_id", "member_id")
    network["flow"] = rows("F1 a D1\nF2 L1 core", "flow_id", "from_id", "to_id")
    store = built(network)

    assert lost(store, "custom", "digger") == lost(store, "duct", "D1") == 15
    assert dict(store.rows("select key, message from outage_note")) == {
        "L8": "D1 has no row in component or site; the link is left out",
        "L9": "L1 is a link, no component or site; the link is left out",
        "F1": "D1 has no row in component or site; the flow is left out",
        "F2": "L1 is a link, no component or site; the flow is left out",
    }


def test_a_site_that_says_otherwise_than_its_components_is_told() -> None:
    network = chain()
    network["site"][2]["population"] = 99
    store = built(network)

    assert lost(store, "site", "S3") == 15
    assert store.rows("select kind::varchar, key, message from outage_note") == [
        ("people_differ", "S3", "the site says 99 people, its components say 15; the components count")
    ]


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
