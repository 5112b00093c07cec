-- Work on critical components up to the date that was privileged, or may have been. Key: work_id.
-- known: the person is in the table of persons; employer_id is empty for the operator's own people.
select
    w.work_id,
    w.component_id,
    c.zone,
    w.person_id,
    p.employer_id,
    w.privileged,
    w.remote,
    cast(w.done_at as date) as done_on,
    p.person_id is not null as known
from work as w
inner join critical_component as c on w.component_id = c.component_id
left join person as p on w.person_id = p.person_id
where coalesce(w.privileged, true) and (w.done_at is null or w.done_at < $as_of + interval 1 day)
