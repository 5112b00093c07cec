"""Parts that OSCAL assessment results and a POA&M share: observations, risks, the attached rows.

One observation a check and its scope, never one a row: the rows lie in a file beside the document,
which a resource names with its SHA-256. A check that fails is a risk; what somebody accepted of it
is a second risk, `deviation-approved`. Text goes through `marked` where OSCAL reads markup.

Source: OSCAL 1.2, models assessment-results and plan-of-action-and-milestones.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

from netproof import __version__
from netproof.catalogue.control import NAMESPACE
from netproof.report.exchange import (
    TOOL,
    as_json,
    counts,
    identity,
    line,
    moment,
    unlisted,
    waiver,
)
from netproof.report.findings import grouped
from netproof.report.words import OUTCOME, Model, besides, extent, number, waiver_words

if TYPE_CHECKING:
    from collections.abc import Iterable

OSCAL_VERSION: Final = "1.2.3"
FINE: Final = frozenset({"pass", "not_applicable"})
_DAY = r"\d{4}-\d{2}-\d{2}"
_MARKUP = re.compile(r"[\\`*\[\]<>~^{}$]|(?<![^\W_])_|_(?![^\W_])")


def marked(value: Any) -> str:
    """Text in one line that OSCAL's markup shows as it is."""
    return _MARKUP.sub(lambda found: "\\" + found.group(), line(value).replace("&", "&amp;"))


def token(name: str) -> str:
    """A name as an OSCAL token: letters, digits, `.`, `-`, `_`; begins with a letter or `_`.

    A name that is none keeps what it can and gets eight digits of its digest, so that two stay two.
    """
    shown = line(name)
    kept = "".join(sign if sign in "._-" or unicodedata.category(sign)[0] in "LN" else "_" for sign in shown)
    if kept[0] != "_" and not kept[0].isalpha():
        kept = "_" + kept
    return kept if kept == name else f"{kept[:60]}_{identity('token', name)[:8]}"


def prop(name: str, value: Any, *, remarks: str = "") -> dict[str, Any]:
    """A property in netproof's namespace."""
    made = {"name": name, "ns": NAMESPACE, "value": line(value)}
    return made | ({"remarks": marked(remarks)} if remarks else {})


def props(values: dict[str, Any]) -> list[dict[str, Any]]:
    """Properties of all values that say something."""
    return [prop(name, value) for name, value in values.items() if value not in (None, "")]


def document(kind: str, model: Model, body: dict[str, Any], *, plan: str = "") -> str:
    """A whole document; its UUID is that of its content.

    Args:
        kind: The document's only key.
        model: Report model.
        body: What stands after the metadata.
        plan: The resource that stands for an assessment plan.
    """
    network = marked(model["network"]["name"])
    head: dict[str, Any] = {
        "title": f"{network}, checked for {model['as_of']}",
        "last-modified": moment(model),
        "version": model["as_of"],
        "oscal-version": OSCAL_VERSION,
        "props": props({"as-of": model["as_of"], "tool": f"{TOOL} {__version__}"}),
        "remarks": "Every time in this document is the date of the assessment at midnight UTC. "
        "It says for which date something holds, not at which hour somebody looked.",
    }
    if plan:
        head["links"] = [{"href": f"#{plan}", "rel": "assessment-plan"}]
    return as_json({kind: {"uuid": identity(kind, head, body), "metadata": head, **body}})


def platform(model: Model) -> dict[str, Any]:
    """The tool that assessed, as assessment assets; `tool_uuid` is its identity."""
    tool = {
        "uuid": tool_uuid(),
        "type": "software",
        "title": TOOL,
        "description": f"{TOOL} {__version__}: checks as queries over the tables of a network.",
        "status": {"state": "operational"},
    }
    uses = [{"component-uuid": tool_uuid()}]
    used = {
        "uuid": identity("platform", model["network"]["name"]),
        "title": f"{TOOL} {__version__}",
        "uses-components": uses,
    }
    return {"components": [tool], "assessment-platforms": [used]}


def tool_uuid() -> str:
    """The identity of this version of netproof."""
    return identity("tool", __version__)


def network_component(model: Model) -> dict[str, Any]:
    """The network that is assessed, as a component."""
    return {
        "uuid": _network_uuid(model),
        "type": "this-system",
        "title": marked(model["network"]["name"]),
        "description": "The telecommunications network whose tables were read.",
        "status": {"state": "operational"},
    }


def _network_uuid(model: Model) -> str:
    """The identity of a network, by its name."""
    return identity("network", model["network"]["name"])


def origins() -> list[dict[str, Any]]:
    """Who says so: the tool."""
    return [{"actors": [{"type": "tool", "actor-uuid": tool_uuid()}]}]


def observation_uuid(model: Model, check: dict[str, Any]) -> str:
    """The identity of a check's observation in this assessment."""
    return identity("observation", model["network"]["name"], model["as_of"], check["id"])


