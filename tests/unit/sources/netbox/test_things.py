from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.sources.netbox.objects import cable, choice, device, end, ref, site

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.sources.netbox.conftest import Run

MAKER = {"id": 7, "name": "Example Networks", "slug": "example"}


def test_devices_without_a_name_and_with_the_same_name_are_told_apart_by_number(run: Run) -> None:
    devices = [device(10, name=None), device(9, name="same"), device(2, name="same")]

    got = run({"dcim.devices": devices})

    assert got.column("component", "component_id", "name", "x_source") == [
        ("device-2", "same", "dcim/devices/2"),
        ("device-9", "same", "dcim/devices/9"),
        ("device-10", "", "dcim/devices/10"),
    ]


def test_what_is_not_in_use_is_left_out_and_counted(run: Run) -> None:
    states = ["active", "offline", "staged", "failed", "planned", "inventory", "decommissioning"]

    got = run({"dcim.devices": [device(n, status=state) for n, state in enumerate(states, 1)]})

    assert [row["component_id"] for row in got.rows("component")] == [
        "device-1",
        "device-2",
        "device-3",
        "device-4",
        "device-7",
    ]
    assert got.reasons("dcim.devices") == {
        "its status is inventory": 1,
        "its status is planned": 1,
    }


def test_a_mapping_file_says_what_counts_as_in_use(run: Run, tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text('not_in_use = ["offline"]\n')

    got = run({"dcim.devices": [device(1, status="planned"), device(2, status="offline")]}, mapping=mapping)

    assert got.column("component", "component_id") == [("device-1",)]


def test_products_and_suppliers_come_from_the_type_that_the_device_names(run: Run) -> None:
    kind = {"id": 3, "manufacturer": MAKER, "model": "X1", "end_of_life": "2030-06-30"}

    got = run(
        {
            "dcim.devices": [device(1, device_type=ref(3, manufacturer=MAKER, model="X1"))],
            "dcim.device-types": [kind],
        }
    )

    assert got.column("component", "product_id", "supplier_id") == [("device-type-3", "manufacturer-7")]
    assert got.column("product", "product_id", "supplier_id", "name", "end_of_support_on") == [
        ("device-type-3", "manufacturer-7", "X1", "2030-06-30")
    ]
    assert got.column("supplier_alias", "alias", "kind", "supplier_id") == [
        ("Example Networks", "name", "manufacturer-7"),
        ("example", "slug", "manufacturer-7"),
    ]


def test_modules_parts_and_blades_run_on_what_holds_them(run: Run) -> None:
    got = run(
        {
            "dcim.devices": [device(1), device(2, parent_device=ref(1))],
            "dcim.modules": [
                {"id": 4, "device": ref(1), "display": "Slot 0", "status": choice("active"), "serial": "M4"}
            ],
            "dcim.inventory-items": [
                {
                    "id": 5,
                    "device": ref(1),
                    "name": "fan",
                    "manufacturer": MAKER,
                    "part_id": "F-1",
                    "serial": "",
                },
                {"id": 6, "device": ref(1), "name": "rotor", "parent": 5},
            ],
        }
    )

    assert got.column("component", "component_id", "parent_id", "site_id") == [
        ("device-1", "", "site-1"),
        ("device-2", "device-1", "site-1"),
        ("inventory-item-5", "device-1", "site-1"),
        ("inventory-item-6", "inventory-item-5", "site-1"),
        ("module-4", "device-1", "site-1"),
    ]
    assert got.column("dependency", "from_id", "to_id", "kind") == [
        ("device-2", "device-1", "runs_on"),
        ("inventory-item-5", "device-1", "runs_on"),
        ("inventory-item-6", "device-1", "runs_on"),
        ("module-4", "device-1", "runs_on"),
    ]
    assert got.column("product", "product_id", "name") == [("part-7-F-1", "F-1")]


def test_members_of_a_virtual_chassis_belong_to_its_master(run: Run) -> None:
    chassis = ref(1, "vc")

    got = run(
        {
            "dcim.devices": [device(1, virtual_chassis=chassis), device(2, virtual_chassis=chassis)],
            "dcim.virtual-chassis": [{"id": 1, "name": "vc", "master": ref(1)}],
        }
    )

    assert got.column("component", "component_id", "parent_id") == [
        ("device-1", ""),
        ("device-2", "device-1"),
    ]
    assert got.rows("dependency") == []


def test_components_that_hold_each_other_do_not_hang_the_import(run: Run) -> None:
    devices = [
        device(1, parent_device=ref(2)),
        device(2, parent_device=ref(1)),
        device(3, parent_device=ref(3)),
    ]

    got = run({"dcim.devices": devices})

    assert got.column("component", "component_id", "parent_id") == [
        ("device-1", ""),
        ("device-2", "device-1"),
        ("device-3", ""),
    ]
    assert "device-1 holds itself by way of its parents: its parent is left empty" in got.report.notes


def test_two_power_sources_are_alternatives_and_one_is_needed(run: Run) -> None:
    cables = [
        cable(1, [end("dcim.powerport", 11, 1)], [end("dcim.poweroutlet", 81, 8)]),
        cable(2, [end("dcim.powerport", 12, 1)], [end("dcim.poweroutlet", 91, 9)]),
        cable(3, [end("dcim.powerport", 21, 2)], [end("dcim.poweroutlet", 82, 8)]),
        cable(4, [end("dcim.powerfeed", 1)], [end("dcim.powerport", 83, 8)]),
        cable(5, [end("dcim.powerport", 13, 1)], [end("dcim.poweroutlet", 84, 8)]),
    ]

    got = run(
        {
            "dcim.devices": [device(1), device(2), device(8, "pdu"), device(9, "pdu")],
            "dcim.cables": cables,
            "dcim.power-panels": [{"id": 1, "name": "P", "site": ref(1)}],
            "dcim.power-feeds": [{"id": 1, "name": "F", "power_panel": ref(1), "status": choice("active")}],
        }
    )

    assert got.column("dependency", "from_id", "to_id", "kind", "group_id") == [
        ("device-1", "device-8", "powered_by", "power-device-1"),
        ("device-1", "device-9", "powered_by", "power-device-1"),
        ("device-2", "device-8", "powered_by", ""),
        ("device-8", "power-feed-1", "powered_by", ""),
        ("power-feed-1", "power-panel-1", "powered_by", ""),
    ]
    assert ("power-feed-1", "FACILITY", "site-1") in got.column(
        "component", "component_id", "function", "site_id"
    )
    assert got.report.endpoint("dcim.cables").mapped == 5


def test_virtual_machines_run_on_any_device_of_their_cluster(run: Run) -> None:
    got = run(
        {
            "dcim.devices": [device(1, "server", cluster=ref(3)), device(2, "server", cluster=ref(3))],
            "virtualization.virtual-machines": [
                {
                    "id": 1,
                    "name": "amf-1",
                    "role": ref(2, "amf"),
                    "status": choice("active"),
                    "cluster": ref(3),
                },
                {
                    "id": 2,
                    "name": "upf-1",
                    "role": ref(3, "upf"),
                    "status": choice("active"),
                    "device": ref(2),
                },
            ],
        }
    )

    assert got.column("dependency", "from_id", "to_id", "group_id") == [
        ("virtual-machine-1", "device-1", "hosts-virtual-machine-1"),
        ("virtual-machine-1", "device-2", "hosts-virtual-machine-1"),
        ("virtual-machine-2", "device-2", ""),
    ]
    assert [row["function"] for row in got.rows("component")] == ["HOST", "HOST", "AMF", "UPF"]


def test_a_version_comes_from_a_custom_field_or_from_the_platform_s_name(run: Run, tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text('version_fields = ["sw"]\nfirst_used_fields = ["since"]\n')
    platforms = ["Junos 22.3R1", "Example IOS", "Chassis MX480", "Ubuntu Linux 20.04", "OS 24.10.R3 lts"]
    devices = [device(n, platform=ref(n, name=name)) for n, name in enumerate(platforms, 1)]
    devices.append(device(9, custom_fields={"sw": "R30B10", "since": "2024-05-01T10:00:00Z", "x": None}))

    got = run({"dcim.devices": devices}, mapping=mapping)

    assert [row["version"] for row in got.rows("component")] == [
        "22.3R1",
        "",
        "",
        "20.04",
        "24.10.R3",
        "R30B10",
    ]
    assert got.rows("component")[-1]["first_used_on"] == "2024-05-01"


def test_a_site_that_is_not_given_stays_unknown(run: Run) -> None:
    got = run({"dcim.devices": [device(1, site=ref(99)), device(2, site=None)]})

    assert got.column("component", "site_id") == [("",), ("",)]
    assert any("names site 99" in note for note in got.report.notes)


def test_a_planned_site_is_left_out_unless_something_stands_there(run: Run) -> None:
    sites = [site(1, "planned"), site(2, "planned")]

    got = run({"dcim.sites": sites, "dcim.devices": [device(1)]})

    assert got.column("site", "site_id") == [("site-1",)]
    assert got.reasons("dcim.sites") == {"its status is planned and nothing stands there": 1}
    assert any(note.startswith("site-1 is planned, yet") for note in got.report.notes)


def test_people_are_pseudonyms_with_a_role_and_an_employer(run: Run) -> None:
    got = run(
        {
            "dcim.manufacturers": [MAKER],
            "tenancy.contacts": [
                {"id": 1, "name": "Erika Mustermann", "email": "erika@example.org", "phone": "030 1234"},
                {"id": 2, "name": "Max Mustermann"},
            ],
            "tenancy.contact-assignments": [
                {
                    "id": 1,
                    "contact": ref(1),
                    "role": ref(1, name="Support"),
                    "object_type": "dcim.manufacturer",
                    "object_id": 7,
                },
                {
                    "id": 2,
                    "contact": ref(9),
                    "role": ref(1, name="Support"),
                    "object_type": "dcim.site",
                    "object_id": 1,
                },
            ],
        }
    )

    assert got.column("person", "person_id", "employer_id", "role") == [
        ("contact-1", "manufacturer-7", "Support"),
        ("contact-2", "", ""),
    ]
    written = b"".join(p.read_bytes() for p in got.into.rglob("*") if p.is_file())
    assert b"Mustermann" not in written
    assert b"erika" not in written
    assert got.reasons("tenancy.contact-assignments") == {"its contact is not among the answers": 1}


def test_two_suppliers_of_one_name_are_reported_not_merged(run: Run) -> None:
    got = run({"dcim.manufacturers": [MAKER], "circuits.providers": [{**MAKER, "id": 2}]})

    assert got.column("supplier", "supplier_id") == [("manufacturer-7",), ("provider-2",)]
    assert len(got.rows("supplier_alias")) == 2
    assert sum("have the same" in note for note in got.report.notes) == 2


def test_nothing_that_is_read_vanishes_from_the_account(run: Run) -> None:
    devices = [device(1), device(2, "patch-panel"), device(3, status="planned"), device(4, "mystery")]

    report = run({"dcim.devices": devices, "dcim.platforms": [ref(1, "a")]}).report

    for item in report.endpoints:
        assert item.read == item.mapped + sum(reason.count for reason in item.not_mapped)
    assert [role.line for role in report.unmapped_roles] == ['"mystery" = "OTHER"  # 1 components']
