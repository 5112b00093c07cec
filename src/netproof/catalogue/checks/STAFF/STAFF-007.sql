-- Privileged remote work on critical components from another country than the person's place of work.
select
    c.work_id as subject_id,
    case
        when w.from_country is null or p.country is null then 'no_evidence'
        else 'needs_review'
    end as outcome,
    case
        when w.from_country is null then 'from where is not recorded, for the remote work of ' || c.done_on
        when p.country is null then 'the place of work of person ' || c.person_id || ' is not recorded'
        else
            'person ' || c.person_id || ' works in ' || p.country || ', the session of ' || c.done_on
            || ' came from ' || w.from_country
    end as reason
from critical_work as c
inner join work as w on c.work_id = w.work_id
inner join person as p on c.person_id = p.person_id
where
    c.privileged
    and c.remote
    and c.known
    and date_diff('day', c.done_on, $as_of) <= $window_days
    and (w.from_country is null or p.country is null or w.from_country <> p.country)
order by subject_id
