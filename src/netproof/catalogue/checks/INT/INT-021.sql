-- Base stations that run what is not in the log, was withdrawn there, or came into it too late.
select
    a.component_id as subject_id,
    case when s.status = 'no_evidence' then 'no_evidence' else 'fail' end as outcome,
    s.reason
from active_component as a
inner join image_status as s on a.component_id = s.component_id
where
    a.function in ('GNB', 'GNB_CU', 'GNB_DU', 'ENB')
    and s.sha256 is not null
    and s.status <> 'logged'
order by subject_id
