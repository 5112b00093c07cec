-- To which other sites the links of a site lead, by ends in use on the date. Key: site_id, other_site_id.
-- For all sites but cell sites, offices and the like, of which only the number is large. A row without
-- other_site_id: a link leaves the site, but where it goes is not recorded.
with hub as (
    select site_id
    from site
    where kind is null or kind in ('core_dc', 'regional_dc', 'edge', 'pop')
),

hub_end as (
    select
        site_id as end_id,
        site_id
    from hub
    union all
    select
        a.component_id as end_id,
        a.site_id
    from active_component as a
    inner join hub as h on a.site_id = h.site_id
),

leaving as (
    select
        e.site_id,
        l.b_id as far_id
    from link as l
    inner join hub_end as e on l.a_id = e.end_id
    union all
    select
        e.site_id,
        l.a_id as far_id
    from link as l
    inner join hub_end as e on l.b_id = e.end_id
),

arriving as (
    select
        l.site_id,
        coalesce(c.site_id, s.site_id) as other_site_id,
        coalesce(c.first_used_on <= $as_of, true) and coalesce(c.retired_on > $as_of, true) as in_use
    from leaving as l
    left join component as c on l.far_id = c.component_id
    left join site as s on l.far_id = s.site_id
)

select distinct
    site_id,
    other_site_id
from arriving
where in_use and site_id is distinct from other_site_id
