-- For every event the service that loses the largest part of its people to it, beyond those who are without
-- it from the start. Key: kind, event_id. lost_people is 0, and service_id empty, where nobody loses any.
-- people: all people of the network; empty, with lost_share, where none are recorded: nothing can be shown.
with told as (
    select
        kind,
        event_id,
        service_id,
        lost_people,
        row_number() over (partition by kind, event_id order by lost_people desc, service_id asc) as place
    from outage_service
),

counted as (
    select nullif(max(people), 0) as people
    from outage_baseline
)

select
    o.kind,
    o.event_id,
    t.service_id,
    coalesce(t.lost_people, 0) as lost_people,
    c.people,
    coalesce(t.lost_people, 0) / c.people as lost_share
from outage as o
cross join counted as c
left join told as t on o.kind = t.kind and o.event_id = t.event_id and t.place = 1
