-- Core and management components with some security signal, but too few kinds of them.
select
    c.component_id as subject_id,
    'fail' as outcome,
    'security signals: ' || string_agg(m.signal, ', ' order by m.signal) as reason
from critical_component as c
inner join monitor as m on c.component_id = m.component_id
where c.zone in ('core', 'management') and lower(m.signal) <> 'up'
group by c.component_id
having count(distinct m.signal) < $kinds_min
order by subject_id
