"""What the formats for other tools share: identities, dates, text in one line, waivers in words.

An identity is a UUID of version 5 of what it names, and a moment is the date of the assessment at
midnight UTC: the same model gives the same bytes, and no report pretends to know an hour.
"""

from __future__ import annotations

import json
import re
import uuid
from typing import TYPE_CHECKING, Any, Final

from netproof.errors import ReportError
from netproof.report.words import flowing, number, plural, visible

if TYPE_CHECKING:
    from netproof.report.words import Model

NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "https://netproof.example/ns/report")
"""Namespace of every identity that a report makes; never to change."""

TOOL: Final = "netproof"
FOUND: Final = ("fail", "no_evidence", "needs_review")
"""Outcomes that a finding can have."""

_NO_XML = re.compile("[\ufffe\uffff]")


def identity(*parts: Any) -> str:
    """A UUID of version 5 for what the parts name; the same parts give the same UUID for ever."""
    return str(uuid.uuid5(NAMESPACE, json.dumps(parts, sort_keys=True)))


def moment(model: Model) -> str:
    """The date of the assessment as a moment: midnight UTC at its beginning."""
    return f"{model['as_of']}T00:00:00Z"


def line(value: Any) -> str:
    """Text in one line, nothing invisible in it, no character that XML or UTF-8 refuses.

    Nothing and blanks are `(empty)`, so that a field which must hold text does.
    """
    shown = visible(flowing("" if value is None else str(value)))
    return _NO_XML.sub(lambda found: f"⟨U+{ord(found.group()):04X}⟩", shown) or "(empty)"


def as_json(document: dict[str, Any] | list[Any]) -> str:
    """A document as JSON; whatever text slipped in unseen is made visible, line ends stay.

    Raises:
        ReportError: It holds a number that JSON cannot say.
    """
    try:
        return json.dumps(_shown(document), ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    except ValueError as error:
        raise ReportError(f"report: expected values that JSON can say, got: {error}") from error


def _shown(value: Any) -> Any:
    """The same value, every text in it visible."""
    if isinstance(value, str):
        return "\n".join(_NO_XML.sub("\ufffd", visible(part)) for part in value.split("\n"))
    if isinstance(value, dict):
        return {_shown(key): _shown(inner) for key, inner in value.items()}
    return [_shown(item) for item in value] if isinstance(value, list) else value


def where(finding: dict[str, Any]) -> str:
    """Where a finding's row was read, `component.csv:12`; empty when no row stands for it."""
    source = finding["source"]
    if not source:
        return ""
    return line(source["file"]) + (f":{source['line']}" if source["line"] else "")


def waiver(finding: dict[str, Any]) -> dict[str, Any]:
    """The waiver that accepts a finding on the date; empty when none does."""
    found: dict[str, Any] = finding.get("waiver") or {}
    return found


def accepted(check: dict[str, Any]) -> bool:
    """Whether a check found something and somebody accepted all of it."""
    found: int = check["findings_total"]
    return found > 0 and bool(found == check["counts"].get("waived", 0))


def requirements_of(model: Model) -> dict[str, list[tuple[dict[str, Any], dict[str, Any]]]]:
    """Catalogue and requirement of everything that asks for a check, by the check's id."""
    asked: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = {
        check["id"]: [] for check in model["checks"]
    }
    for catalogue in model["catalogues"]:
        for requirement in catalogue["requirements"]:
            for check_id in requirement["checks"]:
                asked.setdefault(check_id, []).append((catalogue, requirement))
    return asked


def counts(check: dict[str, Any]) -> dict[str, int]:
    """How many findings a check has of each outcome, always in the same order; those accepted come last."""
    found = {outcome: check["counts"][outcome] for outcome in FOUND}
    waived = check["counts"].get("waived", 0)
    return found | ({"waived": waived} if waived else {})


def unlisted(check: dict[str, Any]) -> str:
    """What is not listed of a check's findings and where it is; empty when all are listed."""
    missing = check["findings_total"] - len(check["findings"])
    if missing <= 0:
        return ""
    file = check.get("all_findings_file")
    place = (
        f"all are in {line(file)}" if file else "`--output` writes all of them to a file beside the report"
    )
    return f"{number(missing)} further {plural('finding', missing)} not listed here; {place}"
