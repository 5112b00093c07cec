"""Which findings count for which catalogue, where catalogues disagree about what is critical.

Each check runs once, over the components that any loaded list of critical functions names. A catalogue
answers only for those that its own list names: a base station that is critical in a draft alone is no
failure of the catalogue in force. A catalogue without a list of its own has the default one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof import derived
from netproof.catalogue.check import FOUND, Outcome
from netproof.catalogue.loader import DEFAULT_LIST
from netproof.tables.tree import tables_read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netproof.catalogue.control import Catalogue
    from netproof.checks.run import Result
    from netproof.tables.store import Store


@dataclass(frozen=True, slots=True)
class Concern:
    """What a check came to for one catalogue.

    Attributes:
        counts: Findings that count for it, by outcome.
        others: Findings about what only another catalogue's list calls critical.
        mixed: Subjects judged by components of which only some are critical in this catalogue's list.
    """

    outcome: Outcome
    counts: Mapping[Outcome, int]
    others: int = 0
    mixed: int = 0


_SUBJECTS = {
    "certificate": "select t.certificate_id from {critical} as c join certificate as t using (product_id)",
    "channel": "select t.channel_id from {critical} as c join channel as t using (component_id)",
    "component": "select component_id from {critical}",
    "critical_function": "select function from {critical}",
    "declaration": (
        "select declaration_id from declaration where supplier_id in "
        "(select supplier_id from {critical} union all select maker_id from {critical})"
    ),
    "person": "select w.person_id from {critical} as c join critical_work as w using (component_id)",
    "product": "select product_id from {critical}",
    "site": "select site_id from {critical}",
    "supplier": "select supplier_id from {critical} union all select maker_id from {critical}",
    "work": "select w.work_id from {critical} as c join critical_work as w using (component_id)",
}
"""Subjects of each kind that critical components bring into a check's scope; other kinds count for all."""


def concerns(
    store: Store, catalogues: Sequence[Catalogue], results: Sequence[Result]
) -> dict[str, dict[str, Concern]]:
    """Return what each check came to for each catalogue, by their ids.

    Args:
        store: The tables, with `finding`.
        catalogues: The catalogues that are asked.
        results: What the checks found over all of them.
    """
    whole = {
        result.check.id: Concern(result.outcome, {o: result.counts.get(o, 0) for o in FOUND})
        for result in results
    }
    lists = {name for (name,) in store.rows("select distinct catalogue_id::varchar from critical_function")}
    told: dict[str | None, dict[str, Concern]] = {None: whole}
    chosen: dict[str, str | None] = {}
    for catalogue in catalogues:
        own = next((name for name in (catalogue.id, DEFAULT_LIST) if name in lists), None)
        chosen[catalogue.id] = own if len(lists) > 1 else None
    for own in dict.fromkeys(chosen.values()):
        if own is not None:
            told[own] = _within(store, own, results, whole)
    return {catalogue.id: told[chosen[catalogue.id]] for catalogue in catalogues}


def told_apart(mine: Sequence[Concern]) -> str:
    """Return in words what of a requirement's checks another catalogue has a part in."""
    others, mixed = sum(concern.others for concern in mine), max(concern.mixed for concern in mine)
    parts = []
    if others:
        parts.append(
            f"{others:,} further findings of its checks are about what only another catalogue calls critical"
        )
    if mixed:
        parts.append(
            f"up to {mixed:,} subjects of a check are judged together with such components: "
            "ask this catalogue alone to be exact"
        )
    return "; ".join(parts)


def _within(
    store: Store, own: str, results: Sequence[Result], whole: Mapping[str, Concern]
) -> dict[str, Concern]:
    """Return what each check came to within one list of critical functions."""
    named = (
        "join (select function, zone from critical_in where catalogue_id = $own) as i "
        "on c.function = i.function and c.zone is not distinct from i.zone"
    )
    if not store.rows(f"select 1 from critical_component as c anti {named} limit 1", {"own": own}):
        return dict(whole)
    connection = store.connection
    for name, kind in (("_own", "semi"), ("_foreign", "anti")):
        connection.execute(
            f"create or replace temp table {name} as select c.component_id, c.site_id, c.function, "
            f"c.product_id, c.supplier_id, c.maker_id from critical_component as c {kind} {named}",
            {"own": own},
        )
    lineage = derived.lineage()
    found: dict[str, Concern] = {}
    kept: dict[str, _Kept] = {}
    for result in results:
        check = result.check
        found[check.id] = whole[check.id]
        if result.outcome is Outcome.ERROR or check.subject not in _SUBJECTS:
            continue
        if "critical_function" not in lineage.read(tables_read(check.scope)):
            continue  # judges all components, critical or not
        if check.subject not in kept:
            kept[check.subject] = _kept(store, check.subject)
        in_scope = kept[check.subject].any_own or "critical_function" not in lineage.needed(check.scope)
        found[check.id] = _concern(result, kept[check.subject], in_scope=in_scope)
    connection.execute("drop table _foreign")
    connection.execute("drop table _own")
    return found


@dataclass(frozen=True, slots=True)
class _Kept:
    """What counts of the findings about one kind of subject.

    Attributes:
        counted: Findings that count, by check and outcome.
        any_own: Whether the list has such subjects.
        mixed: Subjects that components critical in this list and others bring into scope together.
    """

    counted: Counter[tuple[str, str]]
    any_own: bool
    mixed: int


def _kept(store: Store, subject: str) -> _Kept:
    """Return what counts of the findings about one kind of subject."""
    own, foreign = (
        f"select s::varchar from ({_SUBJECTS[subject].format(critical=name)}) as q(s) where s is not null"
        for name in ("_own", "_foreign")
    )
    rows = store.rows(
        "select check_id, outcome, count(*) from finding where subject_table = $subject and not waived "
        f"and (subject_id in ({own}) or subject_id not in ({foreign})) group by check_id, outcome",
        {"subject": subject},
    )
    counted = Counter({(check, outcome): number for check, outcome, number in rows})
    mixed = store.value(f"select count(*) from ({own} intersect {foreign})")
    return _Kept(counted, bool(store.rows(f"select 1 from ({own}) limit 1")), mixed)


def _concern(result: Result, kept: _Kept, *, in_scope: bool) -> Concern:
    """Return what a check came to by the findings that count.

    A site may pass by a component that is critical in another list only, so such a pass is a question.
    """
    counts = {outcome: kept.counted[result.check.id, str(outcome)] for outcome in FOUND}
    clean = Outcome.PASS if in_scope and result.in_scope else Outcome.NOT_APPLICABLE
    if clean is Outcome.PASS and kept.mixed and result.check.subject == "site":
        clean = Outcome.NEEDS_REVIEW
    outcome = next((o for o in FOUND if counts[o]), clean)
    others = len(result.findings) - result.waived - sum(counts.values())
    return Concern(outcome, counts, others, kept.mixed)
