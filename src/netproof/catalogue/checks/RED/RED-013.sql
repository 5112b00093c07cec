-- Services that some people are without from the start.
select
    service_id as subject_id,
    case when people is null then 'no_evidence' else 'fail' end as outcome,
    case
        when people is null then 'no people are recorded'
        else lost_people || ' of ' || people || ' people are without it' || coalesce(': ' || reason, '')
    end as reason
from service_baseline
where people is null or lost_people > 0
order by subject_id
