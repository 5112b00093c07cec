-- Critical components that a signal watches, and what their signals tell on the date. Key: component_id.
-- signal: one that tells more than whether it is up; empty: there is none.
-- last_seen_at: when a signal that is up was last heard up to the date; empty: none was.
-- known: of every signal the state is recorded, and of those that are up a time up to the date.
with heard as (
    select
        m.component_id,
        m.signal,
        m.state,
        case when m.last_seen_at < $as_of + interval 1 day then m.last_seen_at end as last_seen_at
    from monitor as m
    inner join critical_component as c on m.component_id = c.component_id
)

select
    component_id,
    max(case when lower(signal) <> 'up' then signal end) as signal,
    max(case when state = 'up' then last_seen_at end) as last_seen_at,
    bool_and(state is not null and (state <> 'up' or last_seen_at is not null)) as known
from heard
group by component_id
