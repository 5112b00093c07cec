"""What becomes of a network's verdicts on the days to come, if nothing in its records changes.

The tables are read once; for each date they are derived and checked anew, behind the same walls.
Evidence that ages (what was measured, watched or done) says nothing about a day to come, because
nobody can have measured then: a forecast of papers leaves it out and says so.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from netproof import derived
from netproof.catalogue.check import FOUND, WORST_FIRST, Check, Family
from netproof.pipeline.compare import change_of
from netproof.pipeline.lapses import lapses
from netproof.pipeline.model import model
from netproof.pipeline.stages import bind, derive_again, load, plan
from netproof.pipeline.standpoint import standpoints
from netproof.pipeline.turns import answers
from netproof.tables.tree import tables_read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from netproof.pipeline.request import Request
    from netproof.pipeline.stages import Plan, Progress
    from netproof.sources.documents.judge import Judge
    from netproof.tables.store import Store

SCHEMA_VERSION = "1.0"
PAPERS = (Family.CERTIFIED, Family.PAPERWORK, Family.RESTRICTED)
"""Families of verdicts that papers and their dates decide."""
DATED_COLUMN = "end_of_support_on"
"""A check of another family that reads it is decided by a date too."""
NOT_PASSING = ("error", "fail", "no_evidence", "needs_review")


def papers_only(asked: Plan) -> Plan:
    """Return the plan without what rests on evidence that ages.

    A requirement keeps its other checks; one that a person answers stays, since answers have an end.
    """
    kept = tuple(check for check in asked.checks if decided_by_papers(check))
    names = {check.id for check in kept}
    catalogues = []
    for catalogue in asked.catalogues:
        controls = tuple(
            replace(c, checks=tuple(n for n in c.checks if n in names))
            for c in catalogue.controls
            if not c.checks or names.intersection(c.checks)
        )
        catalogues.append(replace(catalogue, controls=controls))
    return replace(asked, catalogues=tuple(catalogues), checks=kept)


def decided_by_papers(check: Check) -> bool:
    """Return whether papers and dates alone decide a check."""
    return check.verdict in PAPERS or bool(re.search(rf"\b{DATED_COLUMN}\b", _text(check)))


def _text(check: Check) -> str:
    """Return all SQL that a check rests on."""
    texts = derived.derived_sql()
    wanted = set(check.reads) & texts.keys()
    for name in reversed(texts):
        if name in wanted:
            wanted |= tables_read(texts[name]) & texts.keys()
    return "\n".join([check.scope, check.sql, *(texts[name] for name in sorted(wanted))])


def forecast(
    request: Request, progress: Progress, *, before: Callable[[], None], judge: Judge | None = None
) -> dict[str, Any]:
    """Assess a network for every date of a request and return the forecast's model.

    Args:
        request: What is asked; its dates in order.
        progress: Told of every table and check before its turn.
        before: Called when the database is locked, before the first check.
        judge: Takes the documents apart, begun already.

    Cost: reading once, deriving and checking once a date.
    """
    whole = plan(request)
    asked = papers_only(whole) if request.papers_only else whole
    first = replace(request, as_of=request.dates[0], details=False)
    store = load(first, asked, progress, judge=judge)
    ready = bind(store, request, asked, before=before)
    points = standpoints(store, asked.beside)
    lapsing = lapses(store, points, request.dates[0], request.dates[-1], lambda *at: progress("derive", *at))
    told: list[dict[str, Any]] = []
    changes: list[dict[str, Any]] = []
    for number, day in enumerate(request.dates):
        if number:
            derive_again(store, asked, day, progress)
        dated = replace(first, as_of=day, findings_max=0)
        results = list(answers(store, dated, asked, ready, progress))
        told.append(model(store, dated, asked, results))
        if number:
            changes += _changes(store, request.dates[number - 1], day, request.findings_max)
            store.connection.execute("drop table _finding_before")
        store.connection.execute("alter table finding rename to _finding_before")
    return {
        "schema_version": SCHEMA_VERSION,
        "network": told[0]["network"],
        "dates": [day.isoformat() for day in request.dates],
        "papers_only": request.papers_only,
        "left_out": _left_out(whole, asked),
        "requirements": _requirements(told),
        "checks": _checks(told),
        "changes": changes,
        "certificates": lapsing,
        "import_issues": told[0]["import_issues"]["total"],
        "data_issues": told[0]["data_issues"]["total"],
    }


def _left_out(whole: Plan, asked: Plan) -> dict[str, list[str]]:
    """Return the checks and requirements about which the forecast says nothing."""
    names = {check.id for check in asked.checks}
    controls = {(c.id, r.id) for c in asked.catalogues for r in c.controls}
    return {
        "checks": [check.id for check in whole.checks if check.id not in names],
        "requirements": [
            r.id for c in whole.catalogues for r in c.controls if (c.id, r.id) not in controls
        ],
    }  # fmt: skip


def first_not_passing(dates: Sequence[str], outcomes: Sequence[str]) -> str | None:
    """Return the first date on which something does not pass."""
    return next((day for day, o in zip(dates, outcomes, strict=True) if o in NOT_PASSING), None)


def stops_passing(dates: Sequence[str], outcomes: Sequence[str]) -> str | None:
    """Return the first date on which something no longer passes that passed, or was not asked, before."""
    pairs = zip(dates[1:], outcomes, outcomes[1:], strict=False)
    return next((day for day, b, o in pairs if o in NOT_PASSING and b not in NOT_PASSING), None)


def _requirements(told: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return every requirement with its outcome on each date, and the findings that count for it."""
    dates = [one["as_of"] for one in told]
    rows = []
    for place, catalogue in enumerate(told[0]["catalogues"]):
        for number, requirement in enumerate(catalogue["requirements"]):
            on_dates = [one["catalogues"][place]["requirements"][number] for one in told]
            outcomes = [one["outcome"] for one in on_dates]
            found = [one.get("findings", {}) for one in on_dates]
            rows.append(
                {
                    "catalogue": catalogue["id"],
                    "id": requirement["id"],
                    "title": requirement["title"],
                    "checks": requirement["checks"],
                    "outcomes": outcomes,
                    "counts": {str(o): [one.get(o, 0) for one in found] for o in FOUND},
                    "first_not_passing": first_not_passing(dates, outcomes),
                    "stops_passing": stops_passing(dates, outcomes),
                }
            )
    return rows


