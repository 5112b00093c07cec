-- Who is without a service before anything fails. Key: service_id; not the row for all services together.
-- people: all people of the network; empty where none are recorded.
select
    service_id,
    nullif(people, 0) as people,
    lost_people,
    reason
from outage_baseline
where service_id <> ''
