-- Regions with components of the access network in use on the date. Key: region.
-- Facilities (power, cooling) and components without a known function carry no traffic and are not counted.
select
    cast(sum(components) as bigint) as components,
    coalesce(cast(region as varchar), '(no region recorded)') as region
from component_cell
where zone = 'access' and function is not null and function not in ('FACILITY', 'OTHER')
group by region
