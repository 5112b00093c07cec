-- Critical functions of the core zone that run at too few sites.
select
    cast(function as varchar) as subject_id,
    case when count(*) > count(site_id) then 'no_evidence' else 'fail' end as outcome,
    count(*) || ' components at ' || count(distinct site_id) || ' known sites' || case
        when count(*) > count(site_id)
            then '; no site is recorded for ' || (count(*) - count(site_id)) || ' of them'
        else ''
    end as reason
from critical_component
where zone = 'core'
group by function
having count(distinct site_id) < $sites_min
order by subject_id
