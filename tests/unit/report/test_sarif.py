"""SARIF: rules are checks, results are findings, and no outcome turns into another."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from netproof import report
from netproof.report.sarif import fingerprint, uri
from tests.unit.report import sample
from tests.unit.report.tool_models import MODELS


def run(model: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(report.write(model, "sarif"))["runs"][0]
    return found


SAMPLE = run(MODELS["sample"])
KINDS = {"fail": "fail", "no_evidence": "open", "needs_review": "review"}


def test_rules_are_the_checks_in_order_with_their_words() -> None:
    rules = SAMPLE["tool"]["driver"]["rules"]
    first = sample.model()["checks"][0]

    assert [rule["id"] for rule in rules] == [check["id"] for check in sample.model()["checks"]]
    assert rules[0]["shortDescription"]["text"] == first["title"]
    assert rules[0]["help"]["text"] == first["remedy"]
    assert rules[0]["defaultConfiguration"]["level"] == "error"


def test_every_listed_finding_is_a_result_of_its_rule() -> None:
    results = [r for r in SAMPLE["results"] if r["ruleId"] == "CERT-001"]
    found = sample.model()["checks"][0]["findings"]

    assert [r["kind"] for r in results] == [KINDS[f["outcome"]] for f in found]
    assert {r["ruleIndex"] for r in results} == {0}
    assert results[0]["message"]["text"] == f"component {found[0]['subject_id']}: {found[0]['reason']}"


def test_only_what_fails_has_a_level() -> None:
    assert {r["level"] == "none" for r in SAMPLE["results"] if r["kind"] != "fail"} == {True}
    assert {r["level"] for r in SAMPLE["results"] if r["kind"] == "fail"} <= {"error", "warning", "note"}


def test_a_check_without_findings_is_one_result_that_passes_or_does_not_apply() -> None:
    by_rule = {r["ruleId"]: r["kind"] for r in SAMPLE["results"] if "locations" not in r}
    want = {"pass": "pass", "not_applicable": "notApplicable"}

    assert by_rule == {c["id"]: want[c["outcome"]] for c in sample.model()["checks"] if c["outcome"] in want}


def test_findings_that_are_not_listed_leave_a_result_and_a_note() -> None:
    model = sample.model(listed=0)
    got = run(model)
    notes = [n["message"]["text"] for n in got["invocations"][0]["toolExecutionNotifications"]]

    assert {r["ruleId"] for r in got["results"]} == {
        c["id"] for c in model["checks"] if c["outcome"] != "error"
    }
    assert any(note.startswith("40 further findings not listed here") for note in notes)


def test_a_check_that_did_not_finish_makes_the_run_unsuccessful_and_is_no_result() -> None:
    told = SAMPLE["invocations"][0]
    errors = [n for n in told["toolExecutionNotifications"] if n["level"] == "error"]

    assert told["executionSuccessful"] is False
    assert [n["associatedRule"]["id"] for n in errors] == ["STAFF-004"]
    assert "STAFF-004" not in {r["ruleId"] for r in SAMPLE["results"]}
    assert run(MODELS["fine"])["invocations"][0]["executionSuccessful"] is True


def test_a_finding_stands_at_its_file_and_line_below_the_networks_folder() -> None:
    result = SAMPLE["results"][0]
    place = result["locations"][0]["physicalLocation"]

    assert place["artifactLocation"] == {"uri": "component.csv", "uriBaseId": "NETWORK", "index": 0}
    assert place["region"] == {"startLine": 2}
    assert SAMPLE["artifacts"][0]["hashes"] == {"sha-256": sample.digest("component")}
    assert result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "component/C-00000"


def test_a_row_of_parquet_is_no_line_of_text() -> None:
    model = sample.model(listed=1)
    model["checks"][0]["findings"][0]["source"]["file"] = "component/part 1.parquet"
    place = run(model)["results"][0]["locations"][0]

    assert place["physicalLocation"]["artifactLocation"]["uri"] == "component/part%201.parquet"
    assert "region" not in place["physicalLocation"]
    assert place["properties"] == {"row": 2}


def test_a_finding_without_a_row_has_a_logical_place_only() -> None:
    places = [r["locations"][0] for r in SAMPLE["results"] if r["ruleId"] == "DIV-001"]

    assert places
    assert all(set(place) == {"logicalLocations"} for place in places)


@pytest.mark.parametrize("file", ["../x", "a b", "ü\ud800\x00", "//evil.example/x", "javascript:1"])
def test_a_files_name_stays_a_relative_reference(file: str) -> None:
    got = uri(file)

    assert got.isascii()
    assert ":" not in got.split("/")[0]


def test_the_fingerprint_stays_when_reason_and_line_change() -> None:
    finding = sample.model()["checks"][0]["findings"][0]
    moved = copy.deepcopy(finding) | {"reason": "other", "source": None, "outcome": "no_evidence"}

    assert fingerprint(moved, "CERT-001") == fingerprint(finding, "CERT-001")
    assert fingerprint(finding, "CERT-002") != fingerprint(finding, "CERT-001")
    assert fingerprint(finding | {"subject_id": "x"}, "CERT-001") != fingerprint(finding, "CERT-001")


def test_two_findings_share_a_fingerprint_only_when_check_and_subject_are_the_same() -> None:
    named: dict[str, set[tuple[str, str]]] = {}
    for result in SAMPLE["results"]:
        where = result.get("locations", [{"logicalLocations": [{"fullyQualifiedName": ""}]}])[0]
        name = (result["ruleId"], where["logicalLocations"][0]["fullyQualifiedName"])
        named.setdefault(result["partialFingerprints"]["netproof/v1"], set()).add(name)

    assert {len(names) for names in named.values()} == {1}
    assert len(set.union(*named.values())) == len(named)


def test_a_waiver_suppresses_its_result_and_every_other_says_that_it_is_not() -> None:
    results = run(MODELS["waived"])["results"]
    first = results[0]["suppressions"]

    assert first == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": "accepted until 2027-03-31 by network operations: spare part is ordered",
        }
    ]
    assert {len(r["suppressions"]) for r in results if r["ruleId"] == "CERT-002"} == {1}
    assert all("suppressions" in r for r in results)
    assert not any("suppressions" in r for r in SAMPLE["results"])


def test_catalogues_are_taxonomies_with_the_outcome_of_each_requirement() -> None:
    got = run(MODELS["waived"])
    taxa = {taxon["id"]: taxon["properties"] for taxon in got["taxonomies"][0]["taxa"]}

    assert taxa["A2-6"]["outcome"] == "error"
    assert taxa["M-1"]["answer"].startswith("answered met by security officer on 2026-09-30")
    assert got["tool"]["driver"]["rules"][0]["relationships"][0]["target"] == {
        "id": "A2-2",
        "toolComponent": {"name": "de-tkg-2.0", "index": 0},
    }


def test_issues_of_the_data_are_warnings_at_their_lines() -> None:
    notes = [n for n in SAMPLE["invocations"][0]["toolExecutionNotifications"] if n["level"] == "warning"]

    assert [n["locations"][0]["physicalLocation"]["region"]["startLine"] for n in notes] == [1204, 418]


def test_no_clock_is_read() -> None:
    text = report.write(MODELS["sample"], "sarif")

    assert "startTimeUtc" not in text
    assert "endTimeUtc" not in text
