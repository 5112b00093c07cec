-- Critical components of one product with the same serial number.
with doubled as (
    select
        c.product_id,
        i.serial,
        count(*) as times
    from critical_component as c
    inner join component as i on c.component_id = i.component_id
    where i.serial is not null and c.product_id is not null
    group by c.product_id, i.serial
    having count(*) > 1
)

select
    c.component_id as subject_id,
    'needs_review' as outcome,
    'serial number ' || i.serial || ' is recorded for ' || d.times || ' components of its product' as reason
from critical_component as c
inner join component as i on c.component_id = i.component_id
inner join doubled as d on c.product_id = d.product_id and i.serial = d.serial
order by subject_id
