-- People with privileged work whose security instruction ends within $days days, without a later one.
with held as (
    select
        person_id,
        max(coalesce(valid_to, $as_of + to_years(100))) as last_day
    from qualification
    where subject = 'security_instruction' and coalesce(valid_to >= $as_of, true)
    group by person_id
    having min(valid_from) <= $as_of
)

select
    w.person_id as subject_id,
    'needs_review' as outcome,
    'the instruction ends on ' || cast(h.last_day as date) || '; privileged works: ' || count(*) as reason
from critical_work as w
inner join held as h on w.person_id = h.person_id
where
    w.privileged
    and date_diff('day', w.done_on, $as_of) <= $window_days
    and date_diff('day', $as_of, h.last_day) <= $days
group by w.person_id, h.last_day
order by subject_id
