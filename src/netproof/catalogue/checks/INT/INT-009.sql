-- Critical components that run a superseded release though a later one has been current for long.
with followed as (
    select
        r.product_id,
        r.version,
        min(n.published_on) as next_on
    from release as r
    inner join release as n on r.product_id = n.product_id
    where r.status = 'superseded' and n.status = 'current' and n.published_on > r.published_on
    group by r.product_id, r.version
)

select
    c.component_id as subject_id,
    'fail' as outcome,
    'version ' || c.version_in_use || ' is superseded, the next current release is of ' || f.next_on as reason
from critical_component as c
inner join followed as f on c.product_id = f.product_id and c.version_in_use = f.version
where date_diff('day', f.next_on, $as_of) > $grace_days
order by subject_id
