"""The report as SARIF 2.1.0: what code scanners' viewers read. Rules are checks, results are findings.

An outcome is a result's `kind`: fail, open (no evidence), review, pass, notApplicable; only what
fails has a level. A check that did not finish is no result but a notification, and the invocation
says that it was not successful. Catalogues are taxonomies. Source: OASIS SARIF 2.1.0, section 3.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from netproof import __version__
from netproof.report.exchange import (
    TOOL,
    as_json,
    counts,
    identity,
    line,
    requirements_of,
    unlisted,
    waiver,
)
from netproof.report.words import WORST_FIRST, answer_words, extent, waiver_words

if TYPE_CHECKING:
    from netproof.report.words import Model

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
KIND: Final = {
    "fail": "fail",
    "no_evidence": "open",
    "needs_review": "review",
    "pass": "pass",
    "not_applicable": "notApplicable",
}
"""An outcome as SARIF's kind of result. `open`: evaluated, and too little is known to decide."""
LEVEL: Final = {"high": "error", "medium": "warning", "low": "note"}
_TEXT_FILES = (".csv", ".toml")


def text(model: Model, width: int | None = None) -> str:
    """The report as one SARIF log with one run; `width` is not used."""
    del width
    return as_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(model)]})


def uri(file: str) -> str:
    """A file of the network as a URI reference relative to its folder."""
    return quote(line(file), safe="/")


def fingerprint(finding: dict[str, Any], check_id: str) -> str:
    """What stays the same of a finding when its reason or its line changes: check, table and subject."""
    named = json.dumps([check_id, finding["subject_table"], finding["subject_id"]])
    return hashlib.sha256(named.encode("ascii")).hexdigest()


def _run(model: Model) -> dict[str, Any]:
    """The one run of the log."""
    network = line(model["network"]["name"])
    artifacts = _artifacts(model)
    results = [
        result
        for place, check in enumerate(model["checks"])
        for result in _results(check, place, list(artifacts))
    ]
    if any(result.get("suppressions") for result in results):
        for result in results:  # 3.27.23: all results of a run have the property, or none
            result.setdefault("suppressions", [])
    return {
        "tool": {"driver": _driver(model)},
        "automationDetails": {
            "id": f"{TOOL}/{quote(network, safe='')}/{model['as_of']}",
            "guid": identity("sarif run", model["network"]["name"], model["as_of"]),
            "description": {"text": f"{network}, checked for {model['as_of']}"},
        },
        "invocations": [_invocation(model)],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"NETWORK": {"description": {"text": "The folder of the network."}}},
        "artifacts": list(artifacts.values()),
        "taxonomies": [_taxonomy(catalogue) for catalogue in model["catalogues"]],
        "results": results,
        "properties": {"asOf": model["as_of"], "network": network, "summary": _summary(model)},
    }


def _summary(model: Model) -> dict[str, dict[str, int]]:
    """The counts of the whole assessment, always in the same order."""
    told = model["summary"]
    return {
        kind: {word: told[kind][word] for word in (*WORST_FIRST, "waived") if word in told[kind]}
        for kind in ("requirements", "checks", "findings")
    }


def _driver(model: Model) -> dict[str, Any]:
    """The tool and its rules."""
    asked = requirements_of(model)
    names = [catalogue["id"] for catalogue in model["catalogues"]]
    rules = []
    for check in model["checks"]:
        url = next((s["url"] for s in check["sources"] if re.match(r"https?://[^\s]+$", s["url"])), "")
        rule: dict[str, Any] = {
            "id": line(check["id"]),
            "guid": identity("check", check["id"]),
            "shortDescription": {"text": line(check["title"])},
            "fullDescription": {"text": line(check["motivation"])},
            "help": {"text": line(check["remedy"])},
            "defaultConfiguration": {"level": LEVEL.get(check["severity"], "warning")},
            "properties": {
                "tags": [line(check["verdict"]), line(check["severity"])],
                "outcome": check["outcome"],
                "inScope": check["in_scope"],
                "counts": counts(check),
                "parameters": {line(p["name"]): p["value"] for p in check["parameters"]},
            },
        }
        if url:
            rule["helpUri"] = quote(url, safe=":/?#[]@!$&'()*+,;=%~", errors="replace")
        if asked[check["id"]]:
            rule["relationships"] = [
                {
                    "target": {
                        "id": line(requirement["id"]),
                        "toolComponent": {
                            "name": line(catalogue["id"]),
                            "index": names.index(catalogue["id"]),
                        },
                    },
                    "kinds": ["relevant"],
                }
                for catalogue, requirement in asked[check["id"]]
            ]
        rules.append(rule)
    return {
        "name": TOOL,
        "version": __version__,
        "semanticVersion": __version__,
        "rules": rules,
        "supportedTaxonomies": [{"name": line(name), "index": at} for at, name in enumerate(names)],
    }


