-- The last measurement of each component's image on or before the date. Key: component_id.
-- The row is taken whole, so that a measurement without digest is not mended with an older digest.
with latest as (
    select arg_max(rowid, observed_at) as place
    from observation
    where slot = 'image' and observed_at < $as_of + interval 1 day
    group by component_id
)

select
    o.component_id,
    o.observed_at,
    o.version,
    o.sha256
from observation as o
inner join latest as l on o.rowid = l.place
