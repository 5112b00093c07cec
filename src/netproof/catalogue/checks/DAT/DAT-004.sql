-- Critical components whose first day of use is not recorded.
select
    component_id as subject_id,
    'no_evidence' as outcome,
    'the first day of use is not recorded' as reason
from critical_component
where first_used_on is null
order by subject_id
