from __future__ import annotations

import itertools
from datetime import date

import pytest

from netproof import resilience
from netproof.graph import Engine, library
from netproof.resilience import layers
from tests.oracle.outage_model import Model
from tests.oracle.random_tables import random_tables
from tests.tables import store_of

AS_OF = date(2026, 11, 1)
ENGINES = [engine for engine in Engine if engine is Engine.PORTABLE or library.native() is not None]


@pytest.mark.parametrize("seed", range(16))
def test_every_event_loses_what_the_rows_say(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "LEAST", seed % 3)
    tables = random_tables(seed)
    model, store = Model(tables, str(AS_OF)), store_of(tables)

    rated = any(
        row.get("rate_gbps") is not None and model.apart(row, set()) is not None for row in tables["flow"]
    )
    want = {}
    for (kind, name), own in model.events().items():
        down = model.down(own)
        people, sites = model.loss("", down)
        before, after = model.without("", set()), model.without("", down)
        elsewhere = sum(
            model.people[node]
            for node in after - before
            if node not in own and ("site", model.site_of(node)) not in own
        )
        demand = model.demand(down) if rated else None
        want[kind, name] = (len(down), people, elsewhere, sites, demand)
    for engine in ENGINES:
        resilience.build(store, AS_OF, engine=engine)
        got = store.rows(
            "select kind::varchar, event_id, members, lost_people, lost_elsewhere, lost_sites, lost_demand_gbps from outage"
        )
        assert {row[:2]: row[2:] for row in got} == want
        assert len(got) == len(want)


@pytest.mark.parametrize("seed", range(60, 70))
def test_every_service_has_its_own_losses_and_its_own_baseline(seed: int) -> None:
    tables = random_tables(seed)
    model, store = Model(tables, str(AS_OF)), store_of(tables)

    engine = ENGINES[seed % len(ENGINES)]
    resilience.build(store, AS_OF, only=["outage_service", "outage_baseline"], engine=engine)

    want = {
        (kind, name, service, *lost)
        for (kind, name), own in model.events().items()
        for service in model.services()
        if (lost := model.loss(service, model.down(own))) != (0, 0)
    }
    got = store.rows(
        "select kind::varchar, event_id, service_id, lost_people, lost_sites from outage_service"
    )
    assert set(got) == want
    for service, people, lost, sites, reason in store.rows(
        "select service_id, people, lost_people, lost_sites, reason from outage_baseline"
    ):
        without = model.without(service, set())
        assert people == sum(model.people.values())
        assert lost == sum(model.people[node] for node in without)
        assert sites == len(model.dark(without))
        assert bool(reason) == bool(lost)


@pytest.mark.parametrize("seed", range(90, 98))
def test_the_closure_of_every_event_is_listed_with_a_cause(seed: int) -> None:
    tables = random_tables(seed)
    model, store = Model(tables, str(AS_OF)), store_of(tables)
    events = model.events()

    resilience.build(store, AS_OF, only=["outage_member"])

    got: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for kind, event, table, member, cause in store.rows(
        "select kind::varchar, event_id, member_table::varchar, member_id, cause from outage_member"
    ):
        node = ("thing" if table == "dependency" else table, member)
        got.setdefault((kind, event), set()).add(node)
        assert (cause == "") == (node in events[kind, event])
    want = {event: down for event, own in events.items() if len(down := model.down(own)) > 1}
    assert got == want


@pytest.mark.parametrize("seed", range(140, 152))
def test_a_flow_is_exposed_to_what_its_paths_pass(seed: int) -> None:
    tables = random_tables(seed, components=7)
    tables["link"] = tables["link"][:9]
    model, store = Model(tables, str(AS_OF)), store_of(tables)

    engine = ENGINES[seed % len(ENGINES)]
    resilience.build(store, AS_OF, only=["exposure", "exposure_flow", "exposure_supplier"], engine=engine)

    shown = store.rows("select flow_id, component_id, on_every from exposure")
    suppliers = store.rows("select flow_id, supplier_id::varchar, on_every, avoidable from exposure_supplier")
    provider = {row["link_id"]: row["provider_id"] for row in tables["link"]}

    def of(node: tuple[str, str]) -> set[str]:
        if node[0] == "component":
            return model.supplier_of(model.components[node[1]])
        return {provider[node[1]]} - {None} if node[0] == "link" else set()

    for row in tables["flow"]:
        flow, lost = row["flow_id"], model.apart(row, set())
        ends = [model.ends(row[name]) for name in ("from_id", "to_id")]
        if lost is None or any(end is not None and len(end) > 1 for end in ends):
            continue  # a site of several ways out is asked of in the unit tests
        one, other = ends
        sites = [model.site_of(model.node(row[name])) for name in ("from_id", "to_id")]  # type: ignore[arg-type]
        if sites[0] is not None and sites[0] == sites[1] and row["from_id"] != row["to_id"]:
            continue  # so is a flow within a site
        assert one is not None
        assert other is not None
        every, some = model.paths(one, other)
        assert {(c, e) for f, c, e in shown if f == flow} == {
            (name, ("component", name) in every) for kind, name in some if kind == "component"
        }
        connected, on_every, on_some, links = store.rows(
            "select connected, components_every, components_some, links_every from exposure_flow where flow_id = ?",
            [flow],
        )[0]
        assert connected == (not lost)
        assert on_every == sum(kind == "component" for kind, _ in every)
        assert on_some == sum(kind == "component" for kind, _ in some)
        assert links == sum(kind == "link" for kind, _ in every)
        want = set()
        for supplier in {name for node in some for name in of(node)}:
            own = {("component", name) for name in model.components if supplier in of(("component", name))}
            own |= {("link", name) for name in model.links if provider[name] == supplier}
            want.add((supplier, any(supplier in of(node) for node in every), not model.apart(row, own)))
        assert {(s, e, a) for f, s, e, a in suppliers if f == flow} == want


