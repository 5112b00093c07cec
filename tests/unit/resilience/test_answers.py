from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from netproof import resilience
from netproof.errors import TableError
from netproof.graph import Engine, library
from tests.tables import store_of
from tests.unit.resilience.networks import AS_OF, Rows, chain, components, links, rows

if TYPE_CHECKING:
    from netproof.resilience.answers import Capacity

ENGINES = [engine for engine in Engine if engine is Engine.PORTABLE or library.native() is not None]


def read(tables: dict[str, Rows]) -> tuple[Any, resilience.Network]:
    store = store_of(tables)
    return store, resilience.read(store, AS_OF)


def capacity_of(tables: dict[str, Rows], kind: str = "component", event: str = "spare") -> Capacity:
    store, network = read(tables)
    return resilience.detail(store, network, kind, event).capacity


def two_ways(low: str = "4", high: str = "10", rate: str = "6") -> dict[str, Rows]:
    """Return two sites joined by a short and a long way, with one flow between them."""
    return {
        "site": rows("S1\nS2\nS3", "site_id"),
        "component": components(
            "a S1 ROUTER transport -\nb S2 ROUTER transport -\nc S3 ROUTER transport -\nspare S3 HOST - -"
        ),
        "link": rows(
            f"L1 a b {high} X\nL2 a c {low} Y\nL3 c b {low} Y",
            "link_id", "a_id", "b_id", "capacity_gbps", "provider_id",
        ),
        "flow": rows(f"F1 S1 S2 {rate} government", "flow_id", "from_id", "to_id", "rate_gbps", "classification"),
        "supplier": rows("X\nY", "supplier_id"),
    }  # fmt: skip


def test_an_unknown_event_is_refused_with_a_hint() -> None:
    store, network = read(chain())

    with pytest.raises(TableError, match="a kind of event") as refused:
        resilience.detail(store, network, "planet", "x")
    assert "supplier_zone" in refused.value.hint
    with pytest.raises(TableError, match="'nobody'"):
        resilience.detail(store, network, "supplier", "nobody")
    with pytest.raises(TableError, match="'L1'"):
        resilience.detail(store, network, "component", "L1")


def test_a_facility_is_found_as_a_component_too() -> None:
    network = chain()
    network["component"] += components("feed S1 FACILITY - -")
    store, arrays = read(network)

    assert resilience.detail(store, arrays, "component", "feed").kind == "facility"


def test_an_event_names_who_is_dark_and_why() -> None:
    store, network = read(chain())
    found = resilience.detail(store, network, "site", "S2")

    assert [(m.table, m.id, m.cause) for m in found.members] == [
        ("site", "S2", ""),
        ("component", "hub", "stands at S2"),
    ]
    assert (found.people, found.elsewhere, found.lost_sites) == (15, 15, 1)
    assert [(s.site_id, s.people, s.all_people, s.dark) for s in found.sites] == [("S3", 15, 15, True)]
    assert [(s.service_id, s.people, s.sites) for s in found.services] == [("data", 15, 1)]
    assert found.lost_demand_gbps is None

    part = resilience.detail(store, network, "component", "b")
    assert [(s.site_id, s.people, s.dark) for s in part.sites] == [("S3", 5, False)]


def test_single_points_are_things_that_others_hang_on() -> None:
    store = store_of(chain())
    resilience.build(store, AS_OF)

    found = resilience.single_points(store)
    assert {(p.kind, p.event_id) for p in found} == {
        ("link", "L1"), ("link", "L2"), ("link", "L3"), ("site", "S1"), ("site", "S2"),
        ("component", "core"), ("component", "hub"), ("component", "a"),
    }  # fmt: skip
    assert found[0].share == 1.0
    assert [p.elsewhere for p in found] == sorted((p.elsewhere for p in found), reverse=True)
    assert len(resilience.single_points(store, 2)) == 2


