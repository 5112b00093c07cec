"""The report model: what an assessment found, as plain data that every report is written from.

Without "details" it is the public JSON (report/schema). Holds no clock and no path of this machine.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from netproof.catalogue.check import FOUND, WORST_FIRST, Family, Outcome, Reference, worst
from netproof.catalogue.loader import catalogue_ids, shipped_checks
from netproof.checks.waiver import ACCEPTED, accept
from netproof.pipeline.answers import read_answers, tell_idle, told
from netproof.pipeline.concern import concerns, told_apart, united
from netproof.pipeline.details import details
from netproof.report.words import FAMILY_TITLE
from netproof.tables.spec import all_specs
from netproof.tables.store import Store, key_text, literal, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from netproof.catalogue.control import Catalogue, Control
    from netproof.checks.run import Result
    from netproof.pipeline.answers import Answer, Told
    from netproof.pipeline.concern import Concern
    from netproof.pipeline.request import Request
    from netproof.pipeline.stages import Plan

SCHEMA_VERSION = "1.0"
NOT_STATED = "not_stated"
"""Legal status of what does not say any, such as most catalogues of others."""

EXAMPLES = 20
"""How many issues of the data are told one by one."""


def model(store: Store, request: Request, asked: Plan, results: Sequence[Result]) -> dict[str, Any]:
    """Return the report model of an assessment."""
    known = shipped_checks().keys() | {check.id for check in asked.checks}
    every = accept(store, results, request.as_of, known)
    found = concerns([catalogue.id for catalogue in asked.catalogues], every)
    results = united(every)
    _register_findings(store, results)
    given = read_answers(store)
    elsewhere = {*catalogue_ids(), *(Path(name).stem for name in asked.network.catalogues)}
    tell_idle(store, given, asked.catalogues, elsewhere)
    catalogues = [_catalogue(c, found[c.id], given, request.as_of) for c in asked.catalogues]
    listed = _listed(store, request.findings_max)
    checks = [_check(asked, result, listed.get(result.check.id, [])) for result in results]
    requirements = [r["outcome"] for c in catalogues for r in c["requirements"]]
    return {
        "schema_version": SCHEMA_VERSION,
        "network": {"name": asked.network.name, "country": asked.network.country},
        "as_of": request.as_of.isoformat(),
        "catalogues": catalogues,
        "families": _families(results),
        "checks": checks,
        "data_issues": _data_issues(store),
        "import_issues": _import_issues(store),
        "summary": {
            "requirements": _count(requirements),
            "checks": _count(str(result.outcome) for result in results),
            "findings": _counts(results),
        },
        "details": details(store, checks) if request.details else {},
    }


def _count(outcomes: Iterable[str]) -> dict[str, int]:
    """Return how often each outcome occurs, all of them named."""
    counted = Counter(outcomes)
    return {str(outcome): counted.get(str(outcome), 0) for outcome in WORST_FIRST}


def _counts(results: Sequence[Result]) -> dict[str, int]:
    """Return findings by outcome; those that are accepted apart, where there are any."""
    counts = {str(outcome): sum(r.counts.get(outcome, 0) for r in results) for outcome in FOUND}
    waived = sum(result.waived for result in results)
    return counts | ({"waived": waived} if waived else {})


def _register_findings(store: Store, results: Sequence[Result]) -> None:
    """Make table `finding` of all results, with each subject's source and position."""
    parts = []
    for result in results:
        number = len(result.findings)
        table = result.findings.append_column("check_id", pa.array([result.check.id] * number, pa.string()))
        table = table.append_column("subject_table", pa.array([result.check.subject] * number, pa.string()))
        parts.append(table.append_column("place", pa.array(range(number), pa.int64())))
    connection = store.connection
    if not parts:
        parts = [
            pa.table(
                {
                    n: pa.array([], pa.string())
                    for n in ("subject_id", "outcome", "reason", "check_id", "subject_table")
                }
            ).append_column("place", pa.array([], pa.int64()))
        ]
    connection.register("_found", pa.concat_tables(parts))
    subjects = sorted({result.check.subject for result in results if len(result.findings)})
    places = [
        f"select {literal(name)} as subject_table, {key_text(all_specs()[name])} as subject_id, "
        f"_source, _row from {quoted(name)} semi join "
        f"(select subject_id as s from _found where subject_table = {literal(name)}) "
        f"on s = {key_text(all_specs()[name])}"
        for name in subjects
        if name in all_specs()
    ]
    located = " union all ".join(places) or "select '', '', null::usmallint, null::bigint where false"
    connection.execute(
        "create table finding as select f.check_id, f.subject_table, f.subject_id, f.outcome, "
        "f.reason, f.place, "
        f"s.file, p._row as line, s.sha256, coalesce(a.waived, false) as waived, "
        f"a.waiver_reason, a.waiver_owner, a.waiver_ends_on from _found as f "
        f"left join ({located}) as p(subject_table, subject_id, _source, _row) "
        "using (subject_table, subject_id) "
        f"left join source as s on p._source = s.source_no "
        f"left join {ACCEPTED} as a using (check_id, place) order by f.check_id, f.place"
    )