@pytest.mark.parametrize("seed", range(200, 206))
def test_all_pairs_lose_what_the_rows_say(seed: int) -> None:
    tables = random_tables(seed, components=8, homing=bool(seed % 2))
    model, store = Model(tables, str(AS_OF)), store_of(tables)
    network, engine = resilience.read(store, AS_OF), ENGINES[seed % len(ENGINES)]

    # A site's node that only holds the implied end of one component is no element, nor is that link.
    told = {end for ends in model.links.values() for end in ends}
    nodes = {
        node
        for node in model.graph
        if node[0] == "component" or model.people.get(node) or node in told or model.graph.degree(node) > 1
    }
    edges = [key for a, b, key in model.graph.edges(keys=True) if {a, b} <= nodes]
    failing = [*nodes, *(("link", key) if isinstance(key, str) else key for key in edges)]
    for service in ("", *model.services()):
        found = resilience.pairs(store, network, service=service, top=5, engine=engine)
        want = [model.loss(service, {a, b})[0] for a, b in itertools.combinations(failing, 2)]
        assert (found.elements, found.pairs, found.total) == (len(failing), len(want), sum(want))
        if not tables["homing"]:
            assert found.maximum == max(want, default=0)
            assert [pair.people for pair in found.top] == [
                loss for loss in sorted(want, reverse=True)[:5] if loss
            ]
        for pair in found.top:
            if {pair.a.table, pair.b.table} <= {"component", "link", "site"}:
                ends = {(one.table, one.id) for one in (pair.a, pair.b)}
                assert pair.people == model.loss(service, ends)[0]
                assert pair.alone == tuple(
                    model.loss(service, {(one.table, one.id)})[0] for one in (pair.a, pair.b)
                )
        for worst in found.worst:
            ends = {(one.table, one.id) for one in (worst.element, worst.partner)}
            if {table for table, _ in ends} <= {"component", "link", "site"}:
                assert worst.people == model.loss(service, ends)[0]
                assert worst.people >= worst.alone


@pytest.mark.parametrize("seed", range(300, 305))
def test_one_event_in_full_says_what_the_rows_say(seed: int) -> None:
    tables = random_tables(seed)
    model, store = Model(tables, str(AS_OF)), store_of(tables)
    engine = ENGINES[seed % len(ENGINES)]
    network = resilience.read(store, AS_OF, engine=engine)
    resilience.build(store, AS_OF, network=network, only=["outage"], engine=engine)
    told = {
        row[:2]: row[2:] for row in store.rows("select kind::varchar, event_id, name, members from outage")
    }

    for (kind, name), own in list(model.events().items())[::5]:
        found = resilience.detail(store, network, kind, name, engine=engine)
        down = model.down(own)
        gone = model.without("", down) - model.without("", set())
        assert (found.kind, found.event_id, found.name, found.members_total) == (
            kind,
            name,
            *told[kind, name],
        )
        assert {(m.table, m.id) for m in found.members} == {
            ("dependency" if table == "thing" else table, one) for table, one in down
        }
        assert (found.people, found.lost_sites) == model.loss("", down)
        assert found.elsewhere == sum(
            model.people[node] for node in gone - own if ("site", model.site_of(node)) not in own
        )
        assert {s.service_id: (s.people, s.sites) for s in found.services} == {
            service: model.loss(service, down) for service in model.services()
        }
        assert {s.site_id: s.people for s in found.sites} == {
            site: people
            for site in model.sites
            if (people := sum(model.people[node] for node in gone if model.site_of(node) == site))
        }
        assert {f.flow_id for f in found.flows} == {
            row["flow_id"]
            for row in tables["flow"]
            if model.apart(row, set()) is False and model.apart(row, down)
        }
