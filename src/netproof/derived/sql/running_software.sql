-- What runs in each slot of each component in use, as last measured with a digest; where none ever was, as
-- last seen. Key: component_id, slot. heard_at: when something was last seen there without a digest;
-- states: how many different things were seen there. version: as seen, or else as the inventory records it.
-- Components with software on which nothing was seen have one row without slot: a version is recorded, or
-- their product has releases.
with latest as (
    select
        coalesce(
            arg_max(rowid, last_seen_at) filter (where sha256 is not null), arg_max(rowid, last_seen_at)
        ) as place,
        max(last_seen_at) filter (where sha256 is null) as heard_at,
        count(*) as states
    from observed_state
    group by component_id, slot
),

seen as (
    select
        o.component_id,
        o.slot,
        o.version,
        o.sha256,
        o.first_seen_at,
        o.last_seen_at,
        o.source,
        l.heard_at,
        l.states
    from observed_state as o
    inner join latest as l on o.rowid = l.place
),

released as (
    select product_id
    from release
    where product_id is not null
    union
    select product_id
    from logged_release
    where product_id is not null
)

select
    a.component_id,
    s.slot,
    a.product_id,
    coalesce(s.version, a.version) as version,
    s.sha256,
    s.last_seen_at as observed_at,
    s.first_seen_at,
    s.source,
    s.version as seen_version,
    s.heard_at,
    s.states
from active_component as a
left join seen as s on a.component_id = s.component_id
left join released as r on a.product_id = r.product_id
where s.component_id is not null or a.version is not null or r.product_id is not null
