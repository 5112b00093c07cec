-- Components in use for which no site is recorded.
select
    component_id as subject_id,
    'no_evidence' as outcome,
    'no site is recorded' || coalesce(' for this ' || function, '') as reason
from active_component
where site_id is null
order by subject_id
