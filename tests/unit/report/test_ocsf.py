"""OCSF: an event a requirement, so that an importer which keeps the last result keeps the right one."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from netproof import report
from tests.unit.report import sample
from tests.unit.report.tool_models import MODELS


def events(model: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(report.write(model, "ocsf"))
    return found


def by_control(model: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {event["compliance"]["control"]: event for event in events(model)}


def kept(told: list[dict[str, Any]]) -> dict[str, str]:
    """What an importer keeps that reads the array in order and knows a requirement by its id alone.

    So does CISO Assistant's posture import: it skips other classes and suppressed events, takes
    the status, and the last of two results for one requirement replaces the first.
    """
    words = {"pass": "pass", "fail": "fail", "warning": "not_checked", "unknown": "not_checked"}
    numbers = {1: "pass", 2: "not_checked", 3: "fail", 99: "not_checked"}
    found = {}
    for event in told:
        if event["class_uid"] != 2003 or event["status"].lower() == "suppressed":
            continue
        compliance = event["compliance"]
        result = words.get(compliance["status"].lower()) or numbers.get(compliance["status_id"])
        assert result
        for reference in compliance.get("requirements", []):
            found[reference] = result
    return found


def test_an_importer_that_keeps_the_last_result_keeps_each_requirements_own() -> None:
    model = MODELS["sample"]
    want = {"fail": "fail", "pass": "pass", "error": "not_checked"}

    got = kept(events(model))

    assert got == {r["id"]: want[r["outcome"]] for r in model["catalogues"][0]["requirements"]}


def test_where_two_catalogues_share_a_number_a_failure_is_never_replaced() -> None:
    model = sample.model()
    second = copy.deepcopy(model["catalogues"][0]) | {"id": "other"}
    for requirement in second["requirements"]:
        requirement["outcome"] = "error"
    model["catalogues"].append(second)

    got = kept(events(model))

    assert got["A2-2"] == "fail"
    assert got["A2-6"] == "not_checked"
    assert len(events(model)) == 2 * 7 + 2


def test_every_outcome_has_a_status_and_only_pass_is_pass() -> None:
    model = sample.model()
    requirement = model["catalogues"][0]["requirements"][0]
    got = {}
    for outcome in sample.OUTCOMES:
        requirement["outcome"] = outcome
        compliance = by_control(model)["A2-2"]["compliance"]
        got[outcome] = (compliance["status"], compliance["status_id"], compliance["status_code"])

    assert got == {
        "error": ("Unknown", 0, "error"),
        "fail": ("Fail", 3, "fail"),
        "no_evidence": ("Unknown", 0, "no_evidence"),
        "needs_review": ("Warning", 2, "needs_review"),
        "pass": ("Pass", 1, "pass"),
        "not_applicable": ("Other", 99, "not_applicable"),
    }


def test_a_check_that_no_requirement_asks_for_has_an_event_without_a_requirement() -> None:
    event = by_control(MODELS["sample"])["RES-001"]

    assert "requirements" not in event["compliance"]
    assert event["compliance"]["checks"][0]["uid"] == "RES-001"


def test_an_event_tells_its_checks_and_why() -> None:
    event = by_control(MODELS["sample"])["A2-2"]

    assert [check["uid"] for check in event["compliance"]["checks"]] == [
        *("CERT-001", "CERT-002", "CERT-003", "CERT-004", "CERT-005"),
    ]
    assert event["compliance"]["status_details"][0] == "CERT-001 fail: 31 of 412 components."
    assert event["message"].startswith(
        "A2-2 Critical components are certified: fail. CERT-001 fail: 31 of 412"
    )
    assert event["severity_id"] == 4
    assert "CERT-001: Ask the supplier" in event["remediation"]["desc"]


def test_a_subject_is_one_resource_with_all_that_was_found_of_it() -> None:
    event = by_control(MODELS["sample"])["A2-2"]
    resource = next(one for one in event["resources"] if one["uid"] == "C-00000")

    uids = [(one["type"], one["uid"]) for one in event["resources"]]
    assert len(set(uids)) == len(uids)
    assert {told["check"] for told in resource["data"]["findings"]} >= {"CERT-001", "CERT-002"}
    assert resource["data"]["findings"][0]["source"] == "component.csv:2"


def test_time_is_midnight_of_the_date_and_the_finding_keeps_its_identity_over_dates() -> None:
    later = sample.model() | {"as_of": "2027-01-01"}
    first, second = by_control(MODELS["sample"])["A2-2"], by_control(later)["A2-2"]

    assert first["time"] == 1793491200000
    assert first["finding_info"]["uid"] == second["finding_info"]["uid"]
    assert first["metadata"]["uid"] != second["metadata"]["uid"]


def test_what_was_accepted_is_told_and_no_event_is_suppressed() -> None:
    event = by_control(MODELS["waived"])["A2-2"]
    told = [one for resource in event["resources"] for one in resource["data"]["findings"] if "waiver" in one]

    assert {event["status"] for event in events(MODELS["waived"])} == {"New"}
    assert "CERT-002: 6 accepted." in event["compliance"]["status_details"]
    assert {one["check"] for one in told} == {"CERT-001", "CERT-002"}


@pytest.mark.parametrize("outcome", ["pass", "not_applicable"])
def test_what_passes_for_its_catalogue_bears_nothing_of_what_its_checks_found_for_others(
    outcome: str,
) -> None:
    model = copy.deepcopy(MODELS["waived"])
    requirement = model["catalogues"][0]["requirements"][0]
    requirement |= {
        "outcome": outcome,
        "reason": "30 further findings of its checks count for other catalogues only",
    }
    event = by_control(model)["A2-2"]
    named = [told for resource in event["resources"] for told in resource["data"]["findings"]]

    assert event["severity_id"] == 1
    assert "remediation" not in event
    assert event["compliance"]["status_details"] == [
        "30 further findings of its checks count for other catalogues only.",
        "CERT-001: 1 accepted.",
        "CERT-002: 6 accepted.",
    ]
    assert all("waiver" in told for told in named)


def test_a_persons_answer_and_its_absence_are_told() -> None:
    told = by_control(MODELS["waived"])

    assert told["M-1"]["message"].startswith(
        "M-1 A security officer is named: pass. answered met by security officer on 2026-09-30"
    )
    assert "no check answers this from tables; a person must." in told["M-2"]["message"]
