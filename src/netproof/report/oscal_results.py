"""The report as OSCAL assessment results: a finding a requirement, an observation a check.

A requirement that passes is `satisfied`; every other outcome is `not-satisfied`, with the reason
`fail`, or `other` where evidence, a person or the tool's answer is missing. What has nothing in
scope on the date is no finding but an excluded control, so that it counts as neither. There is no
assessment plan: what is imported in its place is a description of how the checks were chosen.

Source: OSCAL 1.2, model assessment-results.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netproof.report import oscal_inputs as inputs
from netproof.report import oscal_parts as parts
from netproof.report.exchange import identity, moment
from netproof.report.oscal_parts import marked, prop, props, token
from netproof.report.words import OUTCOME, accepted, basis_words, spaced, totals

if TYPE_CHECKING:
    from netproof.report.words import Model

KIND = "assessment-results"


def text(model: Model, width: int | None = None) -> str:
    """The report as an OSCAL document in JSON; `width` is not used."""
    del width
    plan = identity("plan", model["network"]["name"], model["as_of"], [c["id"] for c in model["checks"]])
    body = {
        "import-ap": {
            "href": f"#{plan}",
            "remarks": "No assessment plan was written. The resource says how the checks were chosen.",
        },
        "results": [_result(model)],
        "back-matter": {"resources": [_plan(model, plan), *inputs.resources(model), *parts.resources(model)]},
    }
    return parts.document(KIND, model, body, plan=plan)


def _plan(model: Model, uuid: str) -> dict[str, Any]:
    """The resource that stands for the plan."""
    asked = ", ".join(f"{marked(c['id'])} ({marked(c['title'])})" for c in model["catalogues"])
    return {
        "uuid": uuid,
        "title": "How the checks were chosen",
        "description": f"Every check that a requirement of these catalogues asks for: {asked or 'none'}; "
        "and the network's own checks. Each check is one query with its scope; all ran over the same tables.",
        "props": [prop("check-id", check["id"]) for check in model["checks"]]
        or [prop("check-id", "none", remarks="No check was asked for.")],
    }


def _result(model: Model) -> dict[str, Any]:
    """The one set of results."""
    checks = {check["id"]: check for check in model["checks"]}
    findings = [
        _finding(model, catalogue, requirement, checks)
        for catalogue in model["catalogues"]
        for requirement in catalogue["requirements"]
        if requirement["outcome"] != "not_applicable"
    ]
    result = {
        "uuid": identity("result", model["network"]["name"], model["as_of"]),
        "title": f"{marked(model['network']['name'])} on {model['as_of']}",
        "description": f"{totals(model['summary']['checks'])}.",
        "links": [*parts.links(model), *inputs.links(model)],
        "start": moment(model),
        "end": moment(model),
        "local-definitions": {
            "components": [parts.network_component(model)],
            "assessment-assets": parts.platform(model),
        },
        "reviewed-controls": {"control-selections": _selections(model)},
        "observations": [parts.observation(model, check) for check in model["checks"]],
        "risks": [risk for check in model["checks"] for risk in parts.risks(model, check)],
        "findings": findings,
    }
    return {key: value for key, value in result.items() if value != []}


def _selections(model: Model) -> list[dict[str, Any]]:
    """Controls of each catalogue; those with nothing in scope are excluded, and said why."""
    chosen = []
    for catalogue in model["catalogues"]:
        selection: dict[str, Any] = {
            "description": f"{marked(catalogue['title'])}, {marked(spaced(catalogue['legal_status']))}",
            "props": props({"catalogue": catalogue["id"], "legal-status": catalogue["legal_status"]}),
        }
        ids = list(dict.fromkeys(token(one["id"]) for one in catalogue["requirements"]))
        nothing = [token(r["id"]) for r in catalogue["requirements"] if r["outcome"] == "not_applicable"]
        if not ids:
            continue
        selection["include-controls"] = [{"control-id": name} for name in ids]
        if nothing:
            selection["exclude-controls"] = [{"control-id": name} for name in dict.fromkeys(nothing)]
            selection["remarks"] = (
                "Excluded: nothing was in scope, or the requirement did not bind on the date."
            )
        if catalogue["notes"]:
            selection["props"] += [prop("note", note) for note in catalogue["notes"]]
        chosen.append(selection)
    return chosen or [{"description": "No catalogue was asked for.", "include-all": {}}]


def _finding(
    model: Model, catalogue: dict[str, Any], requirement: dict[str, Any], checks: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """The verdict on one requirement."""
    own = [checks[name] for name in requirement["checks"] if name in checks]
    outcome = requirement["outcome"]
    words = _because(requirement, own)
    status = {
        "state": "satisfied" if outcome == "pass" else "not-satisfied",
        "reason": outcome if outcome in ("pass", "fail") else "other",
        "remarks": words,
    }
    answer = requirement.get("answer")
    told = {
        "catalogue": catalogue["id"],
        "control-id": requirement["id"],
        "outcome": outcome,
        "legal-status": requirement["legal_status"],
        "valid-from": requirement["valid_from"],
        "valid-to": requirement["valid_to"],
    }
    if isinstance(answer, dict):
        keys = ("answer", "role", "answered_on", "valid_to", "document")
        told |= {f"answer-{key.replace('_', '-')}": answer.get(key) for key in keys}
    finding: dict[str, Any] = {
        "uuid": identity(
            "finding", model["network"]["name"], model["as_of"], catalogue["id"], requirement["id"]
        ),
        "title": f"{marked(requirement['id'])} {marked(requirement['title'])}",
        "description": words,
        "props": props(told),
        "origins": parts.origins(),
        "target": {
            "type": "objective-id",
            "target-id": token(requirement["id"]),
            "title": marked(requirement["title"]),
            "status": status,
        },
    }
    if own:
        finding["related-observations"] = [
            {"observation-uuid": parts.observation_uuid(model, check)} for check in own
        ]
    # What is open of a check of a requirement that passes counts for another catalogue only.
    related = [
        risk
        for check in own
        for risk in parts.risks(model, check)
        if outcome != "pass" or risk["status"] != "open"
    ]
    if related:
        finding["related-risks"] = [{"risk-uuid": risk["uuid"]} for risk in related]
    return finding


def _because(requirement: dict[str, Any], own: list[dict[str, Any]]) -> str:
    """Why a requirement has its outcome: each check that does not pass, the answer, the reason."""
    words = [f"{OUTCOME[requirement['outcome']]}."]
    words += [
        f"{marked(check['id'])}: {OUTCOME[check['outcome']]}."
        for check in own
        if requirement["outcome"] != "pass" and check["outcome"] not in parts.FINE
    ]
    words += [
        f"{marked(check['id'])}: {accepted(check['counts'])}." for check in own if accepted(check["counts"])
    ]
    words += [f"{marked(told)}." for told in basis_words(requirement)]
    return " ".join(words)
