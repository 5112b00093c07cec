-- How far the makers of each critical function, and of each region's access network, are concentrated.
-- Key: dimension (function or region), value. largest: components of the largest maker, or makers under one
-- control; unmade: those of which no maker is recorded. The index is that of Herfindahl and Hirschman, the
-- sum of the squared shares: 1 for one maker, 0.5 for two alike. Where makers are not recorded it lies
-- between least_index (each of these is another maker) and most_index (all are the largest one's).
with grouped as (
    select
        dimension,
        value,
        group_id,
        sum(components) as components,
        max(total) as total
    from supplier_share
    group by dimension, value, group_id
),

summed as (
    select
        dimension,
        value,
        max(total) as total,
        coalesce(max(case when group_id is not null then components end), 0) as largest,
        coalesce(max(case when group_id is null then components end), 0) as unmade,
        coalesce(
            sum(case when group_id is not null then components * cast(components as double) end), 0
        ) as squares
    from grouped
    group by dimension, value
)

select
    dimension,
    value,
    cast(total as bigint) as total,
    cast(largest as bigint) as largest,
    cast(unmade as bigint) as unmade,
    (squares + unmade) / (cast(total as double) * total) as least_index,
    (squares + unmade * (2.0 * largest + unmade)) / (cast(total as double) * total) as most_index
from summed
