-- Critical components that run a release which came out different when it was built again.
select
    c.component_id as subject_id,
    'fail' as outcome,
    'version ' || coalesce(s.version, '(not reported)')
    || ' came out different when it was built again from its source' as reason
from critical_component as c
inner join image_status as s on c.component_id = s.component_id
where s.rebuild = 'different'
order by subject_id
