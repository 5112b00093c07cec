-- Privileged work of the last $window_days days on critical components, by people of the operator's own
-- (or people whom nobody knows) who had no security instruction valid that day.
with done as (
    select
        work_id,
        person_id,
        known,
        done_on
    from critical_work
    where privileged and employer_id is null and date_diff('day', done_on, $as_of) <= $window_days
),

instructed as (
    select
        d.work_id,
        max(case when coalesce(q.valid_to >= d.done_on, true) then 1 else 0 end) as valid,
        max(q.valid_to) as ended_on
    from done as d
    inner join qualification as q on d.person_id = q.person_id
    where q.subject = 'security_instruction' and q.valid_from <= d.done_on
    group by d.work_id
)

select
    d.work_id as subject_id,
    case when d.known then 'fail' else 'no_evidence' end as outcome,
    case
        when d.person_id is null then 'no person is recorded for the work of ' || d.done_on
        when not d.known
            then 'person ' || d.person_id || ' is not known: whether instructed on ' || d.done_on || '?'
        when i.ended_on is not null
            then
                'the instruction of person ' || d.person_id || ' ended on ' || i.ended_on
                || ', the work is of ' || d.done_on
        else 'person ' || d.person_id || ' had no security instruction on ' || d.done_on
    end as reason
from done as d
left join instructed as i on d.work_id = i.work_id
where coalesce(i.valid, 0) = 0
order by subject_id
