-- The links that leave a site, for all sites but cell sites, offices and the like, of which only the number
-- is large; a site whose kind is not recorded counts. Ends in use on the date only. Key: site_id, link_id.
-- other_site_id: where the link leads; empty: not recorded. towards_core: the other end is no cell site,
-- office or the like either. provider_id: who provides the line; empty: not recorded.
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
        l.link_id,
        l.provider_id,
        e.site_id,
        l.b_id as far_id
    from link as l
    inner join hub_end as e on l.a_id = e.end_id
    union all
    select
        l.link_id,
        l.provider_id,
        e.site_id,
        l.a_id as far_id
    from link as l
    inner join hub_end as e on l.b_id = e.end_id
),

arriving as (
    select
        l.link_id,
        l.provider_id,
        l.site_id,
        coalesce(c.site_id, s.site_id) as other_site_id,
        coalesce(c.first_used_on <= $as_of, true) and coalesce(c.retired_on > $as_of, true) as in_use
    from leaving as l
    left join component as c on l.far_id = c.component_id
    left join site as s on l.far_id = s.site_id
)

select
    a.link_id,
    a.provider_id,
    a.site_id,
    a.other_site_id,
    h.site_id is not null as towards_core
from arriving as a
left join hub as h on a.other_site_id = h.site_id
where a.in_use and a.site_id is distinct from a.other_site_id
