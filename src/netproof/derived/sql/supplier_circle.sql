-- Suppliers who deliver to each other in a circle, in any number of steps. Key: supplier_id, other_id.
-- Everybody in the same circle, itself included. Who delivers to nobody, or to whom nobody delivers, is in
-- none: leaving these out first, twice, keeps the chains to be followed few.
with recursive delivery as (
    select distinct
        supplier_id,
        sub_supplier_id
    from sub_supplier
),

inner_delivery as (
    select
        d.supplier_id,
        d.sub_supplier_id
    from delivery as d
    where
        d.supplier_id in (select o.sub_supplier_id from delivery as o)
        and d.sub_supplier_id in (select o.supplier_id from delivery as o)
),

inmost_delivery as (
    select
        d.supplier_id,
        d.sub_supplier_id
    from inner_delivery as d
    where
        d.supplier_id in (select o.sub_supplier_id from inner_delivery as o)
        and d.sub_supplier_id in (select o.supplier_id from inner_delivery as o)
),

chain as (
    select
        supplier_id,
        sub_supplier_id
    from inmost_delivery
    union
    select
        c.supplier_id,
        d.sub_supplier_id
    from chain as c
    inner join inmost_delivery as d on c.sub_supplier_id = d.supplier_id
)

select
    c.supplier_id,
    c.sub_supplier_id as other_id
from chain as c
inner join chain as b on c.supplier_id = b.sub_supplier_id and c.sub_supplier_id = b.supplier_id
