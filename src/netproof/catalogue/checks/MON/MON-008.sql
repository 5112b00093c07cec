-- Base stations that no signal watches.
select
    a.component_id as subject_id,
    'fail' as outcome,
    'no signal is recorded for this ' || a.function as reason
from active_component as a
where
    a.function in ('GNB', 'GNB_CU', 'GNB_DU', 'ENB')
    and not exists (
        select 1
        from monitor as m
        where m.component_id = a.component_id
    )
order by subject_id
