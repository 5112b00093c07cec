-- Critical functions of the core all of whose instances go down with one site, facility or duct, or with a
-- component that they need, such as a host.
with counted as (
    select
        function,
        count(*) as instances
    from critical_component
    where zone = 'core'
    group by function
),

taken as (
    select
        m.kind,
        m.event_id,
        c.function,
        count(*) as instances,
        max(case when m.member_id = m.event_id then 1 else 0 end) as itself
    from outage_member as m
    inner join critical_component as c on m.member_id = c.component_id
    where
        m.kind in ('site', 'facility', 'duct', 'component')
        and m.member_table = 'component'
        and c.zone = 'core'
    group by m.kind, m.event_id, c.function
),

placed as (
    select
        t.kind,
        t.event_id,
        t.function,
        t.instances,
        count(t.event_id) over (partition by t.function) as events,
        row_number() over (partition by t.function order by t.kind asc, t.event_id asc) as place
    from taken as t
    inner join counted as c on t.function = c.function and t.instances = c.instances
    where t.itself = 0 or t.instances > 1
)

select
    cast(function as varchar) as subject_id,
    'fail' as outcome,
    case when instances = 1 then 'its only instance goes' else 'all ' || instances || ' instances go' end
    || ' down with ' || kind || ' ' || event_id
    || case when events > 1 then '; things and sites that each take them: ' || events else '' end as reason
from placed
where place = 1
order by subject_id
