-- Sites with critical components that have links to too few other sites through which the core is reached.
-- Cell sites and offices are left out, on both ends; a site whose kind is not recorded is not.
with standing as (
    select distinct
        s.site_id,
        s.kind
    from site as s
    inner join critical_component as c on s.site_id = c.site_id
    where s.kind is null or s.kind in ('core_dc', 'regional_dc', 'edge', 'pop')
),

joined as (
    select
        site_id,
        count(distinct case when towards_core then other_site_id end) as others,
        max(case when other_site_id is null then 1 else 0 end) as loose
    from site_line
    group by site_id
)

select
    s.site_id as subject_id,
    case
        when j.site_id is null or j.loose = 1 or s.kind is null then 'no_evidence'
        else 'fail'
    end as outcome,
    case
        when j.site_id is null then 'no link to another site is recorded'
        when j.loose = 1
            then 'links to ' || j.others || ' known sites towards the core; where others go is not recorded'
        else 'sites towards the core to which it has links: ' || j.others
    end || case when s.kind is null then '; what kind of site it is, is not recorded' else '' end as reason
from standing as s
left join joined as j on s.site_id = j.site_id
where coalesce(j.others, 0) < $sites_min
order by subject_id
