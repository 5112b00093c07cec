-- People with privileged work in the core in the last $window_days days and no background check on $as_of.
with worker as (
    select
        person_id,
        count(*) as works
    from critical_work
    where
        privileged
        and zone = 'core'
        and person_id is not null
        and date_diff('day', done_on, $as_of) <= $window_days
    group by person_id
),

vetted as (
    select
        person_id,
        max(case when valid_from <= $as_of and coalesce(valid_to >= $as_of, true) then 1 else 0 end) as valid,
        max(valid_to) as ended_on
    from qualification
    where subject = 'background_check'
    group by person_id
)

select
    w.person_id as subject_id,
    'fail' as outcome,
    case
        when v.person_id is null then 'no background check is recorded'
        when v.ended_on < $as_of then 'the background check ended on ' || v.ended_on
        else 'the background check is not valid yet'
    end || '; works: ' || w.works as reason
from worker as w
left join vetted as v on w.person_id = v.person_id
where coalesce(v.valid, 0) = 0
order by subject_id
