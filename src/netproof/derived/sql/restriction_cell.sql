-- How many components in use are alike for a restriction, and how many people they serve first.
-- Key: supplier_id, maker_id, function, zone, region, sensitive.
-- People of a site are spread over its components where those name none; uncounted are those of neither.
with served as (
    select
        a.supplier_id,
        a.maker_id,
        a.function,
        a.zone,
        a.region,
        s.sensitive,
        cast(c.population as double) as own_people,
        s.population as site_people,
        count(*) filter (where c.population is null) over (partition by a.site_id) as sharers
    from active_component as a
    inner join component as c on a.component_id = c.component_id
    left join site as s on a.site_id = s.site_id
    -- Only caps ask for it.
    where (select count(*) from restriction as r where coalesce(r.effect = 'cap', true)) > 0
),

counted as (
    select
        supplier_id,
        maker_id,
        function,
        zone,
        region,
        sensitive,
        coalesce(own_people, site_people / nullif(sharers, 0)) as people
    from served
)

select
    supplier_id,
    maker_id,
    function,
    zone,
    region,
    sensitive,
    count(*) as components,
    coalesce(sum(people), 0) as people,
    count(*) - count(people) as uncounted
from counted
group by supplier_id, maker_id, function, zone, region, sensitive
