-- Suppliers' channels to critical components that the operator does not control or does not record.
select
    h.channel_id as subject_id,
    case when not h.controlled_by_operator or not h.recorded then 'fail' else 'no_evidence' end as outcome,
    case
        when not h.controlled_by_operator and not h.recorded
            then 'neither controlled by the operator nor recorded'
        when not h.controlled_by_operator then 'not controlled by the operator'
        when not h.recorded then 'what passes is not recorded'
        when h.component_id is null then 'which component it reaches is not noted'
        when h.controlled_by_operator is null then 'whether the operator controls it is not noted'
        else 'whether it is recorded is not noted'
    end || coalesce(' (' || h.kind || ' channel to ' || h.component_id || ')', '') as reason
from channel as h
left join critical_component as c on h.component_id = c.component_id
where
    (c.component_id is not null or h.component_id is null)
    and (
        h.component_id is null
        or not coalesce(h.controlled_by_operator, false)
        or not coalesce(h.recorded, false)
    )
order by subject_id
