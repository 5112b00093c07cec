"""The report as OCSF events of class Compliance Finding (2003): one a requirement, in one JSON array.

An importer such as CISO Assistant's posture import keeps one result for each requirement id, the
last that it reads. So each event carries the verdict on a whole requirement, never on one check,
and where two catalogues number a requirement alike the one that fails stands last. Checks that no
requirement asks for have an event each, without a requirement.

Source: OCSF 1.5.0, class `compliance_finding`, objects `compliance`, `check`, `finding_info`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from netproof import __version__
from netproof.report.exchange import (
    TOOL,
    as_json,
    counts,
    identity,
    line,
    unlisted,
    waiver,
    where,
)
from netproof.report.words import (
    OUTCOME,
    SEVERITY_ORDER,
    WORST_FIRST,
    accepted,
    answer_words,
    basis_words,
    extent,
    rank,
    waiver_words,
)

if TYPE_CHECKING:
    from netproof.report.words import Model

VERSION: Final = "1.5.0"
"""Version of OCSF that the events name; later versions of 1 accept them too."""
STATUS: Final = {
    "pass": ("Pass", 1),
    "needs_review": ("Warning", 2),
    "fail": ("Fail", 3),
    "no_evidence": ("Unknown", 0),
    "error": ("Unknown", 0),
    "not_applicable": ("Other", 99),
}
"""An outcome as OCSF's status of a compliance evaluation, with its number."""
SEVERITY: Final = {"high": ("High", 4), "medium": ("Medium", 3), "low": ("Low", 2)}
_INFORMATIONAL: Final = ("Informational", 1)
_FINE = frozenset({"pass", "not_applicable"})
_ORDER: Final = ("not_applicable", "pass", "needs_review", "no_evidence", "error", "fail")
"""Of two events for one requirement id the last is kept: nothing may stand after a `fail`."""


def text(model: Model, width: int | None = None) -> str:
    """The report as a JSON array of events; `width` is not used."""
    del width
    checks = {check["id"]: check for check in model["checks"]}
    told: set[str] = set()
    events: list[tuple[str, dict[str, Any]]] = []
    for catalogue in model["catalogues"]:
        for requirement in catalogue["requirements"]:
            own = [checks[name] for name in requirement["checks"] if name in checks]
            told.update(requirement["checks"])
            events.append((requirement["outcome"], _event(model, catalogue, requirement, own)))
    events += [
        (check["outcome"], _event(model, None, check, [check]))
        for check in model["checks"]
        if check["id"] not in told
    ]
    events.sort(key=lambda event: _ORDER.index(event[0]))  # stable: the catalogue's order among equals
    return as_json([event for _, event in events])


def _event(
    model: Model, catalogue: dict[str, Any] | None, asked: dict[str, Any], checks: list[dict[str, Any]]
) -> dict[str, Any]:
    """One event: a requirement with its checks, or a check alone where `catalogue` is None."""
    outcome = asked["outcome"]
    kind = "requirement" if catalogue else "check"
    within = catalogue["id"] if catalogue else ""
    # Of a check that several catalogues ask for, findings may count for another one only.
    settled = catalogue is not None and outcome in _FINE
    faulty = [] if settled else [check for check in checks if check["outcome"] not in _FINE]
    severity, severity_id = _severity(faulty)
    title = f"{line(asked['id'])} {line(asked['title'])}"
    details = _details(asked, checks, faulty, catalogue)
    event: dict[str, Any] = {
        "activity_id": 1,
        "activity_name": "Create",
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": 2003,
        "class_name": "Compliance Finding",
        "type_uid": 200301,
        "type_name": "Compliance Finding: Create",
        "time": _milliseconds(model["as_of"]),
        "timezone_offset": 0,
        "severity": severity,
        "severity_id": severity_id,
        "status": "New",
        "status_id": 1,
        "message": f"{title}: {OUTCOME[outcome]}. {' '.join(details)}".strip(),
        "metadata": {
            "version": VERSION,
            "uid": identity(
                "ocsf event", model["network"]["name"], model["as_of"], kind, within, asked["id"]
            ),
            "product": {"name": TOOL, "vendor_name": TOOL, "version": __version__},
            "tenant_uid": line(model["network"]["name"]),
        },
        "finding_info": {
            "uid": identity("ocsf finding", model["network"]["name"], kind, within, asked["id"]),
            "title": title,
            "desc": line(asked["prose"] if catalogue else asked["motivation"]),
        },
        "compliance": _compliance(catalogue, asked, checks, details),
        "unmapped": {"netproof": _unmapped(model, catalogue, asked, checks)},
    }
    resources = _resources(checks, accepted_only=settled)
    if resources:
        event["resources"] = resources
    remedies = [f"{line(c['id'])}: {line(c['remedy'])}" for c in faulty if c["remedy"]]
    if remedies:
        event["remediation"] = {"desc": " ".join(remedies)}
    return event


