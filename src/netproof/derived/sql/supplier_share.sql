-- How many components each maker has in each critical function, and in each region's access network.
-- Key: dimension (function or region), value, supplier_id. No supplier_id: those whose maker is not recorded.
with critical as (
    select distinct
        function,
        zone
    from critical_in
),

counted as (
    select
        'function' as dimension,
        cast(c.function as varchar) as value,
        c.maker_id as supplier_id,
        cast(sum(c.components) as bigint) as components
    from component_cell as c
    inner join critical as i on c.function = i.function and c.zone is not distinct from i.zone
    group by c.function, c.maker_id
    union all
    select
        'region' as dimension,
        coalesce(cast(region as varchar), '(no region recorded)') as value,
        maker_id as supplier_id,
        cast(sum(components) as bigint) as components
    from component_cell
    where zone = 'access' and function is not null and function not in ('FACILITY', 'OTHER')
    group by region, maker_id
)

select
    c.dimension,
    c.value,
    c.supplier_id,
    g.group_id,
    c.components,
    cast(sum(c.components) over (partition by c.dimension, c.value) as bigint) as total
from counted as c
left join supplier_group as g on c.supplier_id = g.supplier_id
