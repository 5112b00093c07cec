-- Critical components that run what the log has as withdrawn, or of which that cannot be told.
select
    c.component_id as subject_id,
    case when s.status = 'withdrawn' then 'fail' else 'no_evidence' end as outcome,
    coalesce(s.reason, 'nothing was measured on it') as reason
from critical_component as c
left join image_status as s on c.component_id = s.component_id
where s.status is null or s.status in ('withdrawn', 'no_evidence')
order by subject_id