def _milliseconds(as_of: str) -> int:
    """Milliseconds since 1970 of a date's beginning in UTC."""
    day = date.fromisoformat(as_of)
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000


def _severity(faulty: list[dict[str, Any]]) -> tuple[str, int]:
    """The highest severity of the checks that do not pass."""
    severities = [check["severity"] for check in faulty]
    worst = min(severities, key=lambda word: SEVERITY_ORDER.get(word, 0), default="")
    return SEVERITY.get(worst, _INFORMATIONAL)


def _details(
    asked: dict[str, Any],
    checks: list[dict[str, Any]],
    faulty: list[dict[str, Any]],
    catalogue: dict[str, Any] | None,
) -> list[str]:
    """What led to the outcome, a sentence for each check that does not pass, the worst first."""
    words = [f"{line(told)}." for told in basis_words(asked)] if catalogue else []
    for check in sorted(checks, key=lambda one: rank(one["outcome"])):
        if check in faulty:
            told = line(check["message"]) if check["outcome"] == "error" else extent(check)
            words.append(f"{line(check['id'])} {OUTCOME[check['outcome']]}: {told}.")
        if accepted(check["counts"]):
            words.append(f"{line(check['id'])}: {accepted(check['counts'])}.")
    return words


def _compliance(
    catalogue: dict[str, Any] | None, asked: dict[str, Any], checks: list[dict[str, Any]], details: list[str]
) -> dict[str, Any]:
    """What was evaluated against what, and with which result."""
    status, status_id = STATUS[asked["outcome"]]
    found: dict[str, Any] = {
        "status": status,
        "status_id": status_id,
        "status_code": asked["outcome"],
        "control": line(asked["id"]),
        "desc": line(asked["title"]),
        "checks": [_check(check) for check in checks],
    }
    if details:
        found["status_details"] = details
    if catalogue:
        version = f" {line(catalogue['version'])}" if catalogue["version"] else ""
        found["standards"] = [f"{line(catalogue['id'])}{version}"]
        found["requirements"] = [line(asked["id"])]
    return found


def _check(check: dict[str, Any]) -> dict[str, Any]:
    """One check of a requirement."""
    status, status_id = STATUS[check["outcome"]]
    severity, severity_id = SEVERITY.get(check["severity"], _INFORMATIONAL)
    return {
        "uid": line(check["id"]),
        "name": line(check["title"]),
        "desc": line(check["motivation"]),
        "status": status,
        "status_id": status_id,
        "severity": severity,
        "severity_id": severity_id,
    }


def _resources(checks: list[dict[str, Any]], *, accepted_only: bool) -> list[dict[str, Any]]:
    """Every subject that a finding names, once, with all that was found of it, or all that was accepted."""
    subjects: dict[tuple[str, str], dict[str, Any]] = {}
    for check in checks:
        for finding in check["findings"]:
            if accepted_only and not waiver(finding):
                continue
            key = (finding["subject_table"], finding["subject_id"])
            resource = subjects.setdefault(
                key, {"uid": line(key[1]), "type": line(key[0]), "data": {"findings": []}}
            )
            told = {
                "check": line(check["id"]),
                "outcome": finding["outcome"],
                "reason": line(finding["reason"]),
                "source": where(finding),
            }
            if waiver_words(finding):
                told["waiver"] = line(waiver_words(finding))
            resource["data"]["findings"].append(told)
    return list(subjects.values())


def _unmapped(
    model: Model, catalogue: dict[str, Any] | None, asked: dict[str, Any], checks: list[dict[str, Any]]
) -> dict[str, Any]:
    """What OCSF has no place for."""
    told: dict[str, Any] = {
        "as_of": model["as_of"],
        "outcome": asked["outcome"],
        "legal_status": asked["legal_status"] if catalogue else "",
        "checks": {
            line(check["id"]): {"outcome": check["outcome"], "in_scope": check["in_scope"]} | counts(check)
            for check in sorted(checks, key=lambda one: WORST_FIRST.index(one["outcome"]))
        },
        "not_listed": {line(check["id"]): unlisted(check) for check in checks if unlisted(check)},
        "answer": answer_words(asked),
    }
    return {key: value for key, value in told.items() if value}
