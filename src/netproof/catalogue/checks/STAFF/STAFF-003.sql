-- Privileged work on critical components that nobody known is recorded for, or that may have been privileged.
select
    work_id as subject_id,
    case when privileged and not known then 'fail' else 'no_evidence' end as outcome,
    case
        when privileged and person_id is null then 'no person is recorded'
        when privileged and not known then 'person ' || person_id || ' is not known'
        when privileged is null then 'whether it was privileged is not recorded'
        else 'the day of work is not recorded'
    end as reason
from critical_work
where
    coalesce(date_diff('day', done_on, $as_of) <= $window_days, true)
    and (not known or privileged is null or done_on is null)
order by subject_id
