from __future__ import annotations

import json
import sys
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from netproof.catalogue.examples import examples
from netproof.catalogue.loader import open_catalogue, shipped_checks
from netproof.cli import main as command
from netproof.errors import CatalogueError
from tests.unit.oscal.small import Raw, catalog, control, metadata, profile, write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@pytest.fixture
def network(tmp_path: Path) -> Path:
    folder = tmp_path / "net"
    folder.mkdir()
    (folder / "network.toml").write_text('name = "Small"\n', "utf-8")
    return folder


def run(words: Sequence[str | Path], monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["netproof", *map(str, words)])
    with pytest.raises(SystemExit) as stopped:
        command.main()
    return int(stopped.value.code or 0)


def sr_catalog() -> Raw:
    names = ["sr-1", "sr-2", "sr-3", "sr-5", "sr-8", "sr-10", "sr-11", "sr-12", "ac-1"]
    return {**catalog(controls=[control(n) for n in names]), "metadata": metadata("Like NIST SP 800-53")}


def test_an_import_without_a_folder_only_sums_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, "c.json", "catalog", catalog(controls=[control(f"c-{n}") for n in range(12)]))

    assert run(["catalogue", "import", path], monkeypatch) == 0

    got = capsys.readouterr()
    assert got.out.splitlines()[:4] == [
        "Small, version 1",
        "12 controls: 0 have a check; 12 have none",
        "without a check, for a person to answer:",
        "  c-0  Control c-0",
    ]
    assert got.out.splitlines()[-1] == "  and 2 more (--all lists them)"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["c.json"]


def test_all_lists_every_control_without_a_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, "c.json", "catalog", catalog(controls=[control(f"c-{n}") for n in range(12)]))

    run(["catalogue", "import", path, "--all"], monkeypatch)

    assert capsys.readouterr().out.splitlines()[-1] == "  c-11  Control c-11"


def test_an_import_writes_the_resolved_catalog_and_an_empty_mapping(
    tmp_path: Path, network: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "catalog.json", "catalog", catalog())
    path = write(tmp_path, "my profile.json", "profile", profile({"href": "catalog.json"}))

    assert run(["catalogue", "import", path, "--into", network], monkeypatch) == 0

    written = open_catalogue("my-profile.json", network)
    assert [c.id for c in written.controls] == ["a-1", "a-1.1", "a-1.2", "a-2", "b-1"]
    assert written.check_ids() == []
    assert tomllib.loads((network / "my-profile.mapping.toml").read_text("utf-8")) == {"controls": {}}
    assert (network / "network.toml").read_text("utf-8") == 'name = "Small"\n'
    assert 'catalogues = ["de-tkg-2.0", "my-profile.json"]' in capsys.readouterr().err


def test_a_worked_mapping_is_used_where_it_fits_for_the_controls_that_are_there(
    tmp_path: Path, network: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, "sr.json", "catalog", sr_catalog())

    run(["catalogue", "import", path, "--into", network], monkeypatch)

    mapping = tomllib.loads((network / "sr.mapping.toml").read_text("utf-8"))["controls"]
    assert list(mapping) == ["sr-3", "sr-5", "sr-8", "sr-10", "sr-11"]
    assert open_catalogue("sr.json", network).controls[2].checks == tuple(mapping["sr-3"])
    assert "5 have a check, by the worked example nist-sp800-53-sr" in capsys.readouterr().out


def test_a_second_import_writes_over_the_first_only_when_told_and_never_over_a_mapping(
    tmp_path: Path, network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "c.json", "catalog", catalog())
    words: list[str | Path] = ["catalogue", "import", path, "--into", network]
    run(words, monkeypatch)
    (network / "c.mapping.toml").write_text('[controls]\n"a-1" = ["CERT-001"]\n', "utf-8")

    assert run(words, monkeypatch) == 2
    assert run([*words, "--replace"], monkeypatch) == 0

    assert open_catalogue("c.json", network).check_ids() == ["CERT-001"]


