"""OSCAL: a verdict a requirement, an observation a check, and every reference leads somewhere."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest

from netproof import report
from netproof.report.oscal_parts import marked, token
from tests.unit.report import sample
from tests.unit.report.tool_models import MODELS

KINDS = {"oscal": "assessment-results", "poam": "plan-of-action-and-milestones"}


def document(model: dict[str, Any], format_: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(report.write(model, format_))[KINDS[format_]]
    return found


def result(model: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document(model, "oscal")["results"][0]
    return found


def prop(thing: dict[str, Any], name: str) -> str | None:
    return next((p["value"] for p in thing["props"] if p["name"] == name), None)


def walk(value: Any) -> list[tuple[str, Any]]:
    """Every key with its value, at any depth."""
    if isinstance(value, dict):
        return [pair for key, inner in value.items() for pair in [(key, inner), *walk(inner)]]
    return [pair for item in value for pair in walk(item)] if isinstance(value, list) else []


@pytest.mark.parametrize("format_", KINDS)
@pytest.mark.parametrize("name", MODELS)
def test_uuids_are_unique_and_every_reference_leads_to_one(name: str, format_: str) -> None:
    told = walk(json.loads(report.write(MODELS[name], format_)))
    own = [value for key, value in told if key == "uuid"]
    asked = {value for key, value in told if key.endswith("-uuid")}
    asked |= {value[1:] for key, value in told if key == "href" and value.startswith("#")}

    assert len(set(own)) == len(own)
    assert asked <= set(own)
    assert all(uuid[14] == "5" for uuid in own)


@pytest.mark.parametrize("format_", KINDS)
def test_the_documents_uuid_follows_its_content(format_: str) -> None:
    model = sample.model()
    first = document(model, format_)["uuid"]
    model["checks"][0]["remedy"] = "Do something else."

    assert document(model, format_)["uuid"] != first


def test_there_is_one_observation_a_check_and_none_a_row() -> None:
    model = MODELS["attached"]

    got = [prop(one, "check-id") for one in result(model)["observations"]]

    assert got == [check["id"] for check in model["checks"]]


def test_an_observation_counts_its_scope_and_tells_the_stories() -> None:
    seen = result(MODELS["sample"])["observations"][0]

    assert [prop(seen, name) for name in ("outcome", "in-scope", "fail", "no-evidence")] == [
        "fail",
        "412",
        "31",
        "9",
    ]
    assert seen["description"].splitlines()[:3] == [
        "fail: 31 of 412 components, 9 without evidence",
        "",
        "- 15 × fail: certificate … expired on …, such as C-00007",
    ]
    assert prop(result(MODELS["sample"])["observations"][2], "parameter-days") == "180"


@pytest.mark.parametrize(
    ("outcome", "state", "reason"),
    [
        ("pass", "satisfied", "pass"),
        ("fail", "not-satisfied", "fail"),
        ("no_evidence", "not-satisfied", "other"),
        ("needs_review", "not-satisfied", "other"),
        ("error", "not-satisfied", "other"),
    ],
)
def test_only_what_passes_is_satisfied(outcome: str, state: str, reason: str) -> None:
    model = sample.model()
    model["catalogues"][0]["requirements"][0]["outcome"] = outcome
    finding = result(model)["findings"][0]
    status = finding["target"]["status"]

    assert (status["state"], status["reason"]) == (state, reason)
    assert prop(finding, "outcome") == outcome
    assert finding["target"]["target-id"] == "A2-2"


def test_a_requirement_that_passes_bears_no_risk_that_counts_for_another_catalogue_only() -> None:
    model = copy.deepcopy(MODELS["waived"])
    reason = "30 further findings of its checks count for other catalogues only"
    model["catalogues"][0]["requirements"][0] |= {"outcome": "pass", "reason": reason}
    told = result(model)
    finding = told["findings"][0]
    status = {risk["uuid"]: risk["status"] for risk in told["risks"]}

    assert {status[one["risk-uuid"]] for one in finding["related-risks"]} == {"deviation-approved"}
    assert "CERT-001: fail" not in finding["description"]
    assert reason in finding["description"]


def test_what_has_nothing_in_scope_is_an_excluded_control_and_no_finding() -> None:
    told = result(MODELS["fine"])
    selection = told["reviewed-controls"]["control-selections"][0]

    assert [one["control-id"] for one in selection["exclude-controls"]] == ["A2-8"]
    assert "A2-8" not in {finding["target"]["target-id"] for finding in told["findings"]}
    assert {finding["target"]["status"]["state"] for finding in told["findings"]} == {"satisfied"}


def test_each_catalogue_is_a_selection_of_its_controls() -> None:
    model = sample.model()
    model["catalogues"].append(
        copy.deepcopy(model["catalogues"][0]) | {"id": "draft", "legal_status": "draft"}
    )
    selections = result(model)["reviewed-controls"]["control-selections"]

    assert [prop(one, "catalogue") for one in selections] == ["de-tkg-2.0", "draft"]
    assert [prop(one, "legal-status") for one in selections] == ["in_force", "draft"]
    assert len(selections[0]["include-controls"]) == 7
    assert len(result(model)["findings"]) == 14


def test_a_check_that_fails_is_an_open_risk_with_its_remedy() -> None:
    model = MODELS["sample"]
    risks = result(model)["risks"]
    failing = [check for check in model["checks"] if check["outcome"] == "fail"]

    assert [prop(risk, "check-id") for risk in risks] == [check["id"] for check in failing]
    assert {risk["status"] for risk in risks} == {"open"}
    assert risks[0]["remediations"][0]["description"] == failing[0]["remedy"]
    assert risks[0]["characterizations"][0]["facets"][0]["value"] == "high"


def test_what_was_accepted_is_a_risk_of_its_own_with_the_end_as_deadline() -> None:
    risks = [(prop(r, "check-id"), r["status"], r.get("deadline")) for r in result(MODELS["waived"])["risks"]]

    assert risks[:3] == [
        ("CERT-001", "open", None),
        ("CERT-001", "deviation-approved", "2027-03-31T00:00:00Z"),
        ("CERT-002", "deviation-approved", "2027-03-31T00:00:00Z"),
    ]


def test_an_answer_stands_in_the_finding() -> None:
    findings = {finding["target"]["target-id"]: finding for finding in result(MODELS["waived"])["findings"]}

    assert prop(findings["M-1"], "answer-role") == "security officer"
    assert prop(findings["M-1"], "answer-document") == "concept.pdf"
    assert "related-observations" not in findings["M-2"]
    assert "no check answers this from tables; a person must." in findings["M-2"]["description"]


@pytest.mark.parametrize("format_", KINDS)
def test_the_attached_rows_are_a_resource_with_their_digest(format_: str) -> None:
    told = document(MODELS["attached"], format_)
    resource = told["back-matter"]["resources"][-1]
    seen = (told["results"][0] if format_ == "oscal" else told)["observations"][0]

    assert resource["rlinks"] == [
        {
            "href": "out.findings.parquet",
            "media-type": "application/vnd.apache.parquet",
            "hashes": [{"algorithm": "SHA-256", "value": "ab" * 32}],
        }
    ]
    assert seen["relevant-evidence"][0]["href"] == f"#{resource['uuid']}"


def test_a_plan_has_an_item_a_check_that_does_not_pass_the_worst_first() -> None:
    model = MODELS["sample"]
    items = document(model, "poam")["poam-items"]
    outcomes = [prop(item, "outcome") or "" for item in items]

    assert {prop(item, "check-id") for item in items} == {
        check["id"] for check in model["checks"] if check["outcome"] not in ("pass", "not_applicable")
    }
    assert outcomes == sorted(outcomes, key=sample.OUTCOMES.index)
    assert [
        item["title"].split(":")[0] for item in items if prop(item, "check-id") in ("CERT-001", "INT-004")
    ] == [
        "Repair",
        "Collect evidence",
    ]


def test_only_what_fails_has_a_risk_in_the_plan() -> None:
    items = document(MODELS["sample"], "poam")["poam-items"]

    assert {("related-risks" in item) == (prop(item, "outcome") == "fail") for item in items} == {True}


def test_an_item_names_the_controls_that_ask_for_it() -> None:
    item = next(
        i for i in document(MODELS["sample"], "poam")["poam-items"] if prop(i, "check-id") == "CERT-001"
    )

    assert [(p["value"], p["remarks"]) for p in item["props"] if p["name"] == "control-id"] == [
        ("A2-2", "de-tkg-2.0")
    ]


def test_a_plan_with_nothing_to_do_says_so() -> None:
    assert [item["title"] for item in document(MODELS["fine"], "poam")["poam-items"]] == ["Nothing to do"]


@pytest.mark.parametrize("format_", KINDS)
def test_every_time_is_midnight_of_a_date(format_: str) -> None:
    times = re.findall(r"\d{4}-\d{2}-\d{2}T[^\"]+", report.write(MODELS["waived"], format_))

    assert set(times) == {"2026-11-01T00:00:00Z", "2027-03-31T00:00:00Z"}


@pytest.mark.parametrize("name", ["A2-2", "_x", "Ä.1", "sr-3_smt", "ｘ"])
def test_a_name_that_is_a_token_stays(name: str) -> None:
    assert token(name) == name


@pytest.mark.parametrize("name", ["1a", "a b", "§ 165", "", "a/b", "\ud800", "<x>", "a" * 300 + "!"])
def test_a_name_that_is_none_becomes_one_and_two_stay_two(name: str) -> None:
    assert re.fullmatch(r"[^\W\d][\w.\-]*", token(name))
    assert len({token(name), token(name + "!"), token(name + "?")}) == 3


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("critical_component", "critical_component"),
        ("_a_ *b*", "\\_a\\_ \\*b\\*"),
        ("<script> & [x](y)", "\\<script\\> &amp; \\[x\\](y)"),
        ("{{ insert: param, a }}", "\\{\\{ insert: param, a \\}\\}"),
    ],
)
def test_markup_in_a_text_is_text(text: str, want: str) -> None:
    assert marked(text) == want


@pytest.mark.parametrize("format_", KINDS)
def test_every_file_that_was_read_is_a_resource_with_its_digest(format_: str) -> None:
    model = sample.model()
    told = {one["title"]: one for one in document(model, format_)["back-matter"]["resources"]}
    given = [table for table in model["details"]["tables"] if table["files"]]

    assert given
    for table in given:
        file = table["files"][0]
        resource = told[file["file"]]
        link = resource["rlinks"][0]
        assert link["hashes"] == [{"algorithm": "SHA-256", "value": file["sha256"]}]
        assert (link["href"], link["media-type"]) == (file["file"], "text/csv")
        assert prop(resource, "table") == table["name"]
    assert prop(told["Tables that were not given"], "table-not-given") == "dependency"


def test_a_file_of_two_tables_is_one_resource_and_one_without_digest_has_no_link() -> None:
    model = sample.model()
    model["details"]["tables"] = [
        {"name": "site", "rows": 2, "given": True, "files": [{"file": "my net.duckdb", "sha256": "ab" * 32, "rows": 2}]},
        {"name": "link", "rows": 1, "given": True, "files": [{"file": "my net.duckdb", "sha256": "ab" * 32, "rows": 1}]},
        {"name": "answer", "rows": 1, "given": True, "files": [{"file": "shipped/answer.csv", "sha256": "", "rows": 1}]},
    ]  # fmt: skip
    _, whole, shipped = document(model, "oscal")["back-matter"]["resources"]

    assert [p["value"] for p in whole["props"]] == ["site", "link"]
    assert whole["rlinks"][0]["href"] == "my%20net.duckdb"
    assert "rlinks" not in shipped
    links = [one["href"] for one in result(model)["links"] if one["rel"] == "input"]
    assert links == [f"#{whole['uuid']}", f"#{shipped['uuid']}"]
