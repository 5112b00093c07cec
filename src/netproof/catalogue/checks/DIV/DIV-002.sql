-- Regions whose access network comes from too few makers. Makers under one control count once.
with counted as (
    select
        value as region,
        count(*) as parts,
        count(supplier_id) as makers,
        count(distinct group_id) as independent
    from supplier_share
    where dimension = 'region'
    group by value
)

select
    r.region as subject_id,
    case when c.parts > c.makers then 'no_evidence' else 'fail' end as outcome,
    c.independent || ' independent makers of ' || r.components || ' access components' || case
        when c.parts > c.makers then '; not recorded for all of them'
        when c.independent < c.makers then '; ' || c.makers || ' under common control'
        else ''
    end as reason
from region as r
inner join counted as c on r.region = c.region
where c.independent < $suppliers_min
order by subject_id
