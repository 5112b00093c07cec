from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.unit.sources.netbox.objects import (
    cable,
    choice,
    circuit,
    circuit_end,
    device,
    end,
    front,
    interface,
    plug,
    rear,
    ref,
    site,
)

if TYPE_CHECKING:
    from tests.unit.sources.netbox.conftest import Run

DEVICES = [device(1), device(2), device(3), device(8, "patch-panel"), device(9, "patch-panel")]
FRONT = "dcim.frontport"
REAR = "dcim.rearport"
CIRCUIT = "circuits.circuittermination"


def stated(*numbers: tuple[int, int], kind: str = "dcim.interface", reachable: bool = True) -> dict[str, Any]:
    return {
        "connected_endpoints": [{"id": number, "device": ref(d)} for number, d in numbers],
        "connected_endpoints_type": kind,
        "connected_endpoints_reachable": reachable,
    }


def test_parallel_cables_stay_parallel_links(run: Run) -> None:
    cables = [cable(1, [plug(11, 1)], [plug(21, 2)]), cable(2, [plug(22, 2)], [plug(12, 1)])]

    got = run({"dcim.devices": DEVICES, "dcim.cables": cables})

    assert got.column("link", "link_id", "a_id", "b_id", "x_source") == [
        ("interface-11-interface-21", "device-1", "device-2", "dcim/cables/1"),
        ("interface-12-interface-22", "device-1", "device-2", "dcim/cables/2"),
    ]


def test_a_trace_leads_through_two_panels_in_a_row_by_position(run: Run) -> None:
    cables = [
        cable(1, [plug(11, 1)], [end(FRONT, 81, 8)]),
        cable(2, [plug(21, 2)], [end(FRONT, 82, 8)]),
        cable(3, [end(REAR, 85, 8)], [end(REAR, 95, 9)]),
        cable(4, [end(FRONT, 92, 9)], [plug(31, 3)]),
        cable(5, [end(FRONT, 91, 9)], [plug(32, 3)]),
    ]
    ports = {
        "dcim.front-ports": [
            front(81, 8, 85, 1),
            front(82, 8, 85, 2),
            front(91, 9, 95, 1),
            front(92, 9, 95, 2),
        ],
        "dcim.rear-ports": [rear(85, 8, 2), rear(95, 9, 2)],
    }

    got = run({"dcim.devices": DEVICES, "dcim.cables": cables, **ports})

    assert got.column("link", "link_id", "x_source") == [
        ("interface-11-interface-32", "dcim/cables/1;dcim/cables/3;dcim/cables/5"),
        ("interface-21-interface-31", "dcim/cables/2;dcim/cables/3;dcim/cables/4"),
    ]
    assert got.report.endpoint("dcim.cables").mapped == 5
    assert got.report.endpoint("dcim.front-ports").mapped == 4


def test_front_ports_of_older_netbox_name_one_rear_port(run: Run) -> None:
    cables = [cable(1, [plug(11, 1)], [end(FRONT, 81, 8)]), cable(2, [end(REAR, 85, 8)], [plug(21, 2)])]
    ports = [{"id": 81, "device": ref(8), "rear_port": ref(85), "rear_port_position": 1}]

    got = run({"dcim.devices": DEVICES, "dcim.cables": cables, "dcim.front-ports": ports})

    assert got.links() == [("device-1", "device-2")]


def test_netbox_s_own_trace_leads_where_panel_ports_are_not_among_the_answers(run: Run) -> None:
    cables = [cable(1, [plug(11, 1)], [end(FRONT, 81, 8)]), cable(2, [end(FRONT, 91, 9)], [plug(21, 2)])]
    interfaces = [interface(11, 1, **stated((21, 2))), interface(21, 2, **stated((11, 1)))]

    got = run({"dcim.devices": DEVICES, "dcim.cables": cables, "dcim.interfaces": interfaces})

    assert got.column("link", "a_id", "b_id", "x_source") == [
        ("device-1", "device-2", "dcim/cables/1;dcim/cables/2")
    ]


def test_a_panel_without_ports_ends_the_trace_and_the_report_says_so(run: Run) -> None:
    got = run({"dcim.devices": DEVICES, "dcim.cables": [cable(1, [plug(11, 1)], [end(FRONT, 81, 8)])]})

    assert got.links() == []
    assert got.reasons("dcim.cables") == {
        "it ends in a patch panel whose ports are not among the answers (dcim.front-ports)": 1
    }


