-- Critical components and base stations that a single source of time can take down.
with timed as (
    select
        component_id,
        min(supplies) as clocks,
        min(case when supplies < 2 then supply_id end) as clock_id
    from supply_set
    where kind = 'timed_by'
    group by component_id
),

needing as (
    select component_id
    from critical_component
    union
    select component_id
    from active_component
    where function in ('GNB', 'GNB_CU', 'GNB_DU', 'ENB')
)

select
    n.component_id as subject_id,
    case when t.component_id is null then 'no_evidence' else 'fail' end as outcome,
    case
        when t.component_id is null then 'no source of time is recorded'
        else 'depends on a single source of time, ' || t.clock_id
    end as reason
from needing as n
left join timed as t on n.component_id = t.component_id
where t.component_id is null or t.clocks < 2
order by subject_id
