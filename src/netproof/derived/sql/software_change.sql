-- The last change of what runs in a slot of a component, where more than one thing was seen there.
-- Key: component_id, slot. changed_after: when it was last seen to run something else; changed_at: when it
-- was first seen to run this since. Both are NULL where nothing else was seen. Digests alone are looked at
-- first, then all that was seen; the change without work before it counts, so no word hides one of digests.
with crowded as (
    select
        o.rowid as place,
        o.component_id,
        o.slot,
        o.version,
        o.sha256,
        o.first_seen_at,
        o.last_seen_at,
        r.heard_at
    from running_software as r
    inner join observed_state as o on r.component_id = o.component_id and r.slot = o.slot
    where r.states > 1
),

shown as (
    select
        true as measured,
        *
    from crowded
    where sha256 is not null
    union all
    select
        false as measured,
        *
    from crowded
    where heard_at is not null
),

latest as (
    select
        measured,
        arg_max(place, last_seen_at) as place
    from shown
    group by measured, component_id, slot
),

before as (
    select
        r.measured,
        r.component_id,
        r.slot,
        coalesce(min(o.first_seen_at) filter (where o.sha256 = r.sha256), r.first_seen_at) as first_seen_at,
        max(o.last_seen_at) filter (
            where coalesce(o.sha256 <> r.sha256, o.version <> r.version, false)
        ) as changed_after
    from latest as l
    inner join shown as r on l.measured = r.measured and l.place = r.place
    inner join shown as o on r.measured = o.measured and r.component_id = o.component_id and r.slot = o.slot
    group by r.measured, r.component_id, r.slot, r.first_seen_at
),

since as (
    select
        b.measured,
        b.component_id,
        b.slot,
        b.first_seen_at,
        b.changed_after,
        min(o.first_seen_at) as changed_at
    from before as b
    left join shown as o
        on
            b.measured = o.measured and b.component_id = o.component_id and b.slot = o.slot
            and b.changed_after < o.last_seen_at
    group by b.measured, b.component_id, b.slot, b.first_seen_at, b.changed_after
),

-- It ran before, then something else, then it again: only the single observations tell since when.
returned as (
    select
        s.measured,
        s.component_id,
        s.slot,
        min(o.observed_at) as changed_at
    from since as s
    inner join observation as o on s.component_id = o.component_id and s.slot = o.slot
    where
        s.changed_at < s.changed_after and o.observed_at > s.changed_after
        and (not s.measured or o.sha256 is not null)
    group by s.measured, s.component_id, s.slot
),

change as (
    select
        s.measured,
        s.component_id,
        s.slot,
        s.first_seen_at,
        s.changed_after,
        coalesce(r.changed_at, s.changed_at) as changed_at
    from since as s
    left join returned as r
        on s.measured = r.measured and s.component_id = r.component_id and s.slot = r.slot
),

worked as (
    select
        c.measured,
        c.component_id,
        c.slot,
        c.first_seen_at,
        c.changed_after,
        c.changed_at,
        max(w.done_at) as worked_at
    from change as c
    left join work as w
        on c.component_id = w.component_id and cast(w.done_at as date) <= cast(c.changed_at as date)
    group by c.measured, c.component_id, c.slot, c.first_seen_at, c.changed_after, c.changed_at
),

ranked as (
    select
        *,
        max(case when measured then first_seen_at end) over (partition by component_id, slot) as measured_at,
        row_number() over (
            partition by component_id, slot
            order by
                changed_at is null,
                coalesce(cast(worked_at as date) >= cast(changed_after as date), false),
                changed_at desc,
                measured desc
        ) as nth
    from worked
)

select
    component_id,
    slot,
    coalesce(measured_at, first_seen_at) as first_seen_at,
    changed_after,
    changed_at,
    worked_at
from ranked
where nth = 1
