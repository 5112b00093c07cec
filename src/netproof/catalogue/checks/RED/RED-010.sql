-- Sites that take too many people from a service when they fail.
select
    event_id as subject_id,
    case when people is null then 'no_evidence' else 'fail' end as outcome,
    case
        when people is null then 'no people are recorded, so that nobody can be lost'
        else
            'takes ' || service_id || ' from ' || lost_people || ' of ' || people || ' people ('
            || round(100 * lost_share, 1) || ' %)'
    end as reason
from outage_reach
where kind = 'site' and (lost_share is null or lost_share > $share_max + 0.000000001)
order by subject_id
