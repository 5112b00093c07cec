-- Base stations of which no image was ever measured.
select
    a.component_id as subject_id,
    'no_evidence' as outcome,
    'nothing was measured up to the date' as reason
from active_component as a
where
    a.function in ('GNB', 'GNB_CU', 'GNB_DU', 'ENB')
    and not exists (
        select 1
        from latest_observation as o
        where o.component_id = a.component_id
    )
order by subject_id
