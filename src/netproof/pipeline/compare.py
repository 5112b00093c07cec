"""What differs between two assessments: two networks, two dates, or two catalogues.

Pure: two report models with all their findings in, one model of differences out. Which row of the
tables stands behind a difference is told by `changed_rows`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from netproof.catalogue.check import FOUND, WORST_FIRST, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netproof.pipeline.supervisor import Assessment

SCHEMA_VERSION = "1.0"


class Kind(StrEnum):
    """What is different between the two sides by intent."""

    NETWORKS = "networks"
    DATES = "dates"
    CATALOGUES = "catalogues"


CHANGES = ("new", "worse", "reason", "better", "gone")
"""What becomes of a finding; `reason`: same outcome, another reason."""
MOVES = ("new", "worse", "other", "better", "gone")
"""What becomes of a requirement or check; `other`: between pass and not applicable."""
TEXTS = ("title", "prose", "legal_status", "valid_from", "valid_to", "sources", "checks")
"""What of a requirement may change beside its outcome."""

_FINDINGS = pa.schema(
    [
        ("check_id", pa.string()),
        ("subject_table", pa.string()),
        ("subject_id", pa.string()),
        ("outcome", pa.string()),
        ("reason", pa.string()),
        ("file", pa.string()),
        ("line", pa.int64()),
        ("sha256", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Side:
    """One of two assessments.

    Attributes:
        model: The report model.
        findings: All findings that count, also those that the model does not list.
    """

    model: dict[str, Any]
    findings: pa.Table


def side_of(assessment: Assessment) -> Side:
    """Return an assessment with all its findings; one that is accepted (waived) does not count."""
    if assessment.findings:
        with pa.ipc.open_stream(assessment.findings) as reader:
            table = reader.read_all()
        counting = table.filter(pc.is_null(table["waived_until"]))
        return Side(assessment.model, counting.select(_FINDINGS.names).cast(_FINDINGS))
    rows = [
        {
            "check_id": check["id"],
            **{n: finding[n] for n in ("subject_table", "subject_id", "outcome", "reason")},
            **(finding["source"] or {}),
        }
        for check in assessment.model["checks"]
        for finding in check["findings"]
        if "waiver" not in finding
    ]
    return Side(assessment.model, pa.Table.from_pylist(rows, schema=_FINDINGS))


def change_of(before: str | None, now: str | None) -> str:
    """Return what became of a finding: new, gone, worse, better, or another reason."""
    if before is None:
        return "new"
    if now is None:
        return "gone"
    if before == now:
        return "reason"
    return "worse" if _rank(now) < _rank(before) else "better"


def move_of(before: str | None, now: str | None) -> str:
    """Return what became of a requirement or check; empty where nothing did."""
    if before == now:
        return ""
    if before is None or now is None:
        return "new" if before is None else "gone"
    if _rank(before) == _rank(now):
        return "other"
    return "worse" if _rank(now) < _rank(before) else "better"


def _rank(outcome: str) -> int:
    """Return how good an outcome is; nothing to check is as good as a pass."""
    return min(WORST_FIRST.index(Outcome(outcome)), WORST_FIRST.index(Outcome.PASS))


def ends_apart(old: PurePath, new: PurePath) -> tuple[str, str]:
    """Return the shortest ends of two paths that differ; of one and the same path its last name."""
    for count in range(1, max(len(old.parts), len(new.parts)) + 1):
        ends = (str(PurePath(*old.parts[-count:])), str(PurePath(*new.parts[-count:])))
        if ends[0] != ends[1]:
            return ends
    return old.name, new.name


def compare(
    old: Side, new: Side, *, kind: Kind, listed: int, folders: tuple[str, str] = ("", "")
) -> dict[str, Any]:
    """Return what differs.

    Args:
        old: The assessment before.
        new: The assessment after.
        kind: What was changed by intent; catalogues match their requirements by id alone.
        listed: Findings of a check that are listed; all are counted.
        folders: Where the tables of each side lie, by names that tell the two apart.

    Cost: O(n log n) in the findings of both.
    """
    counts, findings = _findings(old, new, listed)
    checks = _checks(old.model, new.model, counts, findings)
    requirements = _requirements(old.model, new.model, kind, {c["id"]: c["findings_changed"] for c in checks})
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": str(kind),
        "same": not checks and not requirements,
        "old": _header(old.model, folders[0]),
        "new": _header(new.model, folders[1]),
        "summary": {
            "requirements": _tally((r["change"] for r in requirements), MOVES),
            "checks": _tally((c["change"] for c in checks), MOVES),
            "findings": {change: sum(c["findings_changed"][change] for c in checks) for change in CHANGES},
        },
        "requirements": requirements,
        "checks": checks,
        "tables": [],
    }


def _tally(words: Iterable[str], known: tuple[str, ...]) -> dict[str, int]:
    """Return how often each known word occurs."""
    counted = Counter(words)
    return {word: counted[word] for word in known}


def _header(model: Mapping[str, Any], folder: str) -> dict[str, Any]:
    """Return what was assessed."""
    return {
        "network": model["network"]["name"],
        "folder": folder,
        "as_of": model["as_of"],
        "catalogues": [{n: c[n] for n in ("id", "title", "version")} for c in model["catalogues"]],
        "import_issues": model["import_issues"]["total"],
        "data_issues": model["data_issues"]["total"],
    }


_JOINED = """
    select
        check_id,
        subject_table,
        subject_id,
        o.outcome as old_outcome,
        o.reason as old_reason,
        o.file as old_file,
        o.line as old_line,
        o.sha256 as old_sha256,
        n.outcome as new_outcome,
        n.reason as new_reason,
        n.file as new_file,
        n.line as new_line,
        n.sha256 as new_sha256,
        case
            when o.outcome is null then 'new'
            when n.outcome is null then 'gone'
            when o.outcome = n.outcome then 'reason'
            when list_position($order, n.outcome) < list_position($order, o.outcome) then 'worse'
            else 'better'
        end as change
    from old_finding as o
    full join new_finding as n using (check_id, subject_table, subject_id)
    where
        (o.outcome is distinct from n.outcome or o.reason is distinct from n.reason)
        and not list_contains($unanswered, check_id)
