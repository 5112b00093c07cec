-- What runs in each slot of each component in use, as last seen. Key: component_id, slot.
-- Components with a product on which nothing was seen have one row without slot. version: as seen, or else as
-- the inventory records it; states: how many different things were seen there.
with latest as (
    select
        arg_max(rowid, last_seen_at) as place,
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
        l.states
    from observed_state as o
    inner join latest as l on o.rowid = l.place
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
    s.states
from active_component as a
left join seen as s on a.component_id = s.component_id
where a.product_id is not null or s.component_id is not null
