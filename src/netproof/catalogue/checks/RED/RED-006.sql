-- Sites with several lines towards the core that come from too few providers.
select
    site_id as subject_id,
    case when count(*) > count(provider_id) then 'no_evidence' else 'fail' end as outcome,
    count(*) || ' lines from ' || count(distinct provider_id) || ' known providers' || case
        when count(*) > count(provider_id)
            then '; not recorded for ' || (count(*) - count(provider_id)) || ' of them'
        else ''
    end as reason
from site_line
where towards_core
group by site_id
having count(*) >= 2 and count(distinct provider_id) < $providers_min
order by subject_id
