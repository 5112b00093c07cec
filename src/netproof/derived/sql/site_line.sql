-- The links that leave a site towards other sites through which the core is reached. Key: site_id, link_id.
-- Cell sites, offices and the like are left out on both ends; a site whose kind is not recorded is not.
-- Ends in use on the date only. provider_id is who provides the line; empty: not recorded.
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

joined as (
    select
        l.link_id,
        l.provider_id,
        a.site_id as a_site_id,
        b.site_id as b_site_id
    from link as l
    inner join hub_end as a on l.a_id = a.end_id
    inner join hub_end as b on l.b_id = b.end_id
    where a.site_id <> b.site_id
)

select
    link_id,
    provider_id,
    a_site_id as site_id,
    b_site_id as other_site_id
from joined
union all
select
    link_id,
    provider_id,
    b_site_id as site_id,
    a_site_id as other_site_id
from joined
