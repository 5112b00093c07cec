-- Critical components that no signal watches.
select
    c.component_id as subject_id,
    'fail' as outcome,
    'no signal is recorded for it' as reason
from critical_component as c
left join watched_component as w on c.component_id = w.component_id
where w.component_id is null
order by subject_id
