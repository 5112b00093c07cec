"""The commands as a user runs them: a process of their own, real files, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import resources
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pyarrow.parquet as pq
import pytest

from netproof.demo import write
from tests.networks import write_network

if TYPE_CHECKING:
    from pathlib import Path

CHECK = """id = "{id}"
title = "A test"
subject = "component"
scope = "select component_id as subject_id from component"
reads = ["component"]
evidence = []
severity = "high"
verdict = "operation"
motivation = "m"
remedy = "r"
"""
ALL_FAIL = "select component_id as subject_id, 'fail' as outcome, 'always' as reason from component"


def netproof(*words: str | Path, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "netproof", *map(str, words)],
        capture_output=True, text=True, cwd=folder, timeout=120, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.fixture(scope="module")
def musternetz(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "musternetz"
    write(folder, sites=100, seed=3)
    return folder


def own(folder: Path, checks: dict[str, str], *, rows: int = 40) -> Path:
    """Write a network whose only checks are its own."""
    ids = "".join(f"C{n}\n" for n in range(rows))
    write_network(
        folder, {"component": "component_id\n" + ids}, settings='catalogues = []\nchecks = ["mine"]\n'
    )
    mine = folder / "mine"
    mine.mkdir()
    for name, sql in checks.items():
        (mine / f"{name}.toml").write_text(CHECK.format(id=name), "utf-8")
        (mine / f"{name}.sql").write_text(sql, "utf-8")
        (mine / f"{name}.cases.yml").write_text("as_of: 2026-11-01\ncases: {}\n", "utf-8")
    return folder


def told(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.stdout, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_the_same_date_gives_the_same_bytes(musternetz: Path) -> None:
    first, second = (
        netproof("check", musternetz, "--as-of", "2027-01-01", "--format", "json") for _ in range(2)
    )

    assert first.stdout == second.stdout
    assert told(first)["as_of"] == "2027-01-01"
    assert first.returncode == 1


def test_without_a_date_the_networks_own_holds(musternetz: Path) -> None:
    assert told(netproof("check", musternetz, "--format", "json"))["as_of"] == "2026-11-01"


def test_a_report_is_written_whole_and_said_where(musternetz: Path, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    done = netproof("check", musternetz, "--format", "html", "--output", page)

    assert done.returncode == 1
    assert done.stdout == ""
    assert str(page) in done.stderr
    assert page.read_text("utf-8").rstrip().endswith("</html>")
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


def test_findings_beyond_the_listed_ones_lie_beside_the_report(tmp_path: Path) -> None:
    folder = own(tmp_path / "n", {"OWN-001": ALL_FAIL}, rows=500)
    output = tmp_path / "out.json"
    netproof("check", folder, "--format", "json", "--findings", "7", "--output", output)
    check = json.loads(output.read_text("utf-8"))["checks"][0]

    assert (check["findings_total"], len(check["findings"])) == (500, 7)
    assert check["all_findings_file"] == "out.findings.parquet"
    everything = pq.read_table(tmp_path / "out.findings.parquet")
    assert everything.num_rows == 500
    assert everything["file"].to_pylist() == ["component.csv"] * 500


def test_a_network_that_passes_exits_with_0(tmp_path: Path) -> None:
    folder = own(tmp_path / "n", {"OWN-001": ALL_FAIL + " where zone = 'core'"})

    assert netproof("check", folder).returncode == 0


def test_a_check_that_does_not_finish_is_an_error_and_the_rest_goes_on(tmp_path: Path) -> None:
    pairs = (
        "from component as a, component as b, component as c, component as d, component as e, component as f"
    )
    checks = {
        "OWN-001": "selec nonsense",
        "OWN-002": f"select a.component_id as subject_id, 'fail' as outcome, 'r' as reason {pairs} "
        "where a.component_id < b.component_id and b.component_id < a.component_id and c.component_id <> "
        "d.component_id and e.component_id <> f.component_id",
        "OWN-003": "select min(a.component_id) as subject_id, 'fail' as outcome, "
        f"string_agg(a.component_id || b.component_id || c.component_id, ',' order by a.component_id) as reason {pairs}",
        "OWN-004": "with d as (copy (select 1) to 'evil.csv') "
        "select component_id as subject_id, 'fail' as outcome, 'r' as reason from component",
        "OWN-005": ALL_FAIL,
    }
    folder = own(tmp_path / "n", checks)
    wishes = ("--check-seconds", "2", "--memory-mb", "200", "--format", "json")
    done = netproof("check", folder, *wishes, folder=tmp_path)
    checks_told = {c["id"]: c for c in told(done)["checks"]}

    assert done.returncode == 2
    outcomes = {name: check["outcome"] for name, check in checks_told.items()}
    assert outcomes == dict.fromkeys(("OWN-001", "OWN-003", "OWN-004"), "error") | {
        "OWN-002": outcomes["OWN-002"],
        "OWN-005": "fail",
    }
    assert outcomes["OWN-002"] in ("error", "pass")
    assert "memory" in checks_told["OWN-003"]["message"]
    assert not (tmp_path / "evil.csv").exists()


@pytest.mark.parametrize(
    ("tables", "settings", "wishes", "words", "hint"),
    [
        ({}, "", (), "expected at least one table, got none", "component.csv"),
        ({"component": "component_id\nC1\n"}, 'catalogues = ["de-tkg-2.1"]', (), "expected a catalogue, got 'de-tkg-2.1'", "de-tkg-2.0"),
        ({"component": "component_id\nC1\n"}, "[parameters.DIV-999]\na = 1", (), "parameters.DIV-999: expected a known check", ""),
        ({"component": "component_id\nC1\n"}, "[parameters.DIV-003]\nshare_maxx = 1", (), "expected a parameter of this check", ""),
        ({"component": "component_id,zone\nC1,odd\n"}, "", ("--strict",), "component.csv:2:zone: expected one of core", "--strict"),
        ({"component": "component_id\nC1\n"}, "", ("--format", "pdf"), "--format: expected", ""),
        ({"component": "component_id\nC1\n"}, "", ("--output", "absent/x.json"), "expected a folder to write into", "make the folder"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_stops_with_2_and_says_where_and_what_to_do(
    tmp_path: Path, tables: dict[str, str], settings: str, wishes: tuple[str, ...], words: str, hint: str
) -> None:
    folder = write_network(tmp_path / "n", dict(tables), settings=settings)
    done = netproof("check", folder, *wishes, folder=tmp_path)

    assert done.returncode == 2
    assert done.stdout == ""
    assert words in done.stderr
    assert hint in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("settings", [None, "absent"])
def test_a_folder_that_is_no_network_stops_with_2(tmp_path: Path, settings: str | None) -> None:
    done = netproof("check", tmp_path if settings is None else tmp_path / settings)

    assert done.returncode == 2
    assert "network" in done.stderr
    assert "hint:" in done.stderr


def test_an_oscal_file_that_breaks_its_schema_is_refused_by_pointer(musternetz: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text('{"catalog": {"uuid": "no", "metadata": {"title": "T"}}}', "utf-8")
    done = netproof("check", musternetz, "--catalogue", path)

    assert done.returncode == 2
    assert "mine.json:/catalog" in done.stderr


OTHERS = """{"catalog": {"uuid": "74c8ba1e-5cd4-4ad1-bbfd-d888e2f6c724",
 "metadata": {"title": "T", "last-modified": "2026-01-01T00:00:00Z", "version": "1", "oscal-version": "1.1.2"},
 "controls": [{"id": "t-1", "title": "One"}]}}"""


def test_a_catalogue_of_others_gives_a_valid_answer_that_a_person_must_complete(
    musternetz: Path, tmp_path: Path
) -> None:
    path = tmp_path / "others.json"
    path.write_text(OTHERS, "utf-8")
    answer = told(netproof("check", musternetz, "--catalogue", path, "--format", "json"))

    schema = resources.files("netproof.report") / "schema" / "check-1.0.schema.json"
    jsonschema_rs.validator_for(json.loads(schema.read_text("utf-8"))).validate(answer)
    requirement = answer["catalogues"][0]["requirements"][0]
    assert (requirement["outcome"], requirement["legal_status"]) == ("needs_review", "not_stated")


def test_an_output_that_cannot_be_written_leaves_nothing_behind(musternetz: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.mkdir()
    done = netproof("check", musternetz, "--format", "json", "--output", target)

    assert done.returncode == 2
    assert "expected a place where a file can be written" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["out.json"]


def test_broken_rows_are_counted_and_never_pass_in_silence(musternetz: Path, tmp_path: Path) -> None:
    folder = tmp_path / "n"
    folder.mkdir()
    for file in musternetz.glob("*.*"):
        (folder / file.name).write_bytes(file.read_bytes())
    monitor = folder / "monitor.csv"
    monitor.write_bytes(monitor.read_bytes() + b"broken\n")
    answer = told(netproof("check", folder, "--format", "json"))

    assert answer["import_issues"]["by_file"] == {"monitor.csv": 1}
    outcomes = {check["id"]: check["outcome"] for check in answer["checks"]}
    assert "pass" not in {outcomes[name] for name in ("MON-001", "MON-002", "MON-003")}


def test_the_catalogue_can_be_listed_shown_linted_and_tested(tmp_path: Path) -> None:
    folder = own(tmp_path / "n", {"OWN-001": ALL_FAIL, "OWN-002": "select now()"}) / "mine"

    assert "de-tkg-2.0" in netproof("catalogue", "list").stdout
    assert "share_max" in netproof("catalogue", "show", "DIV-003").stdout
    assert "A2-8" in netproof("catalogue", "show", "de-tkg-2.0").stdout
    assert "did you mean DIV-003?" in netproof("catalogue", "show", "DIV003").stderr
    assert "share_max" in netproof("catalogue", "show", "div-003").stdout
    assert netproof("catalogue", "show", "what").stderr.count("\n") == 3
    linted = netproof("catalogue", "lint", folder)
    assert (linted.returncode, linted.stdout.splitlines()[-1]) == (1, "2 checks: 1 ok, 1 refused")
    (folder / "OWN-002.sql").write_text(ALL_FAIL, "utf-8")
    cases = "as_of: 2026-11-01\ncases:\n  one:\n    component: [{component_id: A}]\n    expect: {A: fail}\n"
    (folder / "OWN-001.cases.yml").write_text(cases, "utf-8")
    (folder / "OWN-002.cases.yml").write_text(cases.replace("A: fail", "B: fail"), "utf-8")
    tested = netproof("catalogue", "test", folder)
    assert tested.returncode == 1
    assert "A: expected nothing, got fail" in tested.stdout
    assert tested.stdout.splitlines()[-1] == "2 cases of 2 checks: 1 hold, 1 do not"


def test_version_and_help_answer(tmp_path: Path) -> None:
    assert netproof("--version").stdout.startswith("netproof ")
    for words in (
        (),
        ("demo",),
        ("check",),
        ("import",),
        ("import", "netbox"),
        ("catalogue",),
        ("catalogue", "lint"),
    ):
        done = netproof(*words, "--help", folder=tmp_path)
        assert done.returncode == 0
        assert "Usage: netproof" in done.stdout


def test_a_defect_is_told_as_one_line_unless_a_trace_is_wanted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from netproof.cli import main as cli

    def broken(*, prog_name: str) -> None:
        raise ZeroDivisionError(f"planted in {prog_name}")

    monkeypatch.setattr(cli, "app", broken)
    monkeypatch.delitem(os.environ, "NETPROOF_TRACEBACK", raising=False)
    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == 2
    assert "planted" in capsys.readouterr().err
    monkeypatch.setenv("NETPROOF_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        cli.main()