def all_findings(store: Store) -> pa.Table:
    """Return every finding with its source, in order of check and weight."""
    return store.connection.execute(
        "select check_id, subject_table, subject_id, outcome, reason, file, line, sha256, "
        "case when waived then waiver_ends_on end as waived_until from finding "
        "order by check_id, place"
    ).to_arrow_table()


def _references(sources: Iterable[Reference]) -> list[dict[str, str]]:
    """Return sources as plain data."""
    return [{"text": s.text, "url": s.url, "tag": s.tag} for s in sources]


def _catalogue(
    catalogue: Catalogue, found: Mapping[str, Concern], given: Sequence[Answer], as_of: date
) -> dict[str, Any]:
    """Return a catalogue with the outcome of each requirement."""
    return {
        "id": catalogue.id,
        "title": catalogue.title,
        "legal_status": catalogue.legal_status or NOT_STATED,
        "version": catalogue.version,
        "notes": list(catalogue.notes),
        "requirements": [
            _requirement(control, found, told(given, catalogue.id, control, as_of), as_of)
            for control in catalogue.controls
        ],
    }


def _requirement(control: Control, found: Mapping[str, Concern], answer: Told, as_of: date) -> dict[str, Any]:
    """Return a requirement: the worst of its checks; without any, what a person answered."""
    mine = [found[check] for check in control.checks]
    outcome = worst([concern.outcome for concern in mine]) if mine else answer.outcome
    outside = _outside(control, as_of)
    shown: dict[str, Any] = {
        "id": control.id,
        "title": control.title,
        "outcome": str(Outcome.NOT_APPLICABLE if outside else outcome),
        "checks": list(control.checks),
        "prose": control.prose,
        "legal_status": control.legal_status or NOT_STATED,
        "valid_from": control.valid_from or None,
        "valid_to": control.valid_to or None,
        "sources": _references(control.sources),
    }
    if mine and not outside:
        shown["findings"] = {str(o): sum(concern.counts[o] for concern in mine) for o in FOUND}
    if outside or any(concern.others for concern in mine):
        shown["reason"] = outside or told_apart(mine)
    elif not mine:
        shown["reason"] = answer.reason
    if answer.answer is not None:
        shown["answer"] = answer.shown()
    return shown


def _outside(control: Control, as_of: date) -> str:
    """Return why a requirement does not bind on the date; empty where it does. Both days are included."""
    if control.valid_from and as_of < date.fromisoformat(control.valid_from):
        return f"not valid before {control.valid_from}"
    if control.valid_to and as_of > date.fromisoformat(control.valid_to):
        return f"not valid after {control.valid_to}"
    return ""


