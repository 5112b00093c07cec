from __future__ import annotations

import hashlib
import io
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from netproof.errors import SourceError
from netproof.sources import read_folder, read_network
from netproof.sources.netbox import show
from netproof.tables.store import Store
from tests.unit.sources.netbox.objects import cable, circuit, circuit_end, device, plug, site

if TYPE_CHECKING:
    from tests.unit.sources.netbox.conftest import Imported, Run

ANSWERS = {
    "dcim.devices": [device(1), device(2, "mystery")],
    "dcim.cables": [cable(1, [plug(11, 1)], [plug(21, 2)])],
}


def state(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_what_is_written_loads_without_an_issue(run: Run) -> None:
    ends = [circuit_end(51, 5, "A"), circuit_end(52, 5, "Z", place=2)]
    into = run(
        {
            **ANSWERS,
            "dcim.sites": [site(1, latitude=52.5, longitude="13.4"), site(2)],
            "circuits.circuits": [circuit(5)],
            "circuits.circuit-terminations": ends,
            "tenancy.contacts": [{"id": 1}],
        },
        as_of=date(2026, 11, 1),
    ).into
    store = Store.empty(threads=1)

    read_folder(store, into)

    assert store.rows("select * from import_issue") == []
    assert store.value("select count(*) from link") == 2
    assert store.value("select latitude_deg from site where site_id = 'site-1'") == 52.5
    assert read_network(into).as_of == date(2026, 11, 1)
    assert read_network(into).name == "net (from NetBox)"


def test_the_same_answers_write_the_same_bytes(run: Run) -> None:
    into = run(ANSWERS).into
    first = state(into)

    again = run({name: list(reversed(value)) for name, value in ANSWERS.items()}).into

    kept = {name: data for name, data in state(again).items() if name != "sources/netbox.json"}
    assert kept == {name: data for name, data in first.items() if name != "sources/netbox.json"}
    assert state(run(ANSWERS).into) == first


def test_the_report_holds_the_digests_of_what_was_read_and_written(run: Run) -> None:
    got = run(ANSWERS)
    report = json.loads((got.into / "sources" / "netbox.json").read_text("utf-8"))

    for name, digest in report["files_written"].items():
        assert hashlib.sha256((got.into / name).read_bytes()).hexdigest() == digest
    assert sorted(report["files_written"]) == ["component.csv", "link.csv", "site.csv"]
    assert set(report["files_read"]) == {"dcim.cables.json", "dcim.devices.json", "dcim.sites.json"}
    assert report["tables"] == {"component": 2, "link": 1, "site": 1}


def test_a_table_without_rows_is_not_written_and_an_old_one_goes(run: Run) -> None:
    into = run(ANSWERS).into

    run({**ANSWERS, "dcim.cables": []})

    assert not (into / "link.csv").exists()
    assert (into / "component.csv").exists()


def test_network_toml_is_written_once_and_then_yours(run: Run) -> None:
    into = run(ANSWERS).into
    (into / "network.toml").write_text('name = "Mine"\n')

    run(ANSWERS)

    assert (into / "network.toml").read_text() == 'name = "Mine"\n'


def changed(run: Run) -> Imported:
    got = run(ANSWERS)
    (got.into / "site.csv").write_text("site_id,name\nsite-1,my own words\n")
    return got


def test_a_file_that_somebody_changed_is_not_overwritten(run: Run) -> None:
    into = changed(run).into
    before = state(into)

    with pytest.raises(SourceError, match=r"got site\.csv$") as refused:
        run(ANSWERS)

    assert state(into) == before
    assert "site.csv.bak1" in refused.value.hint


def test_a_file_that_is_replaced_is_kept_beside(run: Run) -> None:
    into = changed(run).into

    got = run(ANSWERS, replace=True)

    assert got.report.kept_aside == ("site.csv.bak1",)
    assert (into / "site.csv.bak1").read_text() == "site_id,name\nsite-1,my own words\n"
    assert len(got.rows("site")) == 1
    (into / "site.csv").write_text("site_id\n")
    assert run(ANSWERS, replace=True).report.kept_aside == ("site.csv.bak2",)


def test_a_table_from_elsewhere_is_never_doubled(run: Run, tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "component.parquet").write_bytes(b"PAR1")

    with pytest.raises(SourceError, match="expected no other file for table component, got one"):
        run(ANSWERS, replace=True)

    assert state(tmp_path / "net") == {"component.parquet": b"PAR1"}


def test_a_report_of_an_earlier_import_cannot_name_files_outside(run: Run, tmp_path: Path) -> None:
    victim = tmp_path / "victim.csv"
    victim.write_bytes(b"mine")
    digest = hashlib.sha256(b"mine").hexdigest()
    into = run(ANSWERS).into
    report = {"files_written": {"../victim.csv": digest, str(victim): digest}}
    (into / "sources" / "netbox.json").write_text(json.dumps(report))

    run(ANSWERS, replace=True)

    assert victim.read_bytes() == b"mine"


def test_a_report_that_cannot_be_read_stops_the_import(run: Run) -> None:
    into = run(ANSWERS).into
    (into / "sources" / "netbox.json").write_text("[]")

    with pytest.raises(SourceError, match="expected the report of an earlier import, got something else"):
        run(ANSWERS)


def test_links_out_of_the_folder_are_not_followed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "net" / "sources").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(SourceError, match="expected a folder, got a link"):
        run(ANSWERS)

    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_nothing_is_half_written_when_a_file_cannot_be(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    into = run(ANSWERS).into
    before = state(into)
    rename = Path.rename

    def fail(self: Path, target: Path) -> Path:
        if Path(target).name == "site.csv" and self.name.endswith("-new"):
            raise OSError(28, "No space left on device", str(target))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail)

    with pytest.raises(SourceError, match="expected to write there, got No space left on device"):
        run({**ANSWERS, "dcim.devices": [device(1), device(2), device(3)]})

    assert state(into) == before


def test_a_target_that_is_a_file_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "net").write_text("a file")

    with pytest.raises(SourceError, match="expected a folder to write into"):
        run(ANSWERS)


def test_the_report_reads_at_80_columns_and_without_colour(run: Run) -> None:
    got = run({**ANSWERS, "dcim.devices": [device(1), device(2, "[red]mystery" * 20)]})
    console = Console(width=80, no_color=True, record=True, file=io.StringIO())

    show(got.report, console)

    lines = console.export_text().splitlines()
    assert max(map(len, lines)) <= 80
    assert any("Imported" in line for line in lines)
    assert "- NetBox knows no serial number of 2 of 2 devices" in "\n".join(line.strip() for line in lines)
    assert not any(line.endswith(" ") for line in lines if line.startswith("  "))