def _checks(told: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return every check with its counts on each date."""
    dates = [one["as_of"] for one in told]
    rows = []
    for number, check in enumerate(told[0]["checks"]):
        on_dates = [one["checks"][number] for one in told]
        outcomes = [one["outcome"] for one in on_dates]
        rows.append(
            {
                "id": check["id"],
                "title": check["title"],
                "verdict": check["verdict"],
                "severity": check["severity"],
                "subject_table": check["subject_table"],
                "outcomes": outcomes,
                "in_scope": [one["in_scope"] for one in on_dates],
                "counts": {str(o): [one["counts"][str(o)] for one in on_dates] for o in FOUND},
                "first_not_passing": first_not_passing(dates, outcomes),
                "stops_passing": stops_passing(dates, outcomes),
                "message": next((one["message"] for one in on_dates if one["message"]), ""),
            }
        )
    return rows


# A finding that is accepted does not count; when its waiver ends it is new.
_CHANGED = """
    select
        check_id,
        subject_id,
        n.subject_table,
        o.outcome as outcome_before,
        n.outcome,
        o.reason as reason_before,
        n.reason,
        n.file,
        n.line,
        n.sha256,
        coalesce(list_position($order, n.outcome), 99) as rank
    from (from finding where not waived) as n
    full join (from _finding_before where not waived) as o using (check_id, subject_id)
    where n.outcome is distinct from o.outcome
"""


def _changes(store: Store, since: date, day: date, listed: int) -> list[dict[str, Any]]:
    """Return what became of findings from one date to the next, by check: counts, and the first of them."""
    order = {"order": [str(outcome) for outcome in WORST_FIRST]}
    counts: dict[str, dict[str, int]] = {}
    for check, before, now, number in store.rows(
        f"select check_id, outcome_before, outcome, count(*) from ({_CHANGED}) group by all order by all",
        order,
    ):
        kind = change_of(before, now)
        of_check = counts.setdefault(check, dict.fromkeys(("new", "worse", "better", "gone"), 0))
        of_check[kind] += number
    rows = store.rows(
        f"select * exclude (rank) from ({_CHANGED}) where outcome is not null "
        "qualify row_number() over (partition by check_id order by rank, subject_id) <= $listed "
        "order by check_id, rank, subject_id",
        order | {"listed": listed},
    )
    findings: dict[str, list[dict[str, Any]]] = {}
    for check, subject, table, before, now, reason_before, reason, file, line, sha256 in rows:
        findings.setdefault(check, []).append(
            {
                "subject_table": table,
                "subject_id": subject,
                "before": before,
                "outcome": now,
                "change": change_of(before, now),
                "reason_before": reason_before,
                "reason": reason,
                "source": None if file is None else {"file": file, "line": line, "sha256": sha256},
            }
        )
    return [
        {
            "date": day.isoformat(),
            "since": since.isoformat(),
            "check_id": check,
            "counts": number,
            "findings": findings.get(check, []),
        }
        for check, number in sorted(counts.items())
    ]


def steps(since: date, until: date, every: int) -> tuple[date, ...]:
    """Return a date, then the same day of every so many months up to another date.

    Args:
        since: The first date.
        until: The last date at most.
        every: Months between two dates.
    """
    dates = [since]
    month = since.year * 12 + since.month - 1
    while True:
        month += every
        year, place = divmod(month, 12)
        if year > date.max.year:
            return tuple(dates)
        day = date(year, place + 1, min(since.day, calendar.monthrange(year, place + 1)[1]))
        if day > until:
            return tuple(dates)
        dates.append(day)