"""


def _findings(
    old: Side, new: Side, listed: int
) -> tuple[dict[str, dict[str, int]], dict[str, list[dict[str, Any]]]]:
    """Return for every check how many findings changed, and the first of them, the worst first."""
    unanswered = {c["id"] for s in (old, new) for c in s.model["checks"] if c["outcome"] == Outcome.ERROR}
    values = {"order": [str(o) for o in WORST_FIRST], "unanswered": sorted(unanswered) or [""]}
    counts: dict[str, dict[str, int]] = {}
    findings: dict[str, list[dict[str, Any]]] = {}
    with duckdb.connect(":memory:", config={"python_enable_replacements": False}) as connection:
        connection.register("old_finding", old.findings)
        connection.register("new_finding", new.findings)
        for check, change, number in connection.execute(
            f"select check_id, change, count(*) from ({_JOINED}) group by all", values
        ).fetchall():
            counts.setdefault(check, dict.fromkeys(CHANGES, 0))[change] = number
        rows = connection.execute(
            f"select *, row_number() over (partition by check_id order by "
            "list_position($changes, change), list_position($order, coalesce(new_outcome, old_outcome)), "
            f"subject_table, subject_id) as place from ({_JOINED}) qualify place <= $listed "
            "order by check_id, place",
            values | {"changes": list(CHANGES), "listed": listed},
        ).fetchall()
    for check, table, subject, *rest in rows:
        findings.setdefault(check, []).append(
            {
                "subject_table": table,
                "subject_id": subject,
                "change": rest[10],
                "old": _said(*rest[:5]),
                "new": _said(*rest[5:10]),
                "causes": [],
            }
        )
    return counts, findings


def _said(
    outcome: str | None, reason: str | None, file: str | None, line: int | None, sha256: str | None
) -> dict[str, Any] | None:
    """Return one side of a finding; None where that side found nothing."""
    if outcome is None:
        return None
    source = None if file is None else {"file": file, "line": line, "sha256": sha256}
    return {"outcome": outcome, "reason": reason, "source": source}


def _checks(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    counts: Mapping[str, dict[str, int]],
    findings: Mapping[str, list[dict[str, Any]]],
) -> list[dict[str, Any]]:
    """Return the checks that differ."""
    before, after = ({c["id"]: c for c in model["checks"]} for model in (old, new))
    rows = []
    for name in sorted(before.keys() | after.keys()):
        one, other = before.get(name), after.get(name)
        known = other or before[name]
        was, now = _state(one), _state(other)
        parameters = _parameters(one, other)
        if was == now and name not in counts and not parameters:
            continue
        changed = counts.get(name, dict.fromkeys(CHANGES, 0))
        rows.append(
            {
                "id": name,
                "title": known["title"],
                "verdict": known["verdict"],
                "severity": known["severity"],
                "subject_table": known["subject_table"],
                "change": move_of(was["outcome"] if was else None, now["outcome"] if now else None),
                "old": was,
                "new": now,
                "parameters": parameters,
                "findings_changed": changed,
                "findings_total": sum(changed.values()),
                "findings": findings.get(name, []),
            }
        )
    return rows


def _state(check: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what a check came to."""
    if check is None:
        return None
    counts = {str(o): check["counts"][str(o)] for o in FOUND}
    return {
        "outcome": check["outcome"],
        "in_scope": check["in_scope"],
        "counts": counts,
        "message": check["message"],
    }