def test_a_breakout_cable_is_a_link_to_each_of_its_ends(run: Run) -> None:
    breakout = cable(1, [plug(11, 1)], [plug(21, 2), plug(31, 3)])

    got = run({"dcim.devices": DEVICES, "dcim.cables": [breakout]})

    assert got.links() == [("device-1", "device-2"), ("device-1", "device-3")]


def test_a_cable_to_nowhere_is_counted_and_no_link(run: Run) -> None:
    got = run({"dcim.devices": DEVICES, "dcim.cables": [cable(1, [plug(11, 1)], [])]})

    assert got.links() == []
    assert got.reasons("dcim.cables") == {"one of its ends is not connected": 1}


def test_a_loop_of_cables_ends(run: Run) -> None:
    cables = [
        cable(1, [plug(11, 1)], [end(FRONT, 81, 8)]),
        cable(2, [end(REAR, 85, 8)], [end(REAR, 95, 9)]),
        cable(3, [end(FRONT, 91, 9)], [end(FRONT, 82, 8)]),
    ]
    ports = [front(81, 8, 85, 1), front(82, 8, 85, 2), front(91, 9, 95, 1)]

    got = run({"dcim.devices": DEVICES, "dcim.cables": cables, "dcim.front-ports": ports})

    assert got.links() == []
    assert got.reasons("dcim.cables") == {"the cables form a loop": 3}


def test_a_trace_that_splits_without_end_stops(run: Run) -> None:
    fan = [end(FRONT, n, 8) for n in range(1000, 1070)]
    many = [end(REAR, n, 8) for n in range(2000, 2070)]
    cables = [cable(1, [plug(11, 1)], fan), cable(2, many, [end(FRONT, n, 9) for n in range(3000, 3070)])]
    ports = [front(1000 + n, 8, 2000 + n) for n in range(70)]

    got = run({"dcim.devices": DEVICES, "dcim.cables": cables, "dcim.front-ports": ports})

    assert got.reasons("dcim.cables") == {
        "its trace splits into more than 4,096 steps": 1,
        "no interface leads over it": 1,
    }


def test_a_planned_cable_is_no_link(run: Run) -> None:
    got = run({"dcim.devices": DEVICES, "dcim.cables": [cable(1, [plug(11, 1)], [plug(21, 2)], "planned")]})

    assert got.links() == []
    assert got.reasons("dcim.cables") == {"a cable on the way: its status is planned": 1}


def test_a_link_to_a_planned_device_is_left_out_with_its_reason(run: Run) -> None:
    devices = [device(1), device(2, status="planned")]

    got = run({"dcim.devices": devices, "dcim.cables": [cable(1, [plug(11, 1)], [plug(21, 2)])]})

    assert got.links() == []
    assert got.reasons("dcim.cables") == {"one of its ends is at a device that was left out": 1}
    assert got.reasons("dcim.devices") == {"its status is planned": 1}


def test_an_end_that_two_cables_claim_belongs_to_the_first(run: Run) -> None:
    cables = [cable(1, [plug(11, 1)], [plug(21, 2)]), cable(2, [plug(11, 1)], [plug(31, 3)])]

    got = run({"dcim.devices": DEVICES, "dcim.cables": cables})

    assert got.links() == [("device-1", "device-2")]
    assert got.reasons("dcim.cables") == {"one of its ends is taken by another cable": 1}


def test_a_stored_trace_that_contradicts_the_cables_is_reported(run: Run) -> None:
    interfaces = [interface(11, 1, **stated((31, 3)))]

    got = run(
        {
            "dcim.devices": DEVICES,
            "dcim.cables": [cable(1, [plug(11, 1)], [plug(21, 2)])],
            "dcim.interfaces": interfaces,
        }
    )

    assert any("differs from its cables for 1 interfaces (dcim/interfaces/11)" in n for n in got.report.notes)


def test_capacity_is_the_smallest_rate_and_length_the_sum_of_all_pieces(run: Run) -> None:
    cables = [
        cable(1, [plug(11, 1)], [end(FRONT, 81, 8)], length=500, length_unit=choice("m")),
        cable(2, [end(REAR, 85, 8)], [plug(21, 2)], length="1.5", length_unit=choice("km")),
    ]
    interfaces = [interface(11, 1, type=choice("10gbase-x-sfpp")), interface(21, 2, speed=2_500_000)]

    got = run(
        {
            "dcim.devices": DEVICES,
            "dcim.cables": cables,
            "dcim.front-ports": [front(81, 8, 85)],
            "dcim.interfaces": interfaces,
        }
    )

    assert got.column("link", "capacity_gbps", "length_km") == [("2.5", "2")]


