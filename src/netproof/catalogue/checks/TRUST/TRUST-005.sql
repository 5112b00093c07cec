-- Critical components for which neither the inventory nor the product tells a supplier.
select
    component_id as subject_id,
    'no_evidence' as outcome,
    'no supplier is recorded' || case when product_id is null then ', nor a product' else '' end as reason
from critical_component
where supplier_id is null
order by subject_id