def observation(model: Model, check: dict[str, Any]) -> dict[str, Any]:
    """What one check saw in its scope: the counts, and in words what was found most."""
    found = {outcome.replace("_", "-"): many for outcome, many in counts(check).items()}
    seen = {
        "uuid": observation_uuid(model, check),
        "title": f"{marked(check['id'])} {marked(check['title'])}",
        "description": _seen(check),
        "props": props(
            {
                "check-id": check["id"],
                "outcome": check["outcome"],
                "severity": check["severity"],
                "verdict": check["verdict"],
                "subject-table": check["subject_table"],
                "in-scope": check["in_scope"],
                **found,
            }
        )
        + [prop(f"parameter-{token(p['name'])}", p["value"]) for p in check["parameters"]],
        "methods": ["TEST"],
        "types": ["finding" if check["outcome"] not in FINE else "control-objective"],
        "origins": origins(),
        "subjects": [{"subject-uuid": _network_uuid(model), "type": "component"}],
        "collected": moment(model),
    }
    attached = model["details"].get("findings_file")
    if check["findings_total"] and attached:
        seen["relevant-evidence"] = [
            {
                "href": "#" + _rows_uuid(attached),
                "description": f"{number(check['findings_total'])} rows of "
                f"{marked(attached['name'])} where check_id is {marked(check['id'])}.",
            }
        ]
    elif unlisted(check):
        seen["remarks"] = marked(unlisted(check))
    return seen


def _seen(check: dict[str, Any]) -> str:
    """An observation in words: the outcome, then each story with how often it was told."""
    if check["outcome"] == "error":
        return f"{OUTCOME['error']}: {marked(check['message'])}"
    told = f", {besides(check)}" if besides(check) else ""
    lines = [f"{OUTCOME[check['outcome']]}: {marked(extent(check))}{told}"]
    for group in grouped(check["findings"]):
        if group.story:
            told = f"{number(len(group.findings))} × {OUTCOME[group.outcome]}: {marked(group.story)}"
            lines.append(f"- {told}, such as {marked(group.findings[0]['subject_id'])}")
        else:
            lines += [
                f"- {OUTCOME[one['outcome']]}: {marked(one['subject_id'])}: {marked(one['reason'])}"
                for one in group.findings
            ]
    return "\n".join([lines[0], "", *lines[1:]]) if len(lines) > 1 else lines[0]


def risk_uuids(model: Model, check: dict[str, Any]) -> list[str]:
    """Identities of the risks of a check: what is open, and what was accepted."""
    return [risk["uuid"] for risk in risks(model, check)]


def risks(model: Model, check: dict[str, Any]) -> list[dict[str, Any]]:
    """Risks of a check that fails, or that fails but for what was accepted; else none."""
    given = [finding for finding in check["findings"] if finding["outcome"] == "fail" and waiver(finding)]
    found = [_risk(model, check, "open", [])] if check["outcome"] == "fail" else []
    if given:
        found.append(_risk(model, check, "deviation-approved", given))
    return found


def _risk(model: Model, check: dict[str, Any], status: str, given: list[dict[str, Any]]) -> dict[str, Any]:
    """One risk; `given` are the findings that were accepted."""
    named = (model["network"]["name"], model["as_of"], check["id"], status)
    what = f"{number(len(given))} accepted findings of " if given else ""
    risk: dict[str, Any] = {
        "uuid": identity("risk", *named),
        "title": f"{what}{marked(check['id'])} {marked(check['title'])}",
        "description": _accepted(given) if given else f"Not so for {marked(extent(check))}.",
        "statement": marked(check["motivation"]),
        "props": props({"check-id": check["id"]}),
        "status": status,
        "origins": origins(),
        "characterizations": [
            {
                "origin": origins()[0],
                "facets": [{"name": "severity", "system": NAMESPACE, "value": line(check["severity"])}],
            }
        ],
        "remediations": [
            {
                "uuid": identity("remediation", *named),
                "lifecycle": "recommendation",
                "title": f"Remedy of {marked(check['id'])}",
                "description": marked(check["remedy"]),
            }
        ],
        "related-observations": [{"observation-uuid": observation_uuid(model, check)}],
    }
    ends = sorted(end for one in given if re.fullmatch(_DAY, end := waiver(one)["ends_on"]))
    if ends:
        risk["deadline"] = f"{ends[0]}T00:00:00Z"
    return risk


def _accepted(given: Iterable[dict[str, Any]]) -> str:
    """The waivers of findings in words, each once, with how many findings it accepts."""
    words: dict[str, int] = {}
    for finding in given:
        words[waiver_words(finding)] = words.get(waiver_words(finding), 0) + 1
    return "\n".join(f"- {number(count)} × {marked(told)}" for told, count in words.items())


def _rows_uuid(attached: dict[str, Any]) -> str:
    """The identity of the file of rows, by its content."""
    return identity("rows", attached["name"], attached["sha256"])


def links(model: Model) -> list[dict[str, Any]]:
    """A link to the attached rows; none where nothing was attached."""
    attached = model["details"].get("findings_file")
    return [{"href": "#" + _rows_uuid(attached), "rel": "rows"}] if attached else []


def resources(model: Model) -> list[dict[str, Any]]:
    """The attached rows as a resource of the back matter; none where nothing was attached."""
    attached = model["details"].get("findings_file")
    if not attached:
        return []
    return [
        {
            "uuid": _rows_uuid(attached),
            "title": "All findings, a row each",
            "description": "Columns check_id, subject_table, subject_id, outcome, reason, and the file, "
            "line and SHA-256 of the file from which the subject's row was read. "
            f"{number(attached['rows'])} rows.",
            "rlinks": [
                {
                    "href": attached["href"],
                    "media-type": attached["media_type"],
                    "hashes": [{"algorithm": "SHA-256", "value": attached["sha256"]}],
                }
            ],
        }
    ]
