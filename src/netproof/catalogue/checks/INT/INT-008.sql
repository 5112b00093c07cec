-- Critical components whose version cannot be put in order.
select
    c.component_id as subject_id,
    'needs_review' as outcome,
    'version ' || c.version_in_use || ' of product ' || c.product_id || ' cannot be put in order' as reason
from critical_component as c
left join version_key as k on c.product_id = k.product_id and c.version_in_use = k.version
where c.product_id is not null and c.version_in_use is not null and k.version_key is null
order by subject_id
