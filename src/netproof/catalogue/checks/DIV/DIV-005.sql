-- Critical functions of several makers who all rest on one sub-supplier, as far as those are recorded.
with maker as (
    select distinct
        c.function,
        c.maker_id
    from critical_component as c
    where c.maker_id is not null
),

several as (
    select
        m.function,
        count(distinct m.maker_id) as makers
    from maker as m
    inner join supplier_group as g on m.maker_id = g.supplier_id
    group by m.function
    having count(distinct g.group_id) >= 2
),

behind as (
    select
        m.function,
        u.sub_supplier_id,
        count(distinct m.maker_id) as makers
    from maker as m
    inner join sub_supplier as u on m.maker_id = u.supplier_id
    group by m.function, u.sub_supplier_id
)

select
    cast(s.function as varchar) as subject_id,
    'needs_review' as outcome,
    'all ' || max(s.makers) || ' makers rest on '
    || string_agg(cast(b.sub_supplier_id as varchar), ', ' order by cast(b.sub_supplier_id as varchar))
        as reason
from several as s
inner join behind as b on s.function = b.function and s.makers = b.makers
group by s.function
order by subject_id
