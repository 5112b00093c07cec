-- Critical functions of the core zone that run in too few regions.
select
    cast(function as varchar) as subject_id,
    case when count(*) > count(region) then 'no_evidence' else 'fail' end as outcome,
    count(*) || ' components in ' || count(distinct region) || ' known regions' || case
        when count(*) > count(region)
            then '; no region is recorded for ' || (count(*) - count(region)) || ' of them'
        else ''
    end as reason
from critical_component
where zone = 'core'
group by function
having count(distinct region) < $regions_min
order by subject_id
