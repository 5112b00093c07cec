"""The report as JUnit XML: what build servers read. A suite is a family of verdicts, a case is a check.

What fails and what nothing shows is a failure (its `type` says which), what did not finish an
error; what waits for a person, does not apply or was accepted is skipped, with the reason. So no
case counts as passed but one whose check passed. No duration is told: the same model gives the
same bytes. Source: the schema `junit-10.xsd` of Jenkins' xUnit plugin; JUnit itself has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from netproof.report.exchange import (
    TOOL,
    accepted,
    line,
    unlisted,
    where,
)
from netproof.report.words import OUTCOME, answer_words, basis_words, extent, number, waiver_words

if TYPE_CHECKING:
    from netproof.report.words import Model

_TAG = {"error": "error", "fail": "failure", "no_evidence": "failure"}
_PASSED = "pass"


def text(model: Model, width: int | None = None) -> str:
    """The report as one XML document; `width` is not used."""
    del width
    root = ET.Element("testsuites", name=f"{TOOL} {line(model['network']['name'])} {model['as_of']}")
    checks = {check["id"]: check for check in model["checks"]}
    for family in model["families"]:
        cases = [_check_case(checks[name]) for name in family["checks"] if name in checks]
        _suite(root, f"{family['id']}: {line(family['title'])}", cases, model)
    for catalogue in model["catalogues"]:
        asked = [one for one in catalogue["requirements"] if not one["checks"]]
        if asked:
            cases = [_requirement_case(one, line(catalogue["id"])) for one in asked]
            _suite(root, f"{line(catalogue['id'])}: answered by a person", cases, model)
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, name: str, cases: list[ET.Element], model: Model) -> None:
    """Add a suite with its counts."""
    count = {
        tag: str(sum(case.find(tag) is not None for case in cases)) for tag in ("failure", "error", "skipped")
    }
    suite = ET.SubElement(
        root,
        "testsuite",
        name=name,
        tests=str(len(cases)),
        failures=count["failure"],
        errors=count["error"],
        skipped=count["skipped"],
        timestamp=f"{model['as_of']}T00:00:00",
    )
    properties = ET.SubElement(suite, "properties")
    for key, value in (
        ("network", line(model["network"]["name"])),
        ("as_of", model["as_of"]),
        ("catalogues", ", ".join(line(catalogue["id"]) for catalogue in model["catalogues"]) or "none"),
    ):
        ET.SubElement(properties, "property", name=key, value=value)
    suite.extend(cases)


def _check_case(check: dict[str, Any]) -> ET.Element:
    """A check as a case."""
    case = ET.Element(
        "testcase",
        classname=f"{TOOL}.{line(check['verdict'])}",
        name=f"{line(check['id'])} {line(check['title'])}",
    )
    outcome = check["outcome"]
    told = line(check["message"]) if outcome == "error" else line(extent(check))
    body = "\n".join(_lines(check))
    if accepted(check):
        words = f"accepted: all that was found, {number(check['findings_total'])} of {told}"
        _result(case, "skipped", "accepted", words, body)
    elif outcome != _PASSED:
        _result(case, _TAG.get(outcome, "skipped"), outcome, f"{OUTCOME[outcome]}: {told}", body)
    elif body:
        ET.SubElement(case, "system-out").text = body
    return case


def _requirement_case(requirement: dict[str, Any], catalogue: str) -> ET.Element:
    """A requirement that no check decides as a case."""
    name = f"{line(requirement['id'])} {line(requirement['title'])}"
    case = ET.Element("testcase", classname=f"{TOOL}.{catalogue}", name=name)
    outcome, answer = requirement["outcome"], line(answer_words(requirement))
    if outcome != _PASSED:
        told = "; ".join(line(words) for words in basis_words(requirement))
        _result(case, _TAG.get(outcome, "skipped"), outcome, f"{OUTCOME[outcome]}: {told}", "")
    elif answer_words(requirement):
        ET.SubElement(case, "system-out").text = answer
    return case


def _result(case: ET.Element, tag: str, kind: str, message: str, body: str) -> None:
    """Say why a case did not pass."""
    result = ET.SubElement(case, tag, type=kind, message=message)
    if body:
        result.text = body


def _lines(check: dict[str, Any]) -> list[str]:
    """Every listed finding in a line, then what is not listed and what to do."""
    lines = []
    for finding in check["findings"]:
        place = f" ({where(finding)})" if where(finding) else ""
        given = f" [{line(waiver_words(finding))}]" if waiver_words(finding) else ""
        outcome, subject = OUTCOME[finding["outcome"]], line(finding["subject_id"])
        lines.append(f"{outcome}: {subject}: {line(finding['reason'])}{place}{given}")
    if unlisted(check):
        lines.append(unlisted(check))
    if lines and check["remedy"]:
        lines.append(f"remedy: {line(check['remedy'])}")
    return lines
