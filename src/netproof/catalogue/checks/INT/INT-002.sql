-- Critical components whose last measured image is not the recorded version, or not the released image.
select
    c.component_id as subject_id,
    case
        when o.version <> c.version or (o.sha256 <> r.sha256 and c.version is not null) then 'fail'
        else 'no_evidence'
    end as outcome,
    case
        when o.component_id is null then 'nothing was measured on it'
        when c.version is null then 'no version is recorded'
        when o.version <> c.version then 'version ' || o.version || ' runs, ' || c.version || ' is recorded'
        when c.product_id is null then 'no product is recorded'
        when o.sha256 <> r.sha256
            then 'the running image is not the released one of version ' || c.version
        when o.sha256 is null then 'version ' || c.version || ' was measured without a digest'
        else 'no digest of release ' || c.version || ' is recorded to compare with'
    end as reason
from critical_component as c
left join latest_observation as o on c.component_id = o.component_id
left join release as r on c.product_id = r.product_id and c.version_in_use = r.version
where
    c.version is null
    or coalesce(o.sha256 <> r.sha256, true)
    or coalesce(o.version <> c.version, false)
order by subject_id
