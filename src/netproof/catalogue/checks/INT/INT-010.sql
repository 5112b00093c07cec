-- Channels to critical components of which it is not recorded who uses them, what for, or from where.
select
    h.channel_id as subject_id,
    'no_evidence' as outcome,
    'not recorded: ' || concat_ws(
        ', ',
        case when h.supplier_id is null then 'supplier' end,
        case when h.kind is null then 'kind' end,
        case when h.ends_in_country is null then 'country of the far end' end
    ) || ' (channel to ' || h.component_id || ')' as reason
from channel as h
inner join critical_component as c on h.component_id = c.component_id
where h.supplier_id is null or h.kind is null or h.ends_in_country is null
order by subject_id
