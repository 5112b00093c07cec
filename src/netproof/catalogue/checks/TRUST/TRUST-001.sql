-- Suppliers and makers of critical components without a declaration of trustworthiness.
with given as (
    select
        supplier_id,
        max(case when form = 'trustworthiness' then 1 else 0 end) as asked_for,
        max(case when form is null then 1 else 0 end) as unnamed
    from declaration_state
    group by supplier_id
)

select
    s.supplier_id as subject_id,
    case
        when g.supplier_id is null then 'fail'
        when g.unnamed = 1 then 'no_evidence'
        else 'needs_review'
    end as outcome,
    case
        when g.supplier_id is null then 'no declaration'
        when g.unnamed = 1 then 'which form its declaration has is not recorded'
        else 'another declaration, but none of trustworthiness'
    end || '; ' || s.components || ' critical components' as reason
from critical_supplier as s
left join given as g on s.supplier_id = g.supplier_id
where coalesce(g.asked_for, 0) = 0
order by subject_id
