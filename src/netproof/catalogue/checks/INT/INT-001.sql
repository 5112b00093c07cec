-- Critical components whose recorded version is no release published with a digest by $as_of.
with published as (
    select distinct product_id
    from release
)

select
    c.component_id as subject_id,
    case
        when c.product_id is null or c.version is null or p.product_id is null then 'no_evidence'
        when r.version is null or r.published_on > $as_of then 'fail'
        else 'no_evidence'
    end as outcome,
    case
        when c.product_id is null then 'no product is recorded'
        when c.version is null then 'no version is recorded'
        when p.product_id is null then 'no release of product ' || c.product_id || ' is recorded'
        when r.version is null
            then 'version ' || c.version || ' is no release of product ' || c.product_id
        when r.published_on > $as_of
            then 'version ' || c.version || ' is published only on ' || r.published_on
        else 'no digest is recorded of version ' || c.version
    end as reason
from critical_component as c
left join published as p on c.product_id = p.product_id
left join release as r on c.product_id = r.product_id and c.version = r.version
where r.version is null or r.sha256 is null or coalesce(r.published_on > $as_of, false)
order by subject_id
