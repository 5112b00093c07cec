-- Zones with critical components on the date, and how many. Key: zone.
select
    cast(zone as varchar) as zone,
    count(*) as components
from critical_component
where zone is not null
group by zone
