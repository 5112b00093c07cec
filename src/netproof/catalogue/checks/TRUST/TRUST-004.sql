-- Suppliers of critical components with a sub-supplier who holds no valid declaration.
with best as (
    select
        supplier_id,
        max(case when valid then 2 when valid is null then 1 else 0 end) as grade
    from declaration_state
    group by supplier_id
),

chain as (
    select distinct
        s.supplier_id,
        u.sub_supplier_id,
        case when u.sub_supplier_id is null then 3 else coalesce(b.grade, 0) end as grade
    from critical_supplier as s
    left join sub_supplier as u on s.supplier_id = u.supplier_id
    left join best as b on u.sub_supplier_id = b.supplier_id
    where coalesce(b.grade, 0) < 2
),

lacking as (
    select
        supplier_id,
        min(grade) as grade,
        string_agg(cast(sub_supplier_id as varchar), ', ' order by cast(sub_supplier_id as varchar)) as named
    from chain
    group by supplier_id
)

select
    supplier_id as subject_id,
    case
        when grade = 3 then 'needs_review'
        when grade = 1 then 'no_evidence'
        else 'fail'
    end as outcome,
    case
        when grade = 3 then 'no sub-supplier is recorded: is there none?'
        when grade = 1 then 'declaration not verified, of sub-supplier ' || named
        else 'no valid declaration of sub-supplier ' || named
    end as reason
from lacking
order by subject_id
