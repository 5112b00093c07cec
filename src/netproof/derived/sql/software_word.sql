-- The version that counts against what was measured or recorded: said without a digest since the last digest,
-- withdrawn before others, then the newest. Key: component_id, slot. Where no digest was ever measured there,
-- only withdrawn ones count, and the inventory's version among them: no later word takes one back.
with measured as (
    select distinct component_id
    from running_software
    where sha256 is not null
),

said as (
    select
        r.component_id,
        r.slot,
        r.product_id,
        r.version as running,
        r.sha256,
        o.version,
        o.last_seen_at as said_at
    from running_software as r
    inner join observed_state as o on r.component_id = o.component_id and r.slot = o.slot
    where r.heard_at is not null and o.sha256 is null and (r.sha256 is null or o.last_seen_at > r.observed_at)
    union all
    select
        r.component_id,
        r.slot,
        r.product_id,
        r.version as running,
        r.sha256,
        a.version,
        null as said_at
    from running_software as r
    inner join active_component as a on r.component_id = a.component_id
    left join measured as m on r.component_id = m.component_id
    where r.slot is not null and m.component_id is null
),

withdrawn as (
    select
        w.product_id,
        w.version,
        min(w.entry_index) as entry_index
    from logged_withdrawal as w
    inner join log_state as g on g.problem is null
    where w.part is null
    group by w.product_id, w.version
),

judged as (
    select
        s.component_id,
        s.slot,
        s.version,
        s.said_at,
        w.entry_index as withdrawal_index,
        row_number() over (
            partition by s.component_id, s.slot
            order by w.entry_index is null asc, s.said_at desc nulls last, s.version asc
        ) as nth
    from said as s
    left join software_entry as e
        on
            s.slot = e.slot
            and s.product_id is not distinct from e.product_id
            and s.running is not distinct from e.version
            and s.sha256 = e.sha256
    left join withdrawn as w on s.product_id = w.product_id and s.version = w.version
    where
        coalesce(s.version <> s.running, s.version is not null)
        and coalesce(s.version <> e.logged_version, true)
        and (s.sha256 is not null or w.entry_index is not null)
)

select
    component_id,
    slot,
    version,
    said_at,
    withdrawal_index
from judged
where nth = 1
