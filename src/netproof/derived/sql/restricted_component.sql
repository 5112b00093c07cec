-- Components in use that a restriction other than a cap selects, or may select.
-- Key: component_id, restriction_id. What has ended or was repealed is left out; whether the rest binds
-- on the date says restriction_state.
with standing as (
    select
        c.component_id,
        c.supplier_id,
        c.maker_id,
        c.function,
        c.zone,
        c.region,
        s.sensitive
    from active_component as c
    left join site as s on c.site_id = s.site_id
)

select
    a.component_id,
    r.restriction_id,
    coalesce(p.inside and s.selected, false) as certain,
    coalesce(s.unknown, p.unknown) as unknown
from restriction as r
inner join restriction_state as t on r.restriction_id = t.restriction_id
inner join restriction_supplier as s on r.restriction_id = s.restriction_id
inner join restriction_place as p on r.restriction_id = p.restriction_id
inner join standing as a
    on
        s.supplier_id is not distinct from a.supplier_id
        and s.maker_id is not distinct from a.maker_id
        and p.function is not distinct from a.function
        and p.zone is not distinct from a.zone
        and p.region is not distinct from a.region
        and p.sensitive is not distinct from a.sensitive
where
    r.effect <> 'cap'
    and (t.hypothetical or coalesce(t.binding, true))
    and coalesce(r.ends_on >= $as_of, true)
