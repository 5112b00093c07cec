-- The group to which each supplier belongs: the last of those who control it. Key: supplier_id.
-- Where suppliers control each other in a circle, the first of them in the alphabet names the group.
select
    c.supplier_id,
    coalesce(
        min(c.controller_id) filter (where s.parent_id is null),
        min(c.controller_id) filter (where b.controller_id is not null)
    ) as group_id
from supplier_control as c
left join supplier as s on c.controller_id = s.supplier_id
left join supplier_control as b on s.parent_id = b.supplier_id and c.controller_id = b.controller_id
group by c.supplier_id
