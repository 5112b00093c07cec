from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from netproof.errors import SourceError
from netproof.sources.netbox.rules import read_rules, shipped
from netproof.tables.spec import all_specs
from tests.unit.sources.netbox.objects import device, ref, site

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.sources.netbox.conftest import Run


@pytest.mark.parametrize(
    ("slug", "want"),
    [
        ("router", "ROUTER"),
        ("core-router", "ROUTER"),
        ("tor-switch", "SWITCH"),
        ("Access_Switch", "SWITCH"),
        ("spine", "SWITCH"),
        ("patch-panel", "pass_through"),
        ("fiber-patch-panel-48", "pass_through"),
        ("pdu", "FACILITY"),
        ("application-server", "HOST"),
        ("dns-server", "DNS"),
        ("console-server", "OTHER"),
        ("5g-amf", "AMF"),
        ("gnb-du", "GNB_DU"),
        ("gnb", "GNB"),
        ("o-ru", "O_RU"),
        ("du", "GNB_DU"),
        ("ran-management", "RAN_MGMT"),
        ("dwdm-line-system", "OPTICAL"),
        ("edge-firewall", "FIREWALL"),
        ("mystery-box", ""),
        ("platform", ""),
    ],
)
def test_a_role_s_slug_names_its_function(slug: str, want: str) -> None:
    assert shipped().function([slug]) == want


def test_every_function_of_5g_that_the_tables_know_has_a_rule() -> None:
    words = all_specs()["component"].column("function").vocabulary
    core = words[: words.index("UDSF") + 1]

    assert [word for word in core if shipped().function([word.lower()]) != word] == []


def test_a_role_without_a_rule_takes_its_parent_s(run: Run) -> None:
    roles = [ref(1, "big-box", parent=ref(2)), ref(2, "router", parent=ref(1))]

    got = run({"dcim.devices": [device(1, "big-box")], "dcim.device-roles": roles})

    assert got.column("component", "function") == [("ROUTER",)]


def test_a_mapping_file_goes_before_the_shipped_rules(run: Run, tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        'functions = ["BNG"]\n'
        '[role]\n"router" = "BNG"\n"box" = "not_a_component"\n'
        '[[words]]\nwords = ["mystery"]\nfunction = "UPF"\n'
        '[region]\n"berlin" = "11000"\n'
        '[[site_kind]]\ntag = "dc"\nkind = "core_dc"\n'
        '[[zone]]\nfunction = "UPF"\nregion = "berlin"\nzone = "core"\n'
        '[[zone]]\ntag = "access"\nzone = "access"\n'
    )
    place = site(1, region=ref(1, "berlin"), tags=[ref(1, "dc")], group=ref(1, "headquarters"))
    devices = [
        device(1),
        device(2, "box"),
        device(3, "mystery-box"),
        device(4, "switch", tags=[ref(9, "access")]),
        device(5, "switch"),
    ]

    got = run({"dcim.devices": devices, "dcim.sites": [place]}, mapping=mapping)

    assert got.column("component", "component_id", "function", "zone") == [
        ("device-1", "BNG", ""),
        ("device-3", "UPF", "core"),
        ("device-4", "SWITCH", "access"),
        ("device-5", "SWITCH", ""),
    ]
    assert got.column("site", "kind", "region") == [("core_dc", "11000")]
    assert got.reasons("dcim.devices") == {"its role says that it is no component": 1}


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("[role", "expected TOML in UTF-8"),
        ('[roles]\na = "UPF"', "expected a known name, got 'roles'"),
        ('[role]\na = "UPFF"', "role.a: expected a known word, got 'UPFF'"),
        ("[role]\na = 3", "role: expected names and texts"),
        ("role = 3", "role: expected names and texts"),
        ('[[words]]\nwords = []\nfunction = "UPF"', "words[0]: expected words and function"),
        ('[[words]]\nwords = "a"\nfunction = "UPF"', "words[0].words: expected a list of texts"),
        ('[[zone]]\nzone = "core"', "zone[0]: expected zone and at least one of"),
        ('[[zone]]\nzone = "heart"\nrole = "a"', "zone[0]: expected a known word, got 'heart'"),
        ('[[site_kind]]\nkind = "edge"\nrole = "a"', "site_kind[0]: expected kind and at least one of"),
        ("zone = 3", "zone: expected rules, got 3"),
        ("not_in_use = 3", "not_in_use: expected a list of texts"),
        ("version_from_platform = 3", "version_from_platform: expected true or false"),
    ],
)
def test_a_mapping_file_that_cannot_be_used_says_where(tmp_path: Path, text: str, want: str) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text(text)

    with pytest.raises(SourceError) as refused:
        read_rules(mapping)

    assert want in str(refused.value)


def test_a_mapping_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="expected a readable mapping file, got No such file"):
        read_rules(tmp_path / "none.toml")
