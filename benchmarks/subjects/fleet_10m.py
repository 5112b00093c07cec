"""What do the verdicts on 10 million observations against 1 million releases cost over one query by hand?

The query by hand gives the same statuses, times and changes in raw DuckDB (tests/oracle/test_fleet_by_hand.py
compares the rows), as one writes it who knows that every observation here has a digest, each digest is logged
once, each component has one slot and never runs again what it ran before. netproof assumes none of these, and
tells every reason, other digests of one release, words without a digest and other operators' logs too. Beside
it stands the left join alone, of every observation with the log, which gives no verdict.
"""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING

from benchmarks.registry import Phase, Subject, in_process
from netproof import derived
from netproof.tables.load import load
from netproof.tables.rows import stage_rows
from netproof.tables.store import Store

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = date(2026, 11, 1)
COMPONENTS = int(os.environ.get("NETPROOF_FLEET_COMPONENTS", "1_000_000"))
RELEASES = int(os.environ.get("NETPROOF_FLEET_RELEASES", "1_000_000"))
TIMES = 10
"""Observations of each component, a day apart."""
VERSIONS = 50
"""Releases of each product."""
RUNNING = 20_000
"""Releases that run anywhere; the log also holds all the others."""
CHANGED = 10
"""One component in so many changed what it runs in these days."""

BARE = """
select o.component_id, o.observed_at, l.entry_index, l.logged_at
from observation as o
left join logged_release as l on o.sha256 = l.sha256
"""
BY_HAND = """
with seen as (
    select component_id, version, sha256, observed_at
    from observation
    where slot = 'image' and observed_at < $as_of + interval 1 day
),

latest as (
    select
        component_id, max(observed_at) as observed_at, arg_max(sha256, observed_at) as sha256,
        arg_max(version, observed_at) as version
    from seen
    group by component_id
),

first_on_component as (
    select component_id, sha256, min(observed_at) as first_seen_at from seen group by component_id, sha256
),

first_in_fleet as (
    select sha256, min(observed_at) as seen_at from seen group by sha256
),

other_before as (
    select s.component_id, max(s.observed_at) as changed_after
    from seen as s
    inner join latest as l on s.component_id = l.component_id
    where s.sha256 <> l.sha256
    group by s.component_id
),

worked as (
    select w.component_id, max(w.done_at) as worked_at
    from work as w
    inner join other_before as b on w.component_id = b.component_id
    inner join latest as l on w.component_id = l.component_id
    inner join first_on_component as f on l.component_id = f.component_id and l.sha256 = f.sha256
    where cast(w.done_at as date) <= cast(f.first_seen_at as date)
    group by w.component_id
)

select
    a.component_id, a.product_id, o.version, o.sha256, o.observed_at, f.first_seen_at, l.entry_index,
    l.logged_at,
    case
        when o.sha256 is null then 'no_evidence'
        when d.entry_index is not null or r.entry_index is not null then 'withdrawn'
        when l.entry_index is null then 'unknown'
        when l.product_id <> a.product_id then 'differs'
        when l.version <> o.version and c.entry_index is not null then 'differs'
        when l.logged_at > g.seen_at then 'late'
        when l.logged_at is null then 'no_evidence'
        else 'logged'
    end as status,
    'entry ' || l.entry_index || ', proven by ' || cast(l.logged_at as date) as reason,
    case
        when b.changed_after is not null
            then coalesce(cast(w.worked_at as date) >= cast(b.changed_after as date), false)
    end as change_recorded,
    k.result as rebuild
from active_component as a
left join latest as o on a.component_id = o.component_id
left join first_on_component as f on o.component_id = f.component_id and o.sha256 = f.sha256
left join first_in_fleet as g on o.sha256 = g.sha256
left join other_before as b on a.component_id = b.component_id
left join worked as w on a.component_id = w.component_id
left join logged_release as l on o.sha256 = l.sha256
left join logged_release as c on a.product_id = c.product_id and o.version = c.version
left join logged_withdrawal as d on o.sha256 = d.sha256
left join logged_withdrawal as r on a.product_id = r.product_id and o.version = r.version
left join logged_rebuild as k on o.sha256 = k.sha256
"""

COMPONENT = f"""
insert into component by name
select
    'component-' || c as component_id, 'P' || (r // {VERSIONS}) as product_id,
    'v' || (r % {VERSIONS}) as version
from (select c, (hash(c) % {RUNNING})::bigint as r from range({{components}}) as t(c))
"""
OBSERVATION = f"""
insert into observation by name
select
    'component-' || c as component_id, 'image' as slot, 'v' || (r % {VERSIONS}) as version,
    timestamp '2026-10-20 03:00:00' + to_days(day::integer) as observed_at,
    unhex(sha256('release ' || r)) as sha256
from (
    select
        c, day,
        (hash(case when c % {CHANGED} = 0 and day > 4 then c + {{components}} else c end)
        % {RUNNING})::bigint as r
    from range({TIMES}) as d(day), range({{components}}) as t(c)
)
"""
LOGGED = f"""
insert into logged_release by name
select
    r as entry_index, 'P' || (r // {VERSIONS}) as product_id, 'v' || (r % {VERSIONS}) as version,
    unhex(sha256('release ' || r)) as sha256,
    timestamp '2026-10-01' + to_hours((r % 600)::integer) as logged_at
from range({{releases}}) as t(r)
where r % 100 <> 7
"""
STATE = """
insert into log_state by name
select 'log' as origin, count(*) as size, timestamp '2026-10-31' as checkpoint_at, true as quorum
from logged_release
"""
WORK = f"""
insert into work by name
select
    'W' || c as work_id, 'component-' || c as component_id, timestamp '2026-10-24 23:00:00' as done_at
from range(0, {{components}}, {2 * CHANGED}) as t(c)
"""


def fleet(components: int = COMPONENTS, releases: int = RELEASES) -> Store:
    """Return a store with a fleet, what was seen of it, and a log; one digest in a hundred is not in it.

    Args:
        components: How many, each seen ten times.
        releases: How many were published.
    """
    store = Store.empty()
    products = max(releases // VERSIONS, RUNNING // VERSIONS)
    rows = [[f"P{number}", f"v{number % VERSIONS}"] for number in range(products)]
    load(store, [stage_rows(store, "release", ["product_id", "version"], rows, file="made up")])
    for sql in (COMPONENT, OBSERVATION, LOGGED, STATE, WORK):
        store.connection.execute(sql.format(components=components, releases=releases))
    derived.build(store, AS_OF, only=["active_component"])
    return store


def prepare(scratch: Path) -> list[Phase]:
    """Make the fleet once, in memory; each phase makes its table anew."""
    del scratch
    store = fleet()
    mine = derived.resting_on(["observation"])

    def by(sql: str) -> None:
        named = {"as_of": AS_OF} if "$as_of" in sql else None
        store.connection.execute(f"create or replace table by_hand as {sql}", named)

    def verdicts() -> None:
        derived.drop(store, mine)
        derived.build(store, AS_OF, only=["image_status"])

    hand = "by hand: the same verdicts in one query of raw DuckDB"
    bare = "the left join of observations with the log alone"
    return [
        Phase(hand, in_process(lambda: by(BY_HAND))),
        Phase("netproof: image_status and all that it rests on", in_process(verdicts), against=hand),
        Phase(bare, in_process(lambda: by(BARE)), against=hand),
    ]


SUBJECT = Subject("verdicts on a fleet of 10 million observations, 1 million releases", prepare, repeats=3)
