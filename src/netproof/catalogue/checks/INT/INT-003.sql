-- Critical components with a withdrawn release, recorded or running, or one whose state is not known.
select
    c.component_id as subject_id,
    case when a.status = 'withdrawn' or b.status = 'withdrawn' then 'fail' else 'no_evidence' end as outcome,
    case
        when a.status = 'withdrawn' and c.version = c.version_in_use
            then 'version ' || c.version || ' is withdrawn'
        when b.status = 'withdrawn' then 'version ' || c.version_in_use || ' runs and is withdrawn'
        when a.status = 'withdrawn' then 'version ' || c.version || ' is recorded and is withdrawn'
        when c.product_id is null then 'no product is recorded'
        when c.version_in_use is null then 'no version is recorded'
        when c.version is null or a.status is not null
            then 'whether running version ' || c.version_in_use || ' is withdrawn is not recorded'
        else 'whether version ' || c.version || ' is withdrawn is not recorded'
    end as reason
from critical_component as c
left join release as a on c.product_id = a.product_id and c.version = a.version
left join release as b on c.product_id = b.product_id and c.version_in_use = b.version
where
    a.status = 'withdrawn'
    or b.status = 'withdrawn'
    or b.status is null
    or (a.status is null and c.version is not null)
order by subject_id