def test_a_circuit_between_two_cabled_ends_is_a_link_of_its_provider(run: Run) -> None:
    cables = [cable(1, [plug(11, 1)], [end(CIRCUIT, 51)]), cable(2, [end(CIRCUIT, 52)], [plug(21, 2)])]

    got = run(
        {
            "dcim.sites": [site(1), site(2)],
            "dcim.devices": DEVICES,
            "dcim.cables": cables,
            "circuits.circuits": [circuit(5, provider=7, commit_rate=500_000)],
            "circuits.circuit-terminations": [circuit_end(51, 5, "A"), circuit_end(52, 5, "Z", place=2)],
        }
    )

    assert got.column("link", "a_id", "b_id", "provider_id", "capacity_gbps") == [
        ("device-1", "device-2", "provider-7", "0.5")
    ]
    assert got.report.endpoint("circuits.circuit-terminations").mapped == 2


def test_a_circuit_ends_at_its_site_where_nothing_is_cabled(run: Run) -> None:
    got = run(
        {
            "dcim.sites": [site(1), site(2), site(3)],
            "dcim.devices": DEVICES,
            "dcim.cables": [cable(1, [plug(11, 1)], [end(CIRCUIT, 51)])],
            "circuits.circuits": [circuit(5), circuit(6)],
            "circuits.circuit-terminations": [
                circuit_end(51, 5, "A", place=1),
                circuit_end(52, 5, "Z", place=2),
                circuit_end(61, 6, "A", place=2),
                circuit_end(62, 6, "Z", place=3),
            ],
        }
    )

    assert got.column("link", "link_id", "a_id", "b_id") == [
        ("circuit-6", "site-2", "site-3"),
        ("interface-11-site-2", "device-1", "site-2"),
    ]


def test_a_circuit_into_a_provider_s_network_ends_there(run: Run) -> None:
    got = run(
        {
            "dcim.devices": DEVICES,
            "dcim.cables": [cable(1, [plug(11, 1)], [end(CIRCUIT, 51)])],
            "circuits.circuits": [circuit(5)],
            "circuits.circuit-terminations": [
                circuit_end(51, 5, "A"),
                circuit_end(52, 5, "Z", "circuits.providernetwork", 4),
            ],
        }
    )

    assert got.links() == [("device-1", "provider-network-4")]
    assert ("provider-network-4", "place-4", "other") in got.column("site", "site_id", "name", "kind")


def test_circuit_ends_of_older_netbox_name_site_or_network(run: Run) -> None:
    old = {"circuit": ref(5), "site": None, "provider_network": None}

    got = run(
        {
            "dcim.sites": [site(1), site(2)],
            "circuits.circuits": [circuit(5)],
            "circuits.circuit-terminations": [
                {**old, "id": 51, "term_side": "A", "site": ref(1)},
                {**old, "id": 52, "term_side": "Z", "provider_network": ref(4, "cloud")},
            ],
        }
    )

    assert got.links() == [("site-1", "provider-network-4")]


def test_circuits_that_cannot_be_links_say_why(run: Run) -> None:
    got = run(
        {
            "circuits.circuits": [circuit(1), circuit(2), circuit(3), circuit(4, status="planned")],
            "circuits.circuit-terminations": [
                circuit_end(21, 2, "A"),
                circuit_end(31, 3, "A"),
                circuit_end(32, 3, "Z", "dcim.location", 9),
            ],
        }
    )

    assert got.links() == []
    assert got.reasons("circuits.circuits") == {
        "it has no recorded end": 1,
        "the circuit has one recorded end: nobody knows where it leads": 1,
        "it ends at a dcim.location": 1,
        "its status is planned": 1,
    }


def test_a_radio_link_is_a_link_of_layer_radio(run: Run) -> None:
    link = {
        "id": 1,
        "interface_a": interface(11, 1),
        "interface_b": interface(21, 2),
        "status": choice("connected"),
    }

    got = run({"dcim.devices": DEVICES, "wireless.wireless-links": [link]})

    assert got.column("link", "a_id", "b_id", "layer", "x_source") == [
        ("device-1", "device-2", "radio", "wireless/wireless-links/1")
    ]


def test_console_and_usb_cables_are_counted_and_no_links(run: Run) -> None:
    cables = [
        cable(1, [end("dcim.consoleport", 1, 1)], [end("dcim.consoleserverport", 2, 2)]),
        cable(2, [end("dcim.consoleport", 3, 1)], [end("dcim.consoleserverport", 4, 2)], type="usb"),
    ]

    got = run({"dcim.devices": DEVICES, "dcim.cables": cables})

    assert got.links() == []
    assert got.reasons("dcim.cables") == {"a console or USB cable: it carries no traffic": 2}
