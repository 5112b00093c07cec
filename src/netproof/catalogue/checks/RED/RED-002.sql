-- Critical components that a single power feed can take down.
with fed as (
    select
        component_id,
        min(supplies) as feeds,
        min(case when supplies < 2 then supply_id end) as feed_id
    from supply_set
    where kind = 'powered_by'
    group by component_id
)

select
    c.component_id as subject_id,
    case when f.component_id is null then 'no_evidence' else 'fail' end as outcome,
    case
        when f.component_id is null then 'no power feed is recorded'
        else 'depends on a single power feed, ' || f.feed_id
    end as reason
from critical_component as c
left join fed as f on c.component_id = f.component_id
where f.component_id is null or f.feeds < 2
order by subject_id