def test_what_is_connected_may_still_not_fit() -> None:
    assert capacity_of(two_ways()).state == "fits"
    tight = capacity_of(two_ways(), "link", "L1")
    assert tight.state == "does_not_fit"
    assert (tight.demand_gbps, tight.share_before) == (6.0, 1.0)
    assert tight.share == pytest.approx(4 / 6)
    assert tight.served_before_gbps == pytest.approx(6)
    assert tight.served_gbps == pytest.approx(4)
    assert "HiGHS" in tight.statement

    both = capacity_of(two_ways(rate="13"))
    assert both.share == pytest.approx(1)
    over = capacity_of(two_ways(rate="28"))
    assert over.share == pytest.approx(0.5)
    assert over.served_gbps == pytest.approx(14)


def test_capacity_is_told_only_where_something_is_known() -> None:
    unknown = two_ways()
    for row in unknown["link"]:
        row["capacity_gbps"] = None
    assert capacity_of(unknown).state == "no_capacities"
    assert capacity_of(two_ways(rate="-")).state == "no_flows"
    assert capacity_of(chain(), "component", "b").state == "no_flows"
    some = two_ways()
    some["link"][0]["capacity_gbps"] = None
    assert capacity_of(some).unlimited_links == 1


def test_a_programme_that_is_too_large_is_not_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netproof.resilience.capacity.VARIABLES", 3)

    assert capacity_of(two_ways()).state == "too_large"


def test_exposure_names_every_path_and_a_way_around_a_supplier() -> None:
    store, network = read(two_ways())
    found = resilience.exposure(store, network, flow="F1", avoid="X")

    assert found.connected
    assert [(p.table, p.id) for p in found.every] == [
        ("site", "S1"), ("site", "S2"), ("component", "a"), ("component", "b"),
    ]  # fmt: skip
    assert {p.id for p in found.some} == {"c", "L1", "L2", "L3"}
    assert found.path is not None
    assert [p.id for p in found.path] == ["S1", "a", "L2", "c", "L3", "b", "S2"]
    assert [(s.supplier_id, s.links, s.on_every, s.avoidable) for s in found.suppliers] == [
        ("X", 1, False, True),
        ("Y", 2, False, True),
    ]
    shortest = resilience.exposure(store, network, source="a", target="S2").path
    assert shortest is not None
    assert [p.id for p in shortest] == ["a", "L1", "b", "S2"]


def test_exposure_says_that_there_is_no_way_around() -> None:
    tables = two_ways()
    tables["link"] = tables["link"][:1]
    store, network = read(tables)

    found = resilience.exposure(store, network, flow="F1", avoid="X")
    assert (found.path, found.suppliers[0].on_every, found.suppliers[0].avoidable) == (None, True, False)
    apart = resilience.exposure(store, network, source="a", target="c")
    assert (apart.connected, apart.path, apart.every, apart.suppliers) == (False, None, (), ())


def test_exposure_refuses_what_it_does_not_know() -> None:
    tables = two_ways() | {"dependency": rows("a D1 in_duct", "from_id", "to_id", "kind")}
    store, network = read(tables)

    with pytest.raises(TableError, match="a flow of table flow"):
        resilience.exposure(store, network, flow="F9")
    with pytest.raises(TableError, match="where it starts and where it ends"):
        resilience.exposure(store, network, source="a")
    with pytest.raises(TableError, match="'L1'"):
        resilience.exposure(store, network, source="a", target="L1")
    with pytest.raises(TableError, match="'D1'"):
        resilience.exposure(store, network, source="a", target="D1")
    with pytest.raises(TableError, match="a supplier of the network"):
        resilience.exposure(store, network, flow="F1", avoid="Q")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_site_of_several_ways_out_ends_a_flow_at_any_of_them(engine: Engine) -> None:
    tables = {
        "site": rows("S1\nS2\nS3", "site_id"),
        "component": components(
            "a1 S1 ROUTER - -\na2 S1 ROUTER - -\nsw S1 SWITCH - -\nb S2 ROUTER - -\nc S3 ROUTER - -"
        ),
        "link": links("M1 a1 sw\nM2 a2 sw\nL1 a1 b\nL2 a2 b\nL3 a1 c"),
        "flow": rows("F1 S1 b 1\nF2 c b 2\nF3 S1 a2 4", "flow_id", "from_id", "to_id", "rate_gbps"),
    }
    store, network = read(tables)
    resilience.build(store, AS_OF, network=network, engine=engine)

    lost = dict(
        store.rows("select event_id, lost_demand_gbps from outage where kind in ('component', 'site')")
    )
    # The way of F2 does not lead through the place that stands for S1's ways out.
    assert lost == {"a1": 2, "a2": 4, "sw": 0, "b": 3, "c": 2, "S1": 7, "S2": 3, "S3": 2}
    assert store.rows("select * exclude (_source, _row) from exposure_flow order by all") == [
        ("F1", True, 1, 4, 0),
        ("F2", True, 3, 5, 1),
        ("F3", True, 1, 1, 0),
    ]
    assert store.rows("select component_id from exposure where flow_id = 'F1' and on_every") == [("b",)]
    assert [p.id for p in resilience.exposure(store, network, flow="F1", engine=engine).every] == ["b"]


