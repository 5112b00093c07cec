"""JUnit: only what passed counts as passed, and what did not says why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from netproof import report
from tests.unit.report import sample
from tests.unit.report.tool_models import MODELS
from tests.unit.report.workbook import parsed

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET


def root(model: dict[str, Any]) -> ET.Element:
    return parsed(report.write(model, "junit"))


def case(model: dict[str, Any], name: str) -> ET.Element:
    return next(c for c in root(model).iter("testcase") if c.get("name", "").startswith(name))


@pytest.mark.parametrize(
    ("check", "tag", "kind", "message"),
    [
        ("CERT-001", "failure", "fail", "fail: 31 of 412 components"),
        ("TRUST-002", "failure", "no_evidence", "no evidence: 1 of 4 suppliers"),
        ("CERT-003", "skipped", "needs_review", "needs review: 5 of 38 certificates"),
        ("STAFF-004", "error", "error", "did not finish: stopped after 60 s: the time limit of a check"),
        ("DIV-004", "skipped", "not_applicable", "not applicable: no critical functions in scope"),
    ],
)
def test_an_outcome_has_its_element(check: str, tag: str, kind: str, message: str) -> None:
    got = case(MODELS["sample"], check)[0]

    assert (got.tag, got.get("type"), got.get("message")) == (tag, kind, message)


def test_a_check_that_passes_has_no_element() -> None:
    assert len(case(MODELS["sample"], "CERT-005")) == 0


def test_a_suite_is_a_family_and_counts_its_cases() -> None:
    tree = root(MODELS["sample"])
    checks = sample.model()["checks"]

    assert [suite.get("name", "").split(":")[0] for suite in tree] == [
        *("certified", "paperwork", "restricted", "operation"),
    ]
    assert int(tree.get("tests", "")) == len(checks) == len(list(tree.iter("testcase")))
    for suite in tree:
        for tag, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert int(suite.get(count, "")) == len(list(suite.iter(tag)))
    for count in ("tests", "failures", "errors"):
        assert int(tree.get(count, "")) == sum(int(suite.get(count, "")) for suite in tree)


def test_only_checks_that_pass_are_neither_failed_nor_skipped() -> None:
    clean = {c.get("name", "").split()[0] for c in root(MODELS["sample"]).iter("testcase") if len(c) == 0}

    assert clean == {check["id"] for check in sample.model()["checks"] if check["outcome"] == "pass"}


def test_a_failure_lists_findings_with_their_rows() -> None:
    text = case(MODELS["sample"], "CERT-001")[0].text or ""

    assert text.splitlines()[0] == "fail: C-00000: product covered, but not version 22.1.0 (component.csv:2)"
    assert "remedy: Ask the supplier" in text.splitlines()[-1]


def test_a_check_whose_findings_are_all_accepted_is_skipped_with_the_waiver() -> None:
    got = case(MODELS["waived"], "CERT-002")[0]

    assert (got.tag, got.get("type")) == ("skipped", "accepted")
    assert "[accepted until 2027-03-31 by network operations: spare part is ordered]" in (got.text or "")
    assert case(MODELS["waived"], "CERT-001")[0].tag == "failure"


def test_what_a_person_answers_has_a_suite_of_its_own() -> None:
    suite = root(MODELS["waived"])[-1]
    first, second = suite.findall("testcase")

    assert suite.get("name") == "de-tkg-2.0: answered by a person"
    assert [child.tag for child in first] == ["system-out"]
    assert second[0].get("message") == "needs review: no check answers this from tables; a person must"


def test_no_duration_and_no_hour_is_told() -> None:
    for element in root(MODELS["sample"]).iter():
        assert "time" not in element.attrib
    assert root(MODELS["sample"])[0].get("timestamp") == "2026-11-01T00:00:00"
