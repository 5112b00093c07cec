"""The report as an OSCAL plan of action and milestones: one item for each check that does not pass.

A check that fails is an item with its risk and its remedy. One that lacks evidence, needs a person
or did not finish is an item too, without a risk: something is to be done, but nothing is shown to
be wrong. So is one of which something was accepted, until the waiver ends. The worst stand first.
OSCAL asks for at least one item; where nothing is to be done, the one item says so.

Source: OSCAL 1.2, model plan-of-action-and-milestones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from netproof.catalogue.control import NAMESPACE
from netproof.report import oscal_inputs as inputs
from netproof.report import oscal_parts as parts
from netproof.report.exchange import identity, line, requirements_of
from netproof.report.oscal_parts import marked, prop, props
from netproof.report.words import SEVERITY_ORDER, besides, extent, rank

if TYPE_CHECKING:
    from netproof.report.words import Model

KIND = "plan-of-action-and-milestones"
_TO_DO: Final = {
    "error": "Find out why the check did not finish",
    "fail": "Repair",
    "no_evidence": "Collect evidence",
    "needs_review": "Decide",
    "pass": "Accepted",
    "not_applicable": "Accepted",
}


def text(model: Model, width: int | None = None) -> str:
    """The report as an OSCAL document in JSON; `width` is not used."""
    del width
    asked = requirements_of(model)
    checks = sorted(
        (c for c in model["checks"] if c["outcome"] not in parts.FINE or c["counts"].get("waived")),
        key=lambda one: (rank(one["outcome"]), SEVERITY_ORDER.get(one["severity"], 0)),
    )
    body: dict[str, Any] = {
        "system-id": {"identifier-type": NAMESPACE, "id": line(model["network"]["name"])},
        "local-definitions": {
            "components": [parts.network_component(model)],
            "assessment-assets": parts.platform(model),
        },
        "observations": [parts.observation(model, check) for check in checks],
        "risks": [risk for check in checks for risk in parts.risks(model, check)],
        "poam-items": [_item(model, check, asked[check["id"]]) for check in checks] or [_nothing(model)],
        "back-matter": {"resources": [*inputs.resources(model), *parts.resources(model)]},
    }
    if not body["back-matter"]["resources"]:
        del body["back-matter"]
    return parts.document(KIND, model, {key: value for key, value in body.items() if value != []})


def _item(
    model: Model, check: dict[str, Any], asked: list[tuple[dict[str, Any], dict[str, Any]]]
) -> dict[str, Any]:
    """What is to be done about one check."""
    more = f", {besides(check)}" if besides(check) else ""
    to_do = _TO_DO[check["outcome"]]
    told = marked(check["message"]) if check["outcome"] == "error" else marked(extent(check))
    item: dict[str, Any] = {
        "uuid": identity("poam item", model["network"]["name"], model["as_of"], check["id"]),
        "title": f"{to_do}: {marked(check['id'])} {marked(check['title'])}",
        "description": f"{told}{more}. {marked(check['remedy'])}",
        "props": props(
            {
                "check-id": check["id"],
                "outcome": check["outcome"],
                "severity": check["severity"],
            }
        )
        + [
            prop("control-id", requirement["id"], remarks=catalogue["id"]) for catalogue, requirement in asked
        ],
        "origins": parts.origins(),
        "related-observations": [{"observation-uuid": parts.observation_uuid(model, check)}],
    }
    related = parts.risk_uuids(model, check)
    if related:
        item["related-risks"] = [{"risk-uuid": uuid} for uuid in related]
    return item


def _nothing(model: Model) -> dict[str, Any]:
    """The one item of a plan with nothing in it."""
    return {
        "uuid": identity("poam item", model["network"]["name"], model["as_of"]),
        "title": "Nothing to do",
        "description": f"On {model['as_of']} every check passed or had nothing in scope. "
        "The standard asks for at least one item; this is it.",
    }