@pytest.mark.parametrize("engine", ENGINES)
def test_samples_with_sure_failures_lose_what_these_lose(engine: Engine) -> None:
    tables = chain()
    tables["event"] = rows("storm a 1", "event_id", "member_id", "probability")
    store, network = read(tables)
    still = dict.fromkeys(resilience.RATES, 0.0)

    found = resilience.samples(store, network, scenarios=70, seed=7, rates=still, engine=engine)
    assert [(s.service_id, s.mean, s.quantile(0.5), s.availability) for s in found.services] == [
        ("", 15.0, 15, 0.0),
        ("data", 15.0, 15, 0.0),
    ]
    assert [(c.kind, c.event_id, c.hits, c.people, c.share) for c in found.contributors] == [
        ("custom", "storm", 70, 15.0, 1.0)
    ]
    assert store.rows("select * exclude (_source, _row) from availability order by all") == [
        ("S3", "", 70, 0.0, 0.0),
        ("S3", "data", 70, 0.0, 0.0),
    ]
    assert found.assumption == ""


def test_samples_repeat_with_their_seed_and_say_what_they_assume() -> None:
    store, network = read(chain())
    rates = {"component": 0.2}

    one, same, other = (
        resilience.samples(store, network, scenarios=500, seed=seed, rates=rates) for seed in (1, 1, 2)
    )
    assert np.array_equal(one.services[0].losses, same.services[0].losses)
    assert not np.array_equal(one.services[0].losses, other.services[0].losses)
    assert one.stated == {"component"}
    assert "assumptions" in one.assumption
    assert one.rates["component"] == 0.2
    assert one.rates["link"] == resilience.RATES["link"]
    # Served with all four up: 0.8 ** 4 for b, 0.8 ** 3 for a.
    assert one.services[0].availability == pytest.approx((10 * 0.8**3 + 5 * 0.8**4) / 15, abs=0.06)
    worst = store.value("select availability_min from availability where service_id = ''")
    assert worst == pytest.approx(0.8**4, abs=0.06)


def test_pairs_state_what_they_are_about_and_refuse_unknown_services() -> None:
    tables = chain()
    tables["link"] += links("L1b core hub")
    store, network = read(tables)

    found = resilience.pairs(store, network, top=3)
    assert found.elements == 4 + 4
    assert found.maximum == 15
    assert "needs" in found.statement
    assert resilience.pairs_memory(network) > 0
    assert found.mean == found.total / found.pairs
    with pytest.raises(TableError, match="a service"):
        resilience.pairs(store, network, service="fax")
    partners = {w.element.id: w.partner.id for w in resilience.pairs(store, network, top=99).worst}
    assert partners["L1"]


def test_partners_take_what_they_take_from_all_parts_of_the_people() -> None:
    tables = chain()
    tables["component"] += components("more S1 UPF core -\nc S2 O_RU access 7")
    tables["link"] += links("L4 more hub\nL5 hub c")
    tables["homing"] = rows("S3 data UPF core", "site_id", "service_id", "function", "component_id")
    store, network = read(tables)

    found = resilience.pairs(store, network, top=99)
    assert len(network.needs[0].needs) == 2
    by_element = {w.element.id: w for w in found.worst}
    assert (by_element["hub"].people, by_element["hub"].alone) == (22, 22)
    assert (by_element["core"].people, by_element["core"].alone) == (22, 15)
    assert all(w.people >= w.alone for w in found.worst)
