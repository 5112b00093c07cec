-- How many components in use on the date are alike. Key: supplier_id, maker_id, function, zone, region.
select
    supplier_id,
    maker_id,
    function,
    zone,
    region,
    count(*) as components
from active_component
group by supplier_id, maker_id, function, zone, region