def _families(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Return the verdict families, never merged into one another."""
    families = []
    for family in Family:
        own = [result for result in results if result.check.verdict is family]
        families.append(
            {
                "id": str(family),
                "title": FAMILY_TITLE[family],
                "outcome": str(worst([result.outcome for result in own])),
                "checks": [result.check.id for result in own],
                "counts": _counts(own),
            }
        )
    return families


def _listed(store: Store, number: int) -> dict[str, list[dict[str, Any]]]:
    """Return the first findings of every check that has any, all asked for at once."""
    found: dict[str, list[dict[str, Any]]] = {}
    for check, *row in store.rows(
        "select check_id, subject_table, subject_id, outcome, reason, file, line, sha256, waived, "
        "waiver_reason, waiver_owner, waiver_ends_on from finding "
        "qualify row_number() over (partition by check_id order by waived, place) <= ? "
        "order by check_id, waived, place",
        [number],
    ):
        found.setdefault(check, []).append(_finding(row))
    return found


def _check(asked: Plan, result: Result, findings: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a check with its first findings."""
    check = result.check
    values = asked.values[check.id]
    return {
        "id": check.id,
        "title": check.title,
        "outcome": str(result.outcome),
        "severity": str(check.severity),
        "verdict": str(check.verdict),
        "subject_table": check.subject,
        "in_scope": result.in_scope,
        "counts": _counts([result]),
        "findings_total": len(result.findings),
        "findings": findings,
        "parameters": [
            {
                "name": p.name,
                "value": _plain(values[p.name]),
                "default": _plain(p.value),
                "unit": p.unit,
                "meaning": p.meaning,
                "source": p.source,
                "tag": p.tag,
            }
            for p in check.parameters
        ],
        "motivation": check.motivation,
        "remedy": check.remedy,
        "sources": _references(check.sources),
        "message": result.message,
    }


def _finding(row: Sequence[Any]) -> dict[str, Any]:
    """Return a finding with the waiver that names it: `waiver` while it holds, `waiver_ended` after that."""
    table, subject, outcome, reason, file, line, sha256, waived, why, owner, ends_on = row
    shown: dict[str, Any] = {
        "subject_table": table,
        "subject_id": subject,
        "outcome": outcome,
        "reason": reason,
        "source": None if file is None else {"file": file, "line": line, "sha256": sha256},
    }
    if ends_on is not None:
        name = "waiver" if waived else "waiver_ended"
        shown[name] = {"reason": why, "owner": owner, "ends_on": ends_on.isoformat()}
    return shown


def _plain(value: Any) -> Any:
    """Return a value as JSON can say it."""
    return value if isinstance(value, bool | int | float | str) else value.isoformat()


def _data_issues(store: Store) -> dict[str, Any]:
    """Return what is wrong with the rows: counts, and the first of each kind."""
    kinds = store.rows("select kind, count(*) from data_issue group by kind order by kind")
    rows = store.rows(
        "select d.table_name, d.column_name, d.kind, d.key, d.value, s.file, d.line, d.message "
        "from data_issue as d left join source as s using (source_no) "
        "qualify row_number() over "
        "(partition by d.kind order by d.table_name, d.column_name, d.key, d.line) <= ? "
        "order by d.kind, d.table_name, d.column_name, d.key, d.line",
        [EXAMPLES],
    )
    names = ("table", "column", "kind", "key", "value", "file", "line", "message")
    return {
        "total": sum(number for _, number in kinds),
        "by_kind": dict(kinds),
        "examples": [dict(zip(names, row, strict=True)) for row in rows],
    }


def _import_issues(store: Store) -> dict[str, Any]:
    """Return what could not be read: counts, and the first of each file."""
    files = store.rows(
        "select s.file, count(*) from import_issue join source as s using (source_no) "
        "group by s.file order by s.file"
    )
    rows = store.rows(
        "select s.file, i.line, i.column_name, i.expected, i.got "
        "from import_issue as i join source as s using (source_no) "
        "qualify row_number() over (partition by s.file order by i.line, i.column_name) <= ? "
        "order by s.file, i.line, i.column_name",
        [EXAMPLES],
    )
    names = ("file", "line", "column", "expected", "got")
    return {
        "total": sum(number for _, number in files),
        "by_file": dict(files),
        "examples": [dict(zip(names, row, strict=True)) for row in rows],
    }
