"""Which findings are accepted until a day, by whom and why.

An accepted finding stays listed and does not count in its check's outcome while its waiver holds. After the
end it counts again and says so. A waiver for something that was not found is told as a data issue.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from netproof.catalogue.check import FOUND, Outcome

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from netproof.checks.run import Result
    from netproof.tables.store import Store

EVERY = "*"
"""Subject of a waiver that accepts every finding of its check."""
IDLE = "idle_waiver"
"""Kind of data issue: a waiver that holds and meets no finding."""
ACCEPTED = "_accepted"
"""Table of the findings that a waiver names, with what it says and whether it holds (`waived`)."""

_FINDINGS = pa.schema(
    [
        ("run", pa.int64()),
        ("check_id", pa.string()),
        ("place", pa.int64()),
        ("subject_id", pa.string()),
        ("outcome", pa.string()),
    ]
)


def accept(store: Store, results: Sequence[Result], as_of: date, known: Collection[str]) -> list[Result]:
    """Return the results without what is accepted on a date, and fill table `_accepted`.

    The table holds the findings of each check's result over all catalogues; those for some of them are
    accepted by the same waivers.

    Args:
        store: The tables.
        results: What the checks found.
        as_of: The date.
        known: Ids of all checks that there are, asked or not.
    """
    _match(store, results, as_of)
    _tell_idle(store, results, as_of, known)
    counted = store.rows(
        f"select run, f.outcome, count(*) from {ACCEPTED} as a join _findings as f "
        "using (run, place) where a.waived group by run, f.outcome"
    )
    store.connection.unregister("_findings")
    for_some = [number for number, result in enumerate(results) if result.catalogues]
    if for_some:
        store.connection.execute(f"delete from {ACCEPTED} where list_contains(?, run)", [for_some])
    waived: dict[int, dict[str, int]] = {}
    for run, outcome, number in counted:
        waived.setdefault(run, {})[outcome] = number
    return [_without(result, waived.get(number, {})) for number, result in enumerate(results)]


def _without(result: Result, waived: dict[str, int]) -> Result:
    """Return a result in which the accepted findings do not count."""
    if not waived:
        return result
    counts = {outcome: result.counts.get(outcome, 0) - waived.get(str(outcome), 0) for outcome in FOUND}
    clean = Outcome.PASS if result.in_scope else Outcome.NOT_APPLICABLE
    outcome = next((o for o in FOUND if counts[o]), clean)
    return replace(result, outcome=outcome, counts=counts, waived=sum(waived.values()))


def _match(store: Store, results: Sequence[Result], as_of: date) -> None:
    """Find for each finding the waiver that names it: one that holds, the subject's own, the longest."""
    named = {check for (check,) in store.rows("select distinct check_id from waiver")}
    parts = [
        pa.table(
            [
                pa.array([number] * len(result.findings), pa.int64()),
                pa.array([result.check.id] * len(result.findings), pa.string()),
                pa.array(range(len(result.findings)), pa.int64()),
                result.findings["subject_id"],
                result.findings["outcome"],
            ],
            schema=_FINDINGS,
        )
        for number, result in enumerate(results)
        if result.check.id in named
    ]
    store.connection.register("_findings", pa.concat_tables(parts) if parts else _FINDINGS.empty_table())
    store.connection.execute(
        f"create or replace temp table {ACCEPTED} as "
        "with w as (select check_id, subject_id, reason, owner_role, ends_on, ends_on >= $as_of as holds "
        "from waiver where granted_on <= $as_of), "
        "met as ("
        "select f.run, f.check_id, f.place, w.* exclude (check_id, subject_id), true as own "
        "from _findings as f join w on f.check_id = w.check_id and f.subject_id = w.subject_id "
        "union all "
        "select f.run, f.check_id, f.place, w.* exclude (check_id, subject_id), false as own "
        f"from _findings as f join w on f.check_id = w.check_id where w.subject_id = '{EVERY}') "
        "select run, check_id, place, reason as waiver_reason, owner_role as waiver_owner, "
        "ends_on as waiver_ends_on, holds as waived from met "
        "qualify row_number() over (partition by run, place "
        "order by holds desc, own desc, ends_on desc, reason, owner_role) = 1",
        {"as_of": as_of},
    )


def _tell_idle(store: Store, results: Sequence[Result], as_of: date, known: Collection[str]) -> None:
    """Put the waivers that hold and meet nothing into `data_issue`.

    Of a check that was not asked, or did not finish, nothing is known.
    """
    connection = store.connection
    connection.execute("delete from data_issue where kind = ?", [IDLE])
    broken = {result.check.id for result in results if result.outcome is Outcome.ERROR}
    ran = sorted({result.check.id for result in results} - broken)
    connection.execute(
        "insert into data_issue "
        "select 'waiver', 'subject_id', $kind, w.check_id || '/' || w.subject_id || '/' || w.granted_on, "
        "w.subject_id, case when list_contains($known, w.check_id) "
        "then w.check_id || ' finds nothing about ' || "
        f"case when w.subject_id = '{EVERY}' then 'anything' else w.subject_id end "
        "|| ' that this waiver, until ' || w.ends_on || ', would accept' "
        "else 'no check is called ' || w.check_id end, w._source, w._row from waiver as w "
        "where w.granted_on <= $as_of and w.ends_on >= $as_of and ("
        "not list_contains($known, w.check_id) or (list_contains($ran, w.check_id) and not exists ("
        "select 1 from _findings as f where f.check_id = w.check_id "
        f"and (f.subject_id = w.subject_id or w.subject_id = '{EVERY}')))) "
        "order by w._source, w._row",
        {"kind": IDLE, "as_of": as_of, "known": sorted(known), "ran": ran},
    )
    connection.execute(
        "insert into data_issue select 'waiver', 'document', 'missing_document', s.key, s.document, "
        "'document ' || s.document || ' of this waiver is missing', s._source, s._row "
        "from document_status as s "
        "where s.table_name = 'waiver' and not s.exists and not exists (select 1 from data_issue as d "
        "where d.kind = 'missing_document' and d.key = s.key)"
    )
