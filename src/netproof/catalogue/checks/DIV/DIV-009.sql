-- Suppliers without whose components and lines too many people lose a service.
with counted as (
    select avg(least_index) as concentration
    from maker_concentration
    where dimension = 'function'
)

select
    r.event_id as subject_id,
    case when r.people is null then 'no_evidence' else 'fail' end as outcome,
    case
        when r.people is null then 'no people are recorded, so that nobody can be lost'
        else
            'takes ' || r.service_id || ' from ' || r.lost_people || ' of ' || r.people || ' people ('
            || round(100 * r.lost_share, 1) || ' %)'
            || coalesce(
                '; concentration of makers, mean over critical functions: ' || round(c.concentration, 2), ''
            )
    end as reason
from outage_reach as r
cross join counted as c
where r.kind = 'supplier' and (r.lost_share is null or r.lost_share > $share_max + 0.000000001)
order by subject_id
