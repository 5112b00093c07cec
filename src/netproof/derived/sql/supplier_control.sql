-- Every supplier with itself and all who control it, in any number of steps. Key: supplier_id, controller_id.
with recursive known as (
    select supplier_id from supplier
    union
    select supplier_id from active_component
    union
    select maker_id from active_component
),

control as (
    select
        supplier_id,
        supplier_id as controller_id
    from known
    where supplier_id is not null
    union
    select
        c.supplier_id,
        s.parent_id as controller_id
    from control as c
    inner join supplier as s on c.controller_id = s.supplier_id
    where s.parent_id is not null
)

select
    supplier_id,
    controller_id
from control
