"""The public demo estate, as a NetBox 4.7 answered it (netbox-community/netbox-demo-data, MIT)."""

from __future__ import annotations

import csv
import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from netproof.sources import read_folder
from netproof.sources.netbox import ImportReport, import_netbox
from netproof.tables.store import Store

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def recorded(shared_data: Path) -> Path:
    folder = shared_data / "netbox"
    if not folder.is_dir():
        pytest.skip("no recorded NetBox answers")
    return folder


@pytest.fixture(scope="module")
def into(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("netbox") / "demo"


@pytest.fixture(scope="module")
def report(recorded: Path, into: Path) -> ImportReport:
    return import_netbox(str(recorded), into)


def rows(into: Path, table: str) -> Rows:
    with (into / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def answer(recorded: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((recorded / f"{name}.json").read_text("utf-8"))
    return found


def test_every_table_has_the_rows_that_the_estate_has(report: ImportReport) -> None:
    assert report.tables == {
        "component": 109,  # 53 devices, 4 modules, 4 power panels, 48 power feeds
        "dependency": 78,  # 26 power cables, 48 feeds on their panels, 4 modules in their devices
        "link": 51,  # 26 direct, 12 through panels and dark fibre, 13 into a provider's network
        "person": 3,
        "product": 15,
        "site": 25,  # 24 sites and a provider's network
        "supplier": 23,
        "supplier_alias": 46,
    }


def test_every_object_is_mapped_or_left_out_with_a_reason(report: ImportReport) -> None:
    got = {
        e.endpoint: (e.read, e.mapped, {r.reason: r.count for r in e.not_mapped}) for e in report.endpoints
    }
    one_end = "the circuit has one recorded end: nobody knows where it leads"
    panels = "patch panel or the like: cables are traced through it, it is no component"

    assert {name: value for name, value in got.items() if value[0] != value[1]} == {
        "dcim.device-roles": (9, 8, {"no component has it": 1}),
        "dcim.platforms": (3, 0, {"no component has it": 2, "its name holds no version": 1}),
        "dcim.devices": (72, 53, {panels: 19}),
        "dcim.cables": (108, 95, {one_end: 13}),
        "dcim.interfaces": (1586, 89, {"no cable, no radio link": 1484, one_end: 13}),
        "circuits.circuits": (29, 16, {one_end: 13}),
        "circuits.circuit-terminations": (45, 32, {one_end: 13}),
    }
    assert report.unmapped_roles == ()
    assert [m.endpoint for m in report.missing] == [
        "virtualization.virtual-machines",
        "dcim.front-ports",
        "dcim.rear-ports",
        "wireless.wireless-links",
        "circuits.provider-networks",
    ]


@pytest.mark.usefixtures("report")
def test_links_are_exactly_the_pairs_that_netbox_traced(recorded: Path, into: Path) -> None:
    want = set()
    for interface in answer(recorded, "dcim.interfaces"):
        for other in interface["connected_endpoints"] or []:
            if interface["connected_endpoints_type"] == "dcim.interface":
                first, second = sorted((interface["id"], other["id"]))
                want.add(f"interface-{first}-interface-{second}")
            else:
                want.add(f"interface-{interface['id']}-provider-network-{other['id']}")

    assert {row["link_id"] for row in rows(into, "link")} == want


@pytest.mark.usefixtures("report")
def test_links_over_dark_fibre_carry_their_provider_and_every_cable(into: Path) -> None:
    fibre = [row for row in rows(into, "link") if row["provider_id"] == "provider-9"]

    assert len(fibre) == 12
    assert fibre[0]["x_source"] == (
        "dcim/cables/87;dcim/cables/88;dcim/cables/112;dcim/cables/124;circuits/circuits/30"
    )
    assert {row["capacity_gbps"] for row in fibre} == {"10"}


@pytest.mark.usefixtures("report")
def test_functions_come_from_roles_and_unknown_stays_empty(into: Path) -> None:
    devices = [row for row in rows(into, "component") if row["component_id"].startswith("device-")]

    assert Counter(row["function"] for row in devices) == {
        "SWITCH": 26,
        "ROUTER": 13,
        "FACILITY": 13,
        "HOST": 1,
    }
    assert {row["zone"] + row["version"] + row["serial"] for row in devices} == {""}
    assert sum(not row["name"] for row in devices) == 9


@pytest.mark.usefixtures("report")
def test_no_contact_is_named(recorded: Path, into: Path) -> None:
    written = b"".join(path.read_bytes() for path in into.rglob("*") if path.is_file())

    for contact in answer(recorded, "tenancy.contacts"):
        for field in ("name", "email", "phone", "title"):
            assert contact[field].encode() not in written


def test_what_netbox_does_not_know_is_told(report: ImportReport) -> None:
    gaps = [item.sentence for item in report.coverage if item.sentence]

    assert "NetBox knows no serial number of 53 of 53 devices" in gaps
    assert "NetBox knows no software version of 53 of 53 devices" in gaps
    assert "NetBox knows no coordinates of 24 of 24 sites" in gaps
    assert "NetBox knows no power source of 27 of 53 devices" in gaps


@pytest.mark.usefixtures("report")
def test_the_folder_loads_without_an_issue(into: Path) -> None:
    store = Store.empty(threads=1)

    read_folder(store, into)

    assert store.rows("select * from import_issue") == []


def test_a_second_import_changes_nothing(recorded: Path, report: ImportReport, into: Path) -> None:
    before = {path: path.read_bytes() for path in into.rglob("*") if path.is_file()}

    again = import_netbox(str(recorded), into)

    assert {path: path.read_bytes() for path in into.rglob("*") if path.is_file()} == before
    assert again == report
