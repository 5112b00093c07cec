-- Watched critical components that only tell whether they are up.
select
    component_id as subject_id,
    'fail' as outcome,
    'the only signal tells whether it is up' as reason
from watched_component
where signal is null
order by subject_id
