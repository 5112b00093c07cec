-- Components in use of which nobody has said what they do, so that no other check looks at them.
with zoned as (
    select distinct function
    from critical_function
    where zone is not null
)

select
    a.component_id as subject_id,
    case when a.function = 'OTHER' then 'needs_review' else 'no_evidence' end as outcome,
    case
        when a.function is null then 'no function is recorded'
        when a.function = 'OTHER' then 'the function is OTHER: is it none of the critical ones?'
        else 'no zone is recorded, and whether this ' || a.function || ' is critical depends on it'
    end as reason
from active_component as a
left join zoned as z on a.function = z.function
left join critical_component as c on a.component_id = c.component_id
where
    a.function is null
    or a.function = 'OTHER'
    or (a.zone is null and z.function is not null and c.component_id is null)
order by subject_id
