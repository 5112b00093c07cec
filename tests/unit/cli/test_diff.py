"""`diff`, `catalogue diff` and `forecast` as a user runs them: exit codes, formats, refusals."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from netproof.report.diff_json import schema
from tests.networks import write_network

COMPONENT = (
    "component_id,site_id,function,zone,product_id,supplier_id,version,first_used_on\n"
    "C1,B1,AMF,core,P1,S1,2,2025-12-01\nC2,M1,AMF,core,P1,S1,2,2025-12-01\n"
)
CERTIFICATE = (
    "certificate_id,scheme,requirement_documents,product_id,version_from,version_to,issued_on,expires_on,status\n"
    "Z1,NESAS_CCS_GI,TS 33.512,P1,1,3,2025-03-01,2027-02-28,valid\n"
)
SITE = "site_id,name,kind\nB1,Berlin,core_dc\nM1,Munich,core_dc\n"


def netproof(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "netproof", *map(str, words)],
        capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def told(done: subprocess.CompletedProcess[str], answer: str) -> dict[str, Any]:
    """The answer, valid by its published schema."""
    assert done.stdout, done.stderr
    model: dict[str, Any] = json.loads(done.stdout)
    jsonschema_rs.validator_for(schema(answer)).validate(model)
    return model


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("diff") / "net"
    return write_network(folder, {"component": COMPONENT, "certificate": CERTIFICATE, "site": SITE})


@pytest.fixture(scope="module")
def draft(net: Path) -> Path:
    """Our own catalogue as a draft: one requirement less, one with other words and one check less."""
    root = Path(str(resources.files("netproof.catalogue")))
    path = net.parent / "draft.json"
    raw = json.loads((root / "controls" / "de-tkg-2.0.json").read_text("utf-8"))
    path.write_text(json.dumps(_without(raw, "A2-8")), "utf-8")
    mapping = tomllib.loads((root / "mappings" / "de-tkg-2.0.toml").read_text("utf-8"))["controls"]
    kept = {name: [check for check in checks if check != "CERT-003"] for name, checks in mapping.items()}
    lines = [f"{name} = {json.dumps(checks)}" for name, checks in kept.items() if name != "A2-8"]
    path.with_suffix(".mapping.toml").write_text("\n".join(["[controls]", *lines]), "utf-8")
    return path


def _without(node: Any, control: str) -> Any:
    """An OSCAL catalog without one control; A2-2 has another title."""
    if isinstance(node, list):
        return [_without(n, control) for n in node if not (isinstance(n, dict) and n.get("id") == control)]
    if isinstance(node, dict):
        made = {key: _without(value, control) for key, value in node.items()}
        return made | {"title": "Another title"} if made.get("id") == "A2-2" else made
    return node


def test_a_network_against_itself_exits_with_0(net: Path) -> None:
    done = netproof("diff", net, net)

    assert done.returncode == 0, done.stderr
    assert "No verdict, finding or reason differs." in done.stdout


def test_two_networks_differ_and_the_row_is_told(net: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(net, other)
    (other / "certificate.csv").write_text(CERTIFICATE.replace("2027-02-28", "2026-10-01"), "utf-8")
    words = netproof("diff", net, other)
    model = told(netproof("diff", net, other, "--format", "json"), "diff")

    assert words.returncode == 1
    assert "certificate Z1: expires_on 2027-02-28 -> 2026-10-01" in " ".join(words.stdout.split())
    assert "[certificate.csv:2 -> certificate.csv:2]" in " ".join(words.stdout.split())
    assert model["kind"] == "networks"
    assert (model["old"]["folder"], model["new"]["folder"]) == (net.name, other.name)
    assert f"before: Test, in {net.name}, as of 2026-11-01" in words.stdout
    cause = next(c for c in model["checks"] if c["id"] == "CERT-001")["findings"][0]["causes"][0]
    assert cause["columns"] == [{"column": "expires_on", "old": "2027-02-28", "new": "2026-10-01"}]


def test_two_dates_differ_and_the_reason_is_told(net: Path, tmp_path: Path) -> None:
    output = tmp_path / "answer.json"
    dates = ("--from", "2026-11-01", "--to", "2027-03-01")
    words = netproof("diff", net, *dates)
    done = netproof("diff", net, *dates, "--format", "json", "--output", output)

    assert (words.returncode, done.returncode, done.stdout) == (1, 1, "")
    assert str(output) in done.stderr
    assert "certificate Z1 expired on 2027-02-28" in words.stdout
    model = json.loads(output.read_text("utf-8"))
    jsonschema_rs.validator_for(schema("diff")).validate(model)
    assert (model["kind"], model["old"]["as_of"], model["new"]["as_of"]) == (
        "dates",
        "2026-11-01",
        "2027-03-01",
    )


def test_a_draft_tells_its_requirements_and_what_it_changes_for_a_network(net: Path, draft: Path) -> None:
    plain = netproof("catalogue", "diff", "de-tkg-2.0", draft, "--format", "json")
    model = told(plain, "catalogue-diff")

    assert plain.returncode == 1
    assert [r["id"] for r in model["removed"]] == ["A2-8"]
    assert model["added"] == []
    changed = {r["id"]: [t["field"] for t in r["texts"]] for r in model["changed"]}
    assert "title" in changed["A2-2"]
    assert "DIV-001" in model["checks_removed"]
    assert model["network"] is None
    done = netproof("catalogue", "diff", "de-tkg-2.0", draft, "--network", net, "--format", "json")
    difference = told(done, "catalogue-diff")["network"]
    moves = {r["id"]: r["change"] for r in difference["requirements"]}
    assert moves["A2-8"] == "gone"
    checks = {c["id"]: c for c in difference["checks"]}
    assert checks["DIV-001"]["new"] is None
    assert checks["DIV-001"]["findings_changed"]["gone"] > 0
    words = netproof("diff", net, "--catalogue", "de-tkg-2.0", "--catalogue", draft)
    assert "What another catalogue changes" in words.stdout


def test_a_catalogue_against_itself_exits_with_0() -> None:
    done = netproof("catalogue", "diff", "de-tkg-2.0", "de-tkg-2.0")

    assert done.returncode == 0
    assert "No requirement differs." in done.stdout


def test_a_forecast_tells_dates_certificates_and_changes(net: Path) -> None:
    done = netproof("forecast", net, "--dates", "2027-03-01,2026-12-31")
    model = told(netproof("forecast", net, "--every", "quarter", "--format", "json"), "forecast")

    assert done.returncode == 1
    assert "2026-12-31  2027-03-01" in done.stdout
    assert "Z1: last day 2027-02-28" in done.stdout
    assert "certificate Z1 expired on 2027-02-28" in done.stdout
    assert "left out" in done.stdout
    assert model["dates"][:3] == ["2026-11-01", "2027-02-01", "2027-05-01"]
    assert model["dates"][-1] == "2028-11-01"
    assert model["papers_only"]


def test_a_forecast_and_a_difference_are_written_as_html(net: Path, tmp_path: Path) -> None:
    forecast, difference = tmp_path / "forecast.html", tmp_path / "difference.html"
    dates = ("--dates", "2026-12-31,2027-03-01")
    one = netproof("forecast", net, *dates, "--format", "html", "--output", forecast)
    other = netproof("diff", net, "--to", "2027-03-01", "--format", "html", "--output", difference)

    assert (one.returncode, other.returncode) == (1, 1), one.stderr + other.stderr
    assert "Z1" in forecast.read_text("utf-8")
    assert "certificate Z1 expired on 2027-02-28" in difference.read_text("utf-8")


@pytest.fixture(scope="module")
def dealt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A core function whose supplier a shipped set of restrictions names by an alias."""
    return write_network(
        tmp_path_factory.mktemp("restricted") / "net",
        {
            "component": COMPONENT,
            "site": SITE,
            "supplier": "supplier_id,name,country\nS1,Regional Dealer GmbH,DE\n",
            "supplier_alias": "alias,kind,supplier_id\nHUAWEI TECHNOLOGIES CO. LTD,name,S1\n",
        },
        settings='country = "DE"\n',
    )


