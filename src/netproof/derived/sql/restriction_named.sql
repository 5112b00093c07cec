-- Which suppliers a restriction names, by id, name or alias, enterprise number or entity identifier.
-- Key: restriction_id, supplier_id. sure is false where only the beginning of the name agrees and
-- nobody recorded who controls the supplier.
with met as (
    select
        restriction_id,
        cast(supplier_id as varchar) as supplier_id,
        true as sure
    from restriction
    where supplier_id is not null
    union all
    select
        r.restriction_id,
        s.supplier_id,
        s.spelling = r.spelling as sure
    from supplier_spelling as r
    inner join supplier_spelling as s
        on r.spelling = s.spelling or starts_with(s.spelling, r.spelling || ' ')
    left join supplier as known on s.supplier_id = known.supplier_id
    where
        r.restriction_id is not null
        and s.supplier_id is not null
        and (s.spelling = r.spelling or known.parent_id is null)
    union all
    select
        r.restriction_id,
        s.supplier_id,
        true as sure
    from restriction as r
    inner join supplier as s
        on r.supplier_pen = s.pen or upper(r.supplier_lei) = upper(s.lei)
    union all
    select
        r.restriction_id,
        a.supplier_id,
        true as sure
    from restriction as r
    inner join supplier_alias as a on a.kind = 'pen' and trim(a.alias) = cast(r.supplier_pen as varchar)
)

select
    restriction_id,
    supplier_id,
    bool_or(sure) as sure
from met
group by restriction_id, supplier_id
