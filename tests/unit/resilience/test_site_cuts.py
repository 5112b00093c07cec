from __future__ import annotations

from netproof import resilience
from tests.tables import store_of
from tests.unit.resilience.networks import AS_OF, Rows, built, components, links, rows

KINDS = "S1 core_dc\nS2 core_dc\nS3 pop\nS4 edge\nS5 cell_site"


def ladder() -> dict[str, Rows]:
    """Return two core sites, a transport site on both, and an edge site that hangs on the transport site."""
    return {
        "site": rows(KINDS, "site_id", "kind"),
        "component": components(
            """
            u1 S1 UPF    core      -
            u2 S2 UPF    core      -
            p  S3 ROUTER transport -
            q  S3 ROUTER transport -
            e  S4 ROUTER transport -
            c  S5 O_RU   access    9
            """
        ),
        "link": links("L1 u1 p\nL2 u2 q\nL3 p q\nL4 p e\nL5 e c"),
        "service": rows("data UPF", "service_id", "function"),
    }


def cut(tables: dict[str, Rows]) -> dict[tuple[str, str], tuple[object, ...]]:
    found = built(tables, only=["site_cut"]).rows(
        "select site_id, service_id, connected, components, links, sites, nearest_table::varchar, nearest_id "
        "from site_cut"
    )
    return {row[:2]: row[2:] for row in found}


def test_a_site_with_two_ways_is_cut_off_by_nothing_and_one_behind_it_by_its_line_and_router() -> None:
    assert cut(ladder()) == {
        ("S1", "data"): (True, 0, 0, 0, None, None),
        ("S2", "data"): (True, 0, 0, 0, None, None),
        ("S3", "data"): (True, 0, 0, 0, None, None),
        ("S4", "data"): (True, 1, 1, 0, "link", "L4"),
    }


def test_a_second_line_to_the_same_router_leaves_the_router() -> None:
    tables = ladder()
    tables["link"] += links("L6 p e")

    assert cut(tables)["S4", "data"] == (True, 1, 0, 0, "component", "p")


def test_a_line_to_another_router_of_the_site_leaves_nothing() -> None:
    tables = ladder()
    tables["link"] += links("L6 q e")

    assert cut(tables)["S4", "data"] == (True, 0, 0, 0, None, None)


def test_a_site_at_whose_own_node_links_end_is_one_thing() -> None:
    tables = ladder()
    tables["link"] = links("L1 S1 S3\nL2 S2 S3\nL3 S3 S4\nL4 S3 S4")

    assert cut(tables)["S4", "data"] == (True, 0, 0, 1, "site", "S3")


def test_instances_outside_of_the_core_do_not_count_and_an_island_is_told() -> None:
    tables = ladder()
    tables["component"][1]["zone"] = "edge"
    tables["link"] = [row for row in tables["link"] if row["link_id"] != "L4"]

    assert cut(tables) == {
        ("S1", "data"): (True, 0, 0, 0, None, None),
        ("S2", "data"): (True, 3, 3, 0, "link", "L2"),
        ("S3", "data"): (True, 1, 1, 0, "link", "L1"),
        ("S4", "data"): (False, 0, 0, 0, None, None),
    }


def test_without_services_every_component_of_the_core_is_an_instance() -> None:
    tables = ladder()
    tables["service"] = []

    assert set(cut(tables)) == {(site, "connection") for site in ("S1", "S2", "S3", "S4")}


def test_a_service_without_instances_in_the_core_has_no_rows() -> None:
    tables = ladder()
    tables["service"] += rows("voice IMS", "service_id", "function")

    assert {service for _, service in cut(tables)} == {"data"}


def test_a_network_of_nothing_has_no_rows() -> None:
    store = store_of({})
    resilience.build(store, AS_OF, only=["site_cut"])

    assert store.value("select count(*) from site_cut") == 0