def test_a_shipped_restriction_is_foretold_for_its_day(dealt: Path) -> None:
    words = ("forecast", dealt, "--dates", "2026-12-30,2026-12-31", "--format", "json")
    without, under = (
        told(netproof(*words, *w), "forecast") for w in ((), ("--restriction", "de-contracts-2024"))
    )

    assert banned(without) == [0, 0]
    assert banned(under) == [0, 2]


def banned(model: dict[str, Any]) -> list[int]:
    """How many components a forecast finds banned on each date."""
    found: list[int] = next(c for c in model["checks"] if c["id"] == "RES-001")["counts"]["fail"]
    return found


def test_a_shipped_restriction_holds_on_both_sides_of_a_difference(dealt: Path) -> None:
    words = ("--from", "2026-12-30", "--to", "2026-12-31", "--restriction", "de-contracts-2024")
    model = told(netproof("diff", dealt, *words, "--format", "json"), "diff")
    check = next(c for c in model["checks"] if c["id"] == "RES-001")

    assert check["findings_changed"]["new"] == 2
    unknown = netproof("diff", dealt, *words, "--restriction", "de-contract-2024")
    assert unknown.returncode == 2
    assert "did you mean de-contracts-2024?" in unknown.stderr


@pytest.mark.parametrize(
    ("command", "words", "said"),
    [
        ("diff", (), "expected two networks, two dates or two catalogues"),
        ("diff", ("--catalogue", "de-tkg", "--catalogue", "de-bsig", "--catalogue", "eu-toolbox"), "got 3 catalogues"),
        ("diff", ("--from", "2026-11-01"), "--to: expected a date"),
        ("diff", ("--from", "2026-11-01", "--to", "2027-01-01", "--as-of", "2027-01-01"), "--as-of: expected no --from"),
        ("diff", ("--to", "2027-01-01", "--format", "pdf"), "--format: expected html, json, terminal"),
        ("diff", ("--to", "2027-01-01", "--output", "absent/x.json"), "expected a folder to write into"),
        ("forecast", ("--dates", "soon"), "--dates: expected dates such as"),
        ("forecast", ("--dates", "2027-01-01", "--until", "2028-01-01"), "--dates: expected no --until"),
        ("forecast", ("--every", "day"), "--every: expected month, quarter, year"),
        ("forecast", ("--until", "2020-01-01"), "--until: expected a day not before 2026-11-01"),
        ("forecast", ("--until", "2099-01-01"), "expected at most 600 dates"),
    ],
)  # fmt: skip
def test_a_wish_that_cannot_be_met_stops_with_2(
    net: Path, command: str, words: tuple[str, ...], said: str
) -> None:
    done = netproof(command, net, *words)

    assert done.returncode == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert "Traceback" not in done.stderr
