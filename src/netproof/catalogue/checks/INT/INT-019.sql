-- Channels for updates of critical components that end abroad, or whose far end is not known.
-- Where no work at all is recorded, a change without a record says nothing.
with silent as (
    select distinct component_id
    from software_change
    where
        changed_at is not null
        and coalesce(cast(worked_at as date) < cast(changed_after as date), true)
        and exists (select 1 from work)
)

select
    h.channel_id as subject_id,
    case
        when h.abroad is null then 'no_evidence'
        when s.component_id is not null or not h.controlled_by_operator or not h.recorded then 'fail'
        when h.controlled_by_operator is null or h.recorded is null then 'no_evidence'
        else 'needs_review'
    end as outcome,
    case
        when h.abroad is null then 'whether it ends abroad is not known'
        else
            'ends abroad' || coalesce(' (' || h.ends_in_country || ')', '') || case
                when s.component_id is not null then ', and the image changed without a record of work'
                when not h.controlled_by_operator and not h.recorded
                    then ', neither controlled by the operator nor recorded'
                when not h.controlled_by_operator then ', not controlled by the operator'
                when not h.recorded then ', and what passes is not recorded'
                when h.controlled_by_operator is null
                    then ', and whether the operator controls it is not noted'
                when h.recorded is null then ', and whether it is recorded is not noted'
                else ', controlled by the operator and recorded'
            end
    end || ' (channel to ' || h.component_id || ')' as reason
from channel as h
inner join critical_component as c on h.component_id = c.component_id
left join silent as s on h.component_id = s.component_id
where h.kind = 'update' and coalesce(h.abroad, true)
order by subject_id
