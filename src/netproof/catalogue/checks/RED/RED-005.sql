-- Critical functions all of whose instances with a recorded host run on too few hosts.
select
    cast(c.function as varchar) as subject_id,
    'fail' as outcome,
    count(distinct c.component_id) || ' instances run on ' || count(distinct d.to_id) || ' hosts, '
    || min(d.to_id) as reason
from critical_component as c
inner join dependency as d on c.component_id = d.from_id
where d.kind = 'runs_on'
group by c.function
having count(distinct d.to_id) < $hosts_min
order by subject_id
