"""Whatever a field holds, the import ends: with tables, or with an error that says where."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from netproof.errors import SourceError
from netproof.sources.netbox import build
from netproof.sources.netbox.endpoints import BY_NAME
from netproof.sources.netbox.reading import Answers, trimmed
from netproof.sources.netbox.rules import shipped
from netproof.sources.netbox.writing import csv_bytes
from tests.unit.sources.netbox.objects import (
    Object,
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

MAKER = {"id": 7, "name": "Example", "slug": "example"}
STATED = {
    "connected_endpoints": [{"id": 21, "device": ref(2)}],
    "connected_endpoints_type": "dcim.interface",
    "connected_endpoints_reachable": True,
    "cable": {"id": 1},
}
ESTATE: dict[str, list[Object]] = {
    "dcim.sites": [site(1, region=ref(1, "r"), group=ref(1, "g"), tags=[ref(1, "t")], latitude=1.5), site(2)],
    "dcim.manufacturers": [MAKER],
    "dcim.device-roles": [ref(1, "router", parent=ref(2)), ref(2, "box")],
    "dcim.device-types": [{"id": 3, "manufacturer": MAKER, "model": "X", "end_of_life": "2030-01-01"}],
    "dcim.module-types": [{"id": 4, "manufacturer": MAKER, "model": "Y"}],
    "dcim.platforms": [ref(1, "os")],
    "dcim.devices": [
        device(1, device_type=ref(3, manufacturer=MAKER), platform=ref(1, name="OS 1.2"), cluster=ref(1)),
        device(2, virtual_chassis=ref(1), custom_fields={"a": 1}, tags=[ref(1, "t")]),
        device(3, virtual_chassis=ref(1), parent_device=ref(2)),
        device(8, "patch-panel", rear_port_count=1),
        device(9, "pdu"),
    ],
    "dcim.modules": [{"id": 1, "device": ref(1), "module_type": ref(4, manufacturer=MAKER), "display": "M"}],
    "dcim.inventory-items": [
        {"id": 1, "device": ref(1), "manufacturer": MAKER, "part_id": "p", "parent": None}
    ],
    "dcim.virtual-chassis": [{"id": 1, "name": "vc", "master": ref(2)}],
    "virtualization.virtual-machines": [{"id": 1, "name": "v", "role": ref(5, "amf"), "cluster": ref(1)}],
    "dcim.power-panels": [{"id": 1, "name": "P", "site": ref(1)}],
    "dcim.power-feeds": [{"id": 1, "name": "F", "power_panel": ref(1), "status": choice("active")}],
    "dcim.cables": [
        cable(1, [plug(11, 1)], [plug(21, 2)], length=3, length_unit=choice("m")),
        cable(2, [plug(12, 1)], [end("dcim.frontport", 81, 8)]),
        cable(3, [end("dcim.rearport", 85, 8)], [end("circuits.circuittermination", 51)]),
        cable(4, [end("dcim.powerport", 1, 1)], [end("dcim.poweroutlet", 2, 9)]),
        cable(5, [end("dcim.powerfeed", 1)], [end("dcim.powerport", 9, 9)]),
    ],
    "dcim.interfaces": [interface(11, 1, **STATED), interface(12, 1), interface(21, 2, speed=1000)],
    "dcim.front-ports": [front(81, 8, 85)],
    "dcim.rear-ports": [rear(85, 8)],
    "wireless.wireless-links": [{"id": 1, "interface_a": interface(13, 1), "interface_b": interface(22, 2)}],
    "circuits.providers": [{"id": 1, "name": "Carrier", "slug": "carrier"}],
    "circuits.provider-networks": [{"id": 4, "name": "cloud"}],
    "circuits.circuits": [circuit(5, commit_rate=10, distance=2, distance_unit=choice("km")), circuit(6)],
    "circuits.circuit-terminations": [
        circuit_end(51, 5, "A"),
        circuit_end(52, 5, "Z", "circuits.providernetwork", 4),
        circuit_end(61, 6, "A", place=1),
        circuit_end(62, 6, "Z", place=2),
    ],
    "tenancy.contacts": [{"id": 1}],
    "tenancy.contact-assignments": [
        {
            "id": 1,
            "contact": ref(1),
            "role": ref(1, name="r"),
            "object_type": "dcim.manufacturer",
            "object_id": 7,
        }
    ],
}
ODD: list[Any] = [
    None,
    True,
    0,
    1,
    2,
    5,
    8,
    51,
    85,
    -1,
    2**63,
    1.5,
    "",
    "x",
    "dcim.interface",
    "dcim.frontport",
    [],
    {},
    [1],
    [{}],
]
ODD += [{"id": 1}, {"id": 8}, {"value": "planned"}, {"value": 3}, "2026-13-01", "\x00", "=cmd()", "../../x"]


def tables(estate: dict[str, list[Object]]) -> dict[str, bytes]:
    answers = Answers()
    for name, objects in estate.items():
        endpoint = BY_NAME[name]
        answers.add(endpoint, (trimmed(endpoint, o, f"{name}:/{n}") for n, o in enumerate(objects)))
    found, report = build("test", answers, shipped())
    for item in report.endpoints:
        assert item.read == item.mapped + sum(reason.count for reason in item.not_mapped)
    return {name: csv_bytes(name, rows) for name, rows in found.items()}


def change(value: Any, draw: st.DrawFn) -> Any:
    """Put something odd into one place of a JSON value."""
    if not isinstance(value, dict | list) or not value or draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from(ODD))
    changed = copy.copy(value)
    at = draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
    changed[at] = change(value[at], draw)
    return changed


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, list[Object]]:
    estate = dict(ESTATE)
    for _ in range(draw(st.integers(1, 4))):
        name = draw(st.sampled_from(sorted(estate)))
        if draw(st.integers(0, 5)) == 0:
            del estate[name]
            continue
        at = draw(st.integers(0, len(estate[name]) - 1))
        objects = list(estate[name])
        name_of = draw(st.sampled_from(sorted(objects[at])))
        objects[at] = {**objects[at], name_of: change(objects[at].get(name_of), draw)}
        estate[name] = objects
    return estate


@settings(max_examples=150)
@given(damaged())
def test_odd_values_end_in_tables_or_in_an_error_with_a_place(estate: dict[str, list[Object]]) -> None:
    try:
        tables(estate)
    except SourceError as error:
        assert ":/" in str(error)  # noqa: PT017


@given(st.randoms(use_true_random=False))
def test_the_order_of_answers_changes_nothing(chance: Any) -> None:
    shuffled = {name: chance.sample(objects, len(objects)) for name, objects in ESTATE.items()}

    assert tables(shuffled) == tables(ESTATE)


def test_the_estate_of_these_tests_fills_every_table() -> None:
    assert {name for name, data in tables(ESTATE).items() if data.count(b"\n") < 2} == set()
