-- Critical components whose running image the log of releases does not hold, or holds as another release.
select
    c.component_id as subject_id,
    case when s.status in ('unknown', 'differs') then 'fail' else 'no_evidence' end as outcome,
    coalesce(s.reason, 'nothing was measured on it') as reason
from critical_component as c
left join image_entry as s on c.component_id = s.component_id
where s.status is null or s.status in ('unknown', 'differs', 'no_evidence')
order by subject_id
