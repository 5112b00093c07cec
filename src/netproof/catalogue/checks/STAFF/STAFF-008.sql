-- Privileged work of the operator's people in a zone for which they had no valid instruction that day.
with done as (
    select
        work_id,
        person_id,
        zone,
        done_on
    from critical_work
    where
        privileged
        and known
        and employer_id is null
        and zone is not null
        and date_diff('day', done_on, $as_of) <= $window_days
)

select
    d.work_id as subject_id,
    'fail' as outcome,
    'person ' || d.person_id || ' had no instruction for zone ' || d.zone || ' on ' || d.done_on as reason
from done as d
where
    not exists (
        select 1
        from qualification as q
        where
            q.person_id = d.person_id
            and q.subject = d.zone
            and q.valid_from <= d.done_on
            and coalesce(q.valid_to >= d.done_on, true)
    )
order by subject_id
