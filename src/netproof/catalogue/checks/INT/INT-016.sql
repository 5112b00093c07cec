-- Critical components on which something else ran before, and no work is recorded for the time of the change.
select
    c.component_id as subject_id,
    'fail' as outcome,
    'its software changed between ' || max(cast(s.changed_after as date)) || ' and '
    || max(cast(s.changed_at as date)) || ', and no work on it is recorded for that time'
    || coalesce(' (the last before: ' || max(cast(s.worked_at as date)) || ')', '') as reason
from critical_component as c
inner join software_change as s on c.component_id = s.component_id
where s.changed_at is not null and coalesce(cast(s.worked_at as date) < cast(s.changed_after as date), true)
group by c.component_id
order by subject_id