def _taxonomy(catalogue: dict[str, Any]) -> dict[str, Any]:
    """A catalogue with the outcome of each requirement."""
    taxa = []
    for requirement in catalogue["requirements"]:
        properties = {
            "outcome": requirement["outcome"],
            "legalStatus": requirement["legal_status"],
            "validFrom": requirement["valid_from"],
            "validTo": requirement["valid_to"],
            "answer": answer_words(requirement),
        }
        taxa.append(
            {
                "id": line(requirement["id"]),
                "shortDescription": {"text": line(requirement["title"])},
                "properties": {key: value for key, value in properties.items() if value},
            }
        )
    return {
        "name": line(catalogue["id"]),
        "version": line(catalogue["version"]),
        "shortDescription": {"text": line(catalogue["title"])},
        "taxa": taxa,
        "properties": {"legalStatus": catalogue["legal_status"]},
    }


def _artifacts(model: Model) -> dict[str, dict[str, Any]]:
    """Every file that a finding names, with its digest, in the order of the findings."""
    files: dict[str, dict[str, Any]] = {}
    for check in model["checks"]:
        for finding in check["findings"]:
            source = finding["source"]
            if source and source["file"] not in files:
                files[source["file"]] = {"location": {"uri": uri(source["file"]), "uriBaseId": "NETWORK"}}
                if re.fullmatch(r"[0-9a-f]{64}", source["sha256"] or ""):
                    files[source["file"]]["hashes"] = {"sha-256": source["sha256"]}
    return files


def _results(check: dict[str, Any], place: int, files: list[str]) -> list[dict[str, Any]]:
    """Results of one check: one a finding; one for the check where none is listed and it has an answer."""
    rule = {"ruleId": line(check["id"]), "ruleIndex": place}
    if check["findings"]:
        return [rule | _finding(finding, check, files) for finding in check["findings"]]
    if check["outcome"] == "error":
        return []
    title = line(check["title"])
    kind = KIND[check["outcome"]]
    result = {"kind": kind, "level": _level(kind, check), "message": {"text": f"{title}: {extent(check)}"}}
    result["partialFingerprints"] = {
        "netproof/v1": fingerprint({"subject_table": "", "subject_id": ""}, check["id"])
    }
    return [rule | result]


def _level(kind: str, check: dict[str, Any]) -> str:
    """The level; 3.27.10: whatever does not fail has none."""
    return LEVEL.get(check["severity"], "warning") if kind == "fail" else "none"


def _finding(finding: dict[str, Any], check: dict[str, Any], files: list[str]) -> dict[str, Any]:
    """One finding as a result, without its rule."""
    kind = KIND[finding["outcome"]]
    told = f"; {line(waiver_words(finding))}" if finding.get("waiver_ended") else ""
    table, subject = line(finding["subject_table"]), line(finding["subject_id"])
    logical = {"name": subject, "fullyQualifiedName": f"{table}/{subject}", "kind": table}
    location: dict[str, Any] = {"logicalLocations": [logical]}
    source = finding["source"]
    if source:
        artifact = {"uri": uri(source["file"]), "uriBaseId": "NETWORK", "index": files.index(source["file"])}
        location = {"physicalLocation": {"artifactLocation": artifact}, **location}
        if source["line"] and source["file"].endswith(_TEXT_FILES):
            location["physicalLocation"]["region"] = {"startLine": source["line"]}
        elif source["line"]:  # a row of Parquet is no line of text
            location["properties"] = {"row": source["line"]}
    result: dict[str, Any] = {
        "kind": kind,
        "level": _level(kind, check),
        "message": {"text": f"{table} {subject}: {line(finding['reason'])}{told}"},
        "locations": [location],
        "partialFingerprints": {"netproof/v1": fingerprint(finding, check["id"])},
    }
    if waiver(finding):
        words = line(waiver_words(finding))
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": words}]
    return result


def _invocation(model: Model) -> dict[str, Any]:
    """Whether every check finished, and what else is to be known about the run."""
    notes: list[dict[str, Any]] = []
    for place, check in enumerate(model["checks"]):
        rule = {"id": line(check["id"]), "index": place}
        if check["outcome"] == "error":
            words = f"{line(check['id'])} did not finish: {line(check['message'])}"
            notes.append({"level": "error", "message": {"text": words}, "associatedRule": rule})
        if unlisted(check):
            notes.append(
                {"level": "note", "message": {"text": unlisted(check)}, "associatedRule": rule},
            )
    for issue in model["import_issues"]["examples"]:
        column = f", column {line(issue['column'])}" if issue["column"] else ""
        words = f"expected {line(issue['expected'])}, got {line(issue['got'])}{column}"
        notes.append(_issue(words, issue))
    notes += [_issue(line(issue["message"]), issue) for issue in model["data_issues"]["examples"]]
    return {
        "executionSuccessful": all(check["outcome"] != "error" for check in model["checks"]),
        "toolExecutionNotifications": notes,
    }


def _issue(words: str, issue: dict[str, Any]) -> dict[str, Any]:
    """Something wrong with the data that was read."""
    told: dict[str, Any] = {"level": "warning", "message": {"text": words}}
    if issue["file"]:
        place: dict[str, Any] = {"artifactLocation": {"uri": uri(issue["file"]), "uriBaseId": "NETWORK"}}
        if issue["line"] and issue["file"].endswith(_TEXT_FILES):
            place["region"] = {"startLine": issue["line"]}
        told["locations"] = [{"physicalLocation": place}]
    return told
