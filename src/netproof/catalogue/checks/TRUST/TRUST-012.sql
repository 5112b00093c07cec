-- Suppliers who deliver to themselves through their sub-suppliers.
select
    supplier_id as subject_id,
    'needs_review' as outcome,
    coalesce(
        'delivers to itself through ' || string_agg(
            case when other_id <> supplier_id then cast(other_id as varchar) end, ', '
            order by case when other_id <> supplier_id then cast(other_id as varchar) end
        ),
        'is recorded as a sub-supplier of its own'
    ) as reason
from supplier_circle
group by supplier_id
order by subject_id
