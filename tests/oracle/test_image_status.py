"""image_status is what its slow twin says, and what another query says that shares nothing with it."""

from __future__ import annotations

import pytest

from tests.fleets import AS_OF, STATE, Rows, fleet, fleet_store, told
from tests.oracle.naive_fleet import verdicts

FLEETS = [fleet(seed) for seed in range(100)]
COLUMNS = (
    "slot", "product_id", "version", "sha256", "observed_at", "first_seen_at", "entry_index", "logged_at",
    "status", "signed_not_logged", "fleet_differs", "compared_differs", "changed_after", "changed_at",
    "change_recorded", "rebuild", "said_version", "said_at",
)  # fmt: skip
KINDS = {
    "status": 6, "signed_not_logged": 2, "fleet_differs": 2, "compared_differs": 3, "change_recorded": 3,
    "rebuild": 4,
}  # fmt: skip

OTHERWISE = """
with shown as (
    select
        c.component_id, c.product_id, o.slot, o.sha256, coalesce(o.version, c.version) as version, o.version as said,
        o.observed_at,
        rank() over (partition by o.component_id, o.slot order by o.sha256 is null, o.observed_at desc) as nth
    from component as c
    left join observation as o
        on o.component_id = c.component_id and o.slot in ('image', 'firmware') and o.observed_at < '2026-11-02'
    where coalesce(c.retired_on > '2026-11-01', true) and (
        o.slot is not null or c.version is not null
        or c.product_id in (from release select product_id union from logged_release select product_id)
    )
),

judged as (
    select
        component_id,
        case
            when exists (
                select 1 from logged_withdrawal as w where w.sha256 = s.sha256 or w.part is null and exists (
                    select 1 from (
                        select s.product_id::varchar as p, s.version::varchar as v
                        union all
                        (select l.product_id, l.version from logged_release as l where l.sha256 = s.sha256
                        order by case when l.product_id <> s.product_id then 2 when l.version <> s.version then 1 else 0 end,
                l.entry_index limit 1)
                    ) where p = w.product_id and v = w.version
                )
            ) then 1
            when s.sha256 is null then 5
            when not exists (select 1 from logged_release as l where l.sha256 = s.sha256) then 2
            when exists (
                select 1 from logged_release as l where l.product_id = s.product_id and l.version = s.version
            ) and not exists (
                select 1 from logged_release as l
                where l.sha256 = s.sha256 and l.product_id = s.product_id and l.version = s.version
            ) then 3
            when s.slot = 'image' and s.product_id is not null and not exists (
                select 1 from logged_release as l where l.sha256 = s.sha256 and l.product_id = s.product_id
            ) then 3
            else coalesce((
                select case when l.logged_at > (
                    select min(o.observed_at) from observation as o
                    where o.sha256 = s.sha256 and o.slot in ('image', 'firmware') and o.observed_at < '2026-11-02'
                ) then 4 when l.logged_at is null then 5 else 6 end
                from logged_release as l where l.sha256 = s.sha256
                order by case when l.product_id <> s.product_id then 2 when l.version <> s.version then 1 else 0 end,
                l.entry_index limit 1
            ), 6)
        end as place
    from shown as s
    where nth = 1
    union all
    select s.component_id, case when w.version is not null then 1 else 5 end
    from shown as s
    left join component as c on s.component_id = c.component_id
    left join shown as o on s.component_id = o.component_id and s.slot = o.slot and o.sha256 is null
        and (s.sha256 is null or s.observed_at < o.observed_at)
    cross join lateral (
        select o.said as version where s.slot is not null
        union
        select c.version where s.slot is not null
            and not exists (select 1 from shown as d where d.component_id = s.component_id and d.sha256 is not null)
    ) as v
    left join logged_withdrawal as w
        on s.product_id = w.product_id and v.version = w.version and w.part is null
    where s.nth = 1 and v.version is distinct from s.version and v.version is not null
        and (w.version is not null or s.sha256 is not null)
        and not exists (
            select 1 from (
                from logged_release as l select l.version where l.sha256 = s.sha256
                order by case when l.product_id <> s.product_id then 2 when l.version <> s.version then 1 else 0 end,
                l.entry_index limit 1
            ) as n where n.version = v.version
        )
)

select component_id, list_extract(['withdrawn', 'unknown', 'differs', 'late', 'no_evidence', 'logged'], min(place))
from judged group by component_id
"""
"""The verdict alone, by windows and subqueries of each row in place of joins over the fleet."""


def test_image_status_is_what_another_query_says() -> None:
    store = fleet_store(FLEETS)

    want = store.rows(OTHERWISE + " order by component_id")

    assert store.rows("select component_id, status from image_status order by component_id") == want


@pytest.mark.parametrize("state", [[STATE], [], [{**STATE, "problem": "it is torn"}]])
def test_image_status_is_what_the_slow_twin_says(state: Rows) -> None:
    want = {
        component: {name: row[name] for name in COLUMNS}
        for tables in FLEETS
        for component, row in verdicts({**tables, "log_state": state}, AS_OF).items()
    }

    assert told(FLEETS, COLUMNS, state) == want


def test_random_fleets_hold_every_verdict_and_every_finding() -> None:
    rows = told(FLEETS, COLUMNS).values()

    assert {name: len({row[name] for row in rows}) for name in KINDS} == KINDS
