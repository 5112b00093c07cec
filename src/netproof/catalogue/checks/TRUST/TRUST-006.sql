-- Suppliers whose latest valid declaration was signed too long ago.
with latest as (
    select
        s.supplier_id,
        max(d.signed_on) as signed_on
    from critical_supplier as s
    inner join declaration_state as d on s.supplier_id = d.supplier_id
    where d.valid
    group by s.supplier_id
)

select
    supplier_id as subject_id,
    'needs_review' as outcome,
    'signed on ' || signed_on || ', ' || date_diff('day', signed_on, $as_of) || ' days before' as reason
from latest
where date_diff('day', signed_on, $as_of) > $max_age_days
order by subject_id
