-- Privileged work of the last $window_days days on critical components, by suppliers' people who had no
-- security instruction valid that day.
with done as (
    select
        work_id,
        person_id,
        remote,
        done_on
    from critical_work
    where privileged and employer_id is not null and date_diff('day', done_on, $as_of) <= $window_days
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
    'fail' as outcome,
    'supplier''s person ' || d.person_id || case
        when i.ended_on is not null then ' was instructed until ' || i.ended_on || ' only'
        else ' had no security instruction'
    end || ', work on ' || d.done_on || case
        when d.remote then ' (remote)'
        when not d.remote then ' (on site)'
        else ''
    end as reason
from done as d
left join instructed as i on d.work_id = i.work_id
where coalesce(i.valid, 0) = 0
order by subject_id
