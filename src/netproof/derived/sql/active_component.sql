-- Components in use on the date, with the region of their site. Key: component_id.
-- supplier_id delivered it, maker_id makes its product; where one is not recorded, the other stands for it.
select
    c.component_id,
    c.site_id,
    s.region,
    c.function,
    c.zone,
    c.product_id,
    c.version,
    c.first_used_on,
    coalesce(c.supplier_id, p.supplier_id) as supplier_id,
    coalesce(p.supplier_id, c.supplier_id) as maker_id
from component as c
left join site as s on c.site_id = s.site_id
left join product as p on c.product_id = p.product_id
where
    (c.first_used_on is null or c.first_used_on <= $as_of)
    and (c.retired_on is null or c.retired_on > $as_of)