def test_a_catalogue_is_named_by_letters_that_cannot_leave_the_folder(
    tmp_path: Path, network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "..ü \u202e.json", "catalog", catalog())

    run(["catalogue", "import", path, "--into", network], monkeypatch)

    assert sorted(p.name for p in network.iterdir()) == [
        "catalogue.json",
        "catalogue.mapping.toml",
        "network.toml",
    ]


def test_what_a_file_says_cannot_move_the_cursor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, "c.json", "catalog", catalog(controls=[control("a", title="x\x1b[2Jy")]))

    run(["catalogue", "import", path], monkeypatch)

    assert "\x1b" not in capsys.readouterr().out


def test_a_mapping_that_names_no_control_of_its_catalogue_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "c.json", "catalog", catalog())
    path.with_suffix(".mapping.toml").write_text('[controls]\n"a-11" = ["CERT-001"]\n', "utf-8")

    with pytest.raises(CatalogueError, match=r"c\.mapping\.toml: expected a control of c\.json, got 'a-11'"):
        open_catalogue(str(path))


@pytest.mark.parametrize(
    "text", ["controls = 1", '[controls]\n"a-1" = "CERT-001"', '[controls]\n"a-1" = [1]', "["]
)
def test_a_malformed_mapping_is_refused(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, "c.json", "catalog", catalog())
    path.with_suffix(".mapping.toml").write_text(text, "utf-8")

    with pytest.raises(CatalogueError, match=r"c\.mapping\.toml: "):
        open_catalogue(str(path))


def test_a_catalogue_with_a_control_twice_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "c.json", "catalog", catalog(controls=[control("a"), control("a")]))

    with pytest.raises(CatalogueError, match="expected every control once, got more than one of a"):
        open_catalogue(str(path))


def test_other_people_s_props_are_not_taken_for_netproof_s_own(tmp_path: Path) -> None:
    props = [{"name": "valid-from", "value": "some day"}, {"name": "legal-status", "value": "x"}]
    path = write(tmp_path, "c.json", "catalog", catalog(controls=[control("a", props=props)]))

    got = open_catalogue(str(path)).controls[0]

    assert (got.valid_from, got.legal_status) == ("", "")


def test_parameters_are_written_into_the_prose(tmp_path: Path) -> None:
    params: list[dict[str, Any]] = [
        {"id": "p1", "label": "how often"},
        {"id": "p2", "values": ["daily", "weekly"]},
        {"id": "p3", "select": {"choice": ["never", "every {{ insert: param, p1 }}"]}},
    ]
    text = "{{ insert: param, p1 }}, {{ insert: param, p2 }}, {{ p3 }}, {{ insert: param, p4 }}."
    parts = [{"name": "statement", "prose": text, "props": [{"name": "label", "value": "a."}]}]
    path = write(tmp_path, "c.json", "catalog", catalog(controls=[control("a", params=params, parts=parts)]))

    assert open_catalogue(str(path)).controls[0].prose == (
        "a. [how often], daily, weekly, [never | every [how often]], {{ insert: param, p4 }}."
    )


def test_every_worked_mapping_names_checks_that_there_are() -> None:
    asked = {check for example in examples() for checks in example.controls.values() for check in checks}

    assert [example.name for example in examples()] == ["bsi-supply-chain", "nist-sp800-53-sr"]
    assert asked - set(shipped_checks()) == set()


@pytest.mark.parametrize("name", ["c.json", "c.yaml", "c.yml", "c.xml"])
def test_a_network_names_a_catalogue_in_any_format(tmp_path: Path, name: str) -> None:
    xml = (
        '<catalog xmlns="http://csrc.nist.gov/ns/oscal/1.0" uuid="3f0c9a52-6d1e-4d2b-9a57-0c7b5d3a1e00">'
        "<metadata><title>Small</title><last-modified>2026-11-01T00:00:00Z</last-modified><version>1</version>"
        '<oscal-version>1.1.3</oscal-version></metadata><control id="a"><title>A</title></control></catalog>'
    )
    (tmp_path / name).write_text(
        xml if name == "c.xml" else json.dumps({"catalog": catalog(controls=[control("a", title="A")])}),
        "utf-8",
    )

    assert [(c.id, c.title) for c in open_catalogue(name, tmp_path).controls] == [("a", "A")]