def _parameters(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return the parameters of a check whose values differ."""
    if old is None or new is None:
        return []
    before, after = ({p["name"]: p["value"] for p in check["parameters"]} for check in (old, new))
    return [
        {"name": name, "old": before.get(name), "new": after.get(name)}
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]


def _requirements(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    kind: Kind,
    changed: Mapping[str, dict[str, int]],
) -> list[dict[str, Any]]:
    """Return the requirements that differ in outcome, text or checks, or whose findings do."""
    before, after = (_asked(model, kind) for model in (old, new))
    rows = []
    for key in dict.fromkeys([*before, *after]):
        one, other = before.get(key), after.get(key)
        known = other or before[key]
        told = [changed[check] for check in known["checks"] if check in changed]
        findings = {change: sum(counts[change] for counts in told) for change in CHANGES}
        was, now = one["outcome"] if one else None, other["outcome"] if other else None
        move = move_of(was, now)
        texts = texts_changed(one, other)
        if not move and not texts and not any(findings.values()):
            continue
        rows.append(
            {
                "catalogue": known["catalogue"],
                "id": known["id"],
                "title": known["title"],
                "change": move,
                "old": was,
                "new": now,
                "texts": texts,
                "checks": known["checks"],
                "findings_changed": findings,
            }
        )
    return rows


def _asked(model: Mapping[str, Any], kind: Kind) -> dict[Any, dict[str, Any]]:
    """Return the requirements of a model by what makes them the same on both sides."""
    found: dict[Any, dict[str, Any]] = {}
    for catalogue in model["catalogues"]:
        for requirement in catalogue["requirements"]:
            key = requirement["id"] if kind is Kind.CATALOGUES else (catalogue["id"], requirement["id"])
            found.setdefault(key, {**requirement, "catalogue": catalogue["id"]})
    return found


def texts_changed(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return what of a requirement's words, dates and checks differs; nothing where it is new or gone."""
    if old is None or new is None:
        return []
    return [{"field": n, "old": old[n], "new": new[n]} for n in TEXTS if old[n] != new[n]]
