-- Critical components that run in another function than their product is made for.
select
    c.component_id as subject_id,
    case when p.function is null then 'no_evidence' else 'needs_review' end as outcome,
    case
        when p.function is null then 'what product ' || c.product_id || ' is made for is not recorded'
        else 'product ' || c.product_id || ' is made for ' || p.function || ' and runs as ' || c.function
    end as reason
from critical_component as c
left join product as p on c.product_id = p.product_id
where c.product_id is not null and (p.function is null or p.function <> c.function)
order by subject_id
