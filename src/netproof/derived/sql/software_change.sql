-- The last change of what runs in a slot of a component, where more than one thing was seen there.
-- Key: component_id, slot. changed_after: when it was last seen to run something else; changed_at: when it
-- was first seen to run this since. Both are NULL where nothing else was seen.
with before as (
    select
        r.component_id,
        r.slot,
        coalesce(min(o.first_seen_at) filter (where o.sha256 = r.sha256), r.first_seen_at) as first_seen_at,
        max(o.last_seen_at) filter (
            where coalesce(o.sha256 <> r.sha256, o.version <> r.seen_version, false)
        ) as changed_after
    from running_software as r
    inner join observed_state as o on r.component_id = o.component_id and r.slot = o.slot
    where r.states > 1
    group by r.component_id, r.slot, r.first_seen_at
),

since as (
    select
        b.component_id,
        b.slot,
        b.first_seen_at,
        b.changed_after,
        min(o.first_seen_at) as changed_at
    from before as b
    left join observed_state as o
        on b.component_id = o.component_id and b.slot = o.slot and b.changed_after < o.last_seen_at
    group by b.component_id, b.slot, b.first_seen_at, b.changed_after
),

-- It ran before, then something else, then it again: only the single observations tell since when.
returned as (
    select
        s.component_id,
        s.slot,
        min(o.observed_at) as changed_at
    from since as s
    inner join observation as o on s.component_id = o.component_id and s.slot = o.slot
    where s.changed_at < s.changed_after and o.observed_at > s.changed_after
    group by s.component_id, s.slot
),

change as (
    select
        s.component_id,
        s.slot,
        s.first_seen_at,
        s.changed_after,
        coalesce(r.changed_at, s.changed_at) as changed_at
    from since as s
    left join returned as r on s.component_id = r.component_id and s.slot = r.slot
)

select
    c.component_id,
    c.slot,
    c.first_seen_at,
    c.changed_after,
    c.changed_at,
    max(w.done_at) as worked_at
from change as c
left join work as w
    on c.component_id = w.component_id and cast(w.done_at as date) <= cast(c.changed_at as date)
group by c.component_id, c.slot, c.first_seen_at, c.changed_after, c.changed_at
