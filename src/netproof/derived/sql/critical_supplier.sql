-- Who delivers or makes critical components, and how many. Key: supplier_id.
with part as (
    select supplier_id
    from critical_component
    union all
    select maker_id as supplier_id
    from critical_component
    where maker_id <> supplier_id
)

select
    supplier_id,
    count(*) as components
from part
where supplier_id is not null
group by supplier_id
