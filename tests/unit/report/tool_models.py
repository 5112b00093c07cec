"""Report models that every format for other tools is tried on."""

from __future__ import annotations

from typing import Any

from tests.unit.report import sample
from tests.unit.report.hostile import hostile
from tests.unit.report.test_as_json import empty

WAIVER = {
    "reason": "spare part is ordered",
    "owner": "network operations",
    "ends_on": "2027-03-31",
}
ANSWER = {
    "answer": "met",
    "role": "security officer",
    "answered_on": "2026-09-30",
    "valid_to": "2027-09-30",
    "document": "concept.pdf",
    "note": "",
    "counts": True,
    "reason": "a person answered",
    "source": {"file": "answer.csv", "line": 2, "sha256": "c" * 64},
}


def attached() -> dict[str, Any]:
    """Findings are capped, and all of them lie in a file beside the report."""
    model = sample.model(findings_per_check=300, listed=5)
    for check in model["checks"]:
        check["all_findings_file"] = "out.findings.parquet"
    model["details"]["findings_file"] = {
        "name": "out.findings.parquet",
        "href": "out.findings.parquet",
        "media_type": "application/vnd.apache.parquet",
        "sha256": "ab" * 32,
        "rows": 300 * len(model["checks"]),
    }
    return model


def waived() -> dict[str, Any]:
    """One finding of CERT-001 and all of CERT-002 are accepted; a person answered one of two requirements."""
    model = sample.model(listed=20)
    checks = {check["id"]: check for check in model["checks"]}
    checks["CERT-001"]["findings"][0]["waiver"] = WAIVER
    checks["CERT-001"]["findings"][1]["waiver_ended"] = {**WAIVER, "ends_on": "2026-10-31"}
    checks["CERT-001"]["counts"] |= {"fail": 30, "waived": 1}
    second = checks["CERT-002"]
    for finding in second["findings"]:
        finding["waiver"] = WAIVER
    second["counts"] |= {"fail": 0, "waived": second["findings_total"]}
    second["outcome"] = "pass"
    model["families"][0]["counts"] |= {"waived": 1 + second["findings_total"]}
    model["summary"]["findings"]["waived"] = 1 + second["findings_total"]
    first = model["catalogues"][0]["requirements"][0]
    bare = {**first, "checks": [], "prose": "The operator names a security officer."}
    model["catalogues"][0]["requirements"] += [
        {
            **bare,
            "id": "M-1",
            "title": "A security officer is named",
            "outcome": "pass",
            "reason": "a person answered",
            "answer": ANSWER,
        },
        {**bare, "id": "M-2", "title": "A security concept exists", "outcome": "needs_review"},
    ]
    return model


def fine() -> dict[str, Any]:
    """Every check passes or has nothing in scope."""
    model = sample.model()
    for check in model["checks"]:
        check |= {"findings": [], "findings_total": 0, "counts": dict.fromkeys(sample.FINDING_OUTCOMES, 0)}
        check["outcome"] = "not_applicable" if check["id"].startswith("DIV") else "pass"
    for requirement in model["catalogues"][0]["requirements"]:
        requirement["outcome"] = "not_applicable" if requirement["id"] == "A2-8" else "pass"
    for family in model["families"]:
        family["outcome"] = "pass"
    return model


def all_models() -> dict[str, dict[str, Any]]:
    """Every model, by what it is about."""
    return {
        "sample": sample.model(),
        "empty": empty(),
        "attached": attached(),
        "waived": waived(),
        "fine": fine(),
        "hostile": hostile(sample.model(listed=3)),
        "hostile, waived": hostile(waived()),
    }


MODELS = all_models()
