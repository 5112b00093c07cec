-- Watched critical components whose most frequent signal comes too seldom.
select
    c.component_id as subject_id,
    case when min(m.interval_s) is null then 'no_evidence' else 'fail' end as outcome,
    case
        when min(m.interval_s) is null then 'no interval is recorded'
        else 'heard every ' || min(m.interval_s) || ' seconds at best'
    end as reason
from critical_component as c
inner join monitor as m on c.component_id = m.component_id
group by c.component_id
having coalesce(min(m.interval_s) > $max_interval_s, true)
order by subject_id
