"""Differences between two assessments: laws, and planted changes told with the row and column that changed."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from functools import cache
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from netproof.demo import write
from netproof.pipeline.causes import explain
from netproof.pipeline.changed_rows import Origin
from netproof.pipeline.compare import Kind, Side, compare, ends_apart, move_of, side_of
from netproof.pipeline.request import Request
from netproof.pipeline.stages import plan
from netproof.pipeline.supervisor import Assessment
from tests.assessing import assessed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Edit = Callable[[list[dict[str, str]]], list[dict[str, str]]]

DAY = date(2026, 11, 1)
SWAPPED = {
    "new": "gone",
    "gone": "new",
    "worse": "better",
    "better": "worse",
    "reason": "reason",
    "other": "other",
}


@pytest.fixture(scope="module")
def musternetz(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compare") / "musternetz"
    write(folder, sites=100, seed=3)
    return folder


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def changed(source: Path, folder: Path, **edits: Edit) -> Path:
    """Copy a network, with some tables edited."""
    shutil.copytree(source, folder)
    for table, edit in edits.items():
        before = rows(folder, table)
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(before[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(edit(before))
    return folder


@cache
def side(folder: Path, day: date = DAY) -> Side:
    return side_of(Assessment(assessed(folder, day), b""))


def origin(folder: Path, model: dict[str, Any]) -> Origin:
    return Origin(folder, plan(Request(path=folder, as_of=DAY)), tuple(model["details"]["tables"]))


def differences(old: Path, new: Path) -> dict[str, Any]:
    before, after = side(old), side(new)
    difference = compare(before, after, kind=Kind.NETWORKS, listed=1000)
    return explain(difference, origin(old, before.model), origin(new, after.model))


def findings(difference: dict[str, Any], check: str) -> dict[str, dict[str, Any]]:
    return {f["subject_id"]: f for c in difference["checks"] if c["id"] == check for f in c["findings"]}


def critical(folder: Path) -> str:
    """A component that is certified, monitored and judged: an AMF without findings."""
    found = {f["subject_id"] for c in side(folder).model["checks"] for f in c["findings"]}
    return next(
        r["component_id"]
        for r in rows(folder, "component")
        if r["function"] == "AMF" and r["component_id"] not in found
    )


@pytest.mark.parametrize(
    ("old", "new", "want"),
    [
        ("/a/net", "/a/other", ("net", "other")),
        ("/a/2025/net", "/a/2026/net", ("2025/net", "2026/net")),
        ("/a/net", "/a/net", ("net", "net")),
        ("/net", "/a/net", ("/net", "a/net")),
        ("/a/net.duckdb", "/b/net.duckdb", ("a/net.duckdb", "b/net.duckdb")),
    ],
)
def test_two_folders_are_told_apart_by_as_few_names_as_needed(
    old: str, new: str, want: tuple[str, str]
) -> None:
    assert ends_apart(PurePath(old), PurePath(new)) == want


def test_a_network_does_not_differ_from_itself(musternetz: Path) -> None:
    got = differences(musternetz, musternetz)

    assert got["same"]
    assert (got["requirements"], got["checks"], got["tables"]) == ([], [], [])
    assert not any(n for counts in got["summary"].values() for n in counts.values())


def test_the_order_of_rows_is_no_difference(musternetz: Path, tmp_path: Path) -> None:
    other = changed(musternetz, tmp_path / "n", site=lambda r: r[::-1], commitment=lambda r: r[::-1])
    got = differences(musternetz, other)

    assert got["same"]
    assert got["tables"] == []


def test_turned_round_better_is_worse_and_new_is_gone(musternetz: Path) -> None:
    old, new = side(musternetz), side(musternetz, date(2028, 1, 1))
    there = compare(old, new, kind=Kind.DATES, listed=100_000)
    back = compare(new, old, kind=Kind.DATES, listed=100_000)

    assert not there["same"]
    for noun, counts in there["summary"].items():
        assert back["summary"][noun] == {SWAPPED[k]: n for k, n in counts.items()}
    for check, turned in zip(there["checks"], back["checks"], strict=True):
        forth = {(f["subject_id"], f["change"], str(f["old"]), str(f["new"])) for f in check["findings"]}
        assert forth == {
            (f["subject_id"], SWAPPED[f["change"]], str(f["new"]), str(f["old"])) for f in turned["findings"]
        }


def test_a_certificate_that_expires_is_told_with_its_row_and_column(musternetz: Path, tmp_path: Path) -> None:
    component = critical(musternetz)
    product = next(r["product_id"] for r in rows(musternetz, "component") if r["component_id"] == component)

    def expire(table: list[dict[str, str]]) -> list[dict[str, str]]:
        return [r | {"expires_on": "2026-10-30"} if r["product_id"] == product else r for r in table]

    got = findings(
        differences(musternetz, changed(musternetz, tmp_path / "n", certificate=expire)), "CERT-001"
    )
    causes = got[component]["causes"]

    assert got[component]["change"] == "new"
    assert got[component]["old"] is None
    assert causes[0]["table"] == "certificate"
    assert causes[0]["change"] == "changed"
    assert [(c["column"], c["new"]) for c in causes[0]["columns"]] == [("expires_on", "2026-10-30")]
    line = next(
        n for n, r in enumerate(rows(musternetz, "certificate"), 2) if r["certificate_id"] == causes[0]["key"]
    )
    assert causes[0]["old"] == causes[0]["new"] == {"file": "certificate.csv", "line": line}


def test_a_version_that_changes_is_told_and_what_no_check_reads_is_not(
    musternetz: Path, tmp_path: Path
) -> None:
    component = critical(musternetz)
    was = next(r["version"] for r in rows(musternetz, "component") if r["component_id"] == component)

    def renew(table: list[dict[str, str]]) -> list[dict[str, str]]:
        return [
            r | {"version": "99.9", "serial": "other"} if r["component_id"] == component else r for r in table
        ]

    difference = differences(musternetz, changed(musternetz, tmp_path / "n", component=renew))
    cause = findings(difference, "INT-002")[component]["causes"][0]

    assert (cause["table"], cause["key"]) == ("component", component)
    assert cause["columns"] == [{"column": "version", "old": was, "new": "99.9"}]
    assert difference["tables"] == [{"table": "component", "added": 0, "removed": 0, "changed": 1}]


def test_a_monitor_that_is_gone_is_told_as_a_row_removed(musternetz: Path, tmp_path: Path) -> None:
    component = critical(musternetz)
    other = changed(
        musternetz, tmp_path / "n", monitor=lambda t: [r for r in t if r["component_id"] != component]
    )
    finding = findings(differences(musternetz, other), "MON-001")[component]

    assert finding["change"] == "new"
    assert {(c["table"], c["change"]) for c in finding["causes"]} == {("monitor", "removed")}
    assert all(c["new"] is None and c["old"]["file"] == "monitor.csv" for c in finding["causes"])


def test_a_clause_is_followed_through_its_declaration_to_the_supplier(
    musternetz: Path, tmp_path: Path
) -> None:
    other = changed(musternetz, tmp_path / "n", commitment=lambda t: t[1:])
    supplier = next(
        r["supplier_id"]
        for r in rows(musternetz, "declaration")
        if r["declaration_id"] == rows(musternetz, "commitment")[0]["declaration_id"]
    )
    finding = findings(differences(musternetz, other), "TRUST-003")[supplier]

    assert [(c["table"], c["change"]) for c in finding["causes"]] == [("commitment", "removed")]


def test_a_waiver_makes_its_finding_go_and_is_told(musternetz: Path, tmp_path: Path) -> None:
    subject = side(musternetz).model["checks"][0]["findings"][0]["subject_id"]
    other = changed(musternetz, tmp_path / "n")
    (other / "waiver.csv").write_text(
        "check_id,subject_id,reason,owner_role,granted_on,ends_on\n"
        f"CERT-001,{subject},known,CISO,2026-10-01,2027-01-01\n",
        "utf-8",
    )
    finding = findings(differences(musternetz, other), "CERT-001")[subject]

    assert finding["change"] == "gone"
    assert [(c["table"], c["change"]) for c in finding["causes"]] == [("waiver", "added")]


def test_a_parameter_that_changes_is_told(musternetz: Path, tmp_path: Path) -> None:
    other = changed(musternetz, tmp_path / "n")
    settings = other / "network.toml"
    settings.write_text(settings.read_text("utf-8") + "\n[parameters.CERT-003]\ndays = 900\n", "utf-8")
    checks = {c["id"]: c for c in differences(musternetz, other)["checks"]}

    assert set(checks) == {"CERT-003"}
    assert checks["CERT-003"]["parameters"] == [{"name": "days", "old": 180, "new": 900}]


def test_findings_are_counted_beyond_those_that_are_listed(musternetz: Path) -> None:
    old, new = side(musternetz), side(musternetz, date(2030, 1, 1))
    listed = {c["id"]: c for c in compare(old, new, kind=Kind.DATES, listed=2)["checks"]}
    whole = {c["id"]: c for c in compare(old, new, kind=Kind.DATES, listed=100_000)["checks"]}

    assert max(c["findings_total"] for c in listed.values()) > 2
    assert all(len(c["findings"]) <= 2 for c in listed.values())
    assert {n: c["findings_changed"] for n, c in listed.items()} == {
        n: c["findings_changed"] for n, c in whole.items()
    }


def test_a_stream_of_all_findings_counts_where_the_model_lists_fewer(musternetz: Path) -> None:
    whole = side(musternetz)
    waived = pa.nulls(len(whole.findings), pa.date32())
    table = whole.findings.append_column("waived_until", waived)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    short = {**whole.model, "checks": [{**c, "findings": []} for c in whole.model["checks"]]}
    other = side_of(Assessment(short, sink.getvalue().to_pybytes()))

    assert compare(whole, other, kind=Kind.NETWORKS, listed=10)["same"]


def test_a_check_that_did_not_finish_makes_no_finding_vanish(musternetz: Path) -> None:
    whole = side(musternetz)
    broken = [
        {**c, "outcome": "error", "findings": [], "message": "too slow"} if c["id"] == "CERT-001" else c
        for c in whole.model["checks"]
    ]
    got = compare(
        whole, side_of(Assessment({**whole.model, "checks": broken}, b"")), kind=Kind.NETWORKS, listed=10
    )
    check = next(c for c in got["checks"] if c["id"] == "CERT-001")

    assert check["change"] == "worse"
    assert check["findings"] == []


@pytest.mark.parametrize(
    ("before", "now", "want"),
    [
        ("pass", "fail", "worse"),
        ("fail", "no_evidence", "better"),
        ("pass", "not_applicable", "other"),
        ("not_applicable", "fail", "worse"),
        ("fail", "fail", ""),
        (None, "pass", "new"),
        ("pass", None, "gone"),
    ],
)
def test_a_move_has_a_direction(before: str | None, now: str | None, want: str) -> None:
    assert move_of(before, now) == want
