-- Links without a capacity, or with none at all.
select
    link_id as subject_id,
    case when capacity_gbps is null then 'no_evidence' else 'needs_review' end as outcome,
    case when capacity_gbps is null then 'no capacity is recorded' else 'its capacity is recorded as 0' end
    || ' (' || a_id || ' to ' || b_id || ')' as reason
from link
where coalesce(capacity_gbps, 0) <= 0
order by subject_id
