-- Suppliers of critical components that went live lately, before the supplier had signed anything.
with declared as (
    select
        supplier_id,
        min(signed_on) as signed_on
    from declaration_state
    group by supplier_id
),

early as (
    select
        c.supplier_id,
        d.signed_on,
        count(*) as components,
        min(c.first_used_on) as first_used_on
    from critical_component as c
    inner join declared as d on c.supplier_id = d.supplier_id
    where
        date_diff('day', c.first_used_on, $as_of) <= $window_days
        and (d.signed_on is null or c.first_used_on < d.signed_on)
    group by c.supplier_id, d.signed_on
)

select
    supplier_id as subject_id,
    case when signed_on is null then 'no_evidence' else 'fail' end as outcome,
    components || ' components in use since ' || first_used_on || ' or later, '
    || coalesce(
        'first declaration signed on ' || signed_on, 'when the declaration was signed is not recorded'
    ) as reason
from early
order by subject_id
