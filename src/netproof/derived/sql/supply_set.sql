-- Sets of supplies, of each of which a component needs one.
-- Key: component_id, kind, bearer_id, group_id, needed_id.
-- kind: powered_by (critical components), timed_by (these and base stations).
-- A component without supplies of its own has those of what it runs on or what holds it, else those of its
-- site. supplies is 1, or 2 for two and more. Hosts that stand in for each other make one set together.
with wanted as (
    select
        component_id,
        site_id,
        'powered_by' as kind
    from critical_component
    union all
    select
        component_id,
        site_id,
        'timed_by' as kind
    from critical_component
    union
    select
        component_id,
        site_id,
        'timed_by' as kind
    from active_component
    where function in ('GNB', 'GNB_CU', 'GNB_DU', 'ENB')
),

supply as (
    select
        from_id,
        to_id,
        cast(kind as varchar) as kind,
        group_id
    from dependency
    where kind in ('powered_by', 'timed_by')
),

own as (
    select
        w.component_id,
        w.kind,
        null as bearer_id,
        d.group_id,
        d.to_id
    from wanted as w
    inner join supply as d on w.component_id = d.from_id and w.kind = d.kind
),

without_own as (
    select
        w.component_id,
        w.site_id,
        w.kind
    from wanted as w
    where not exists (
        select 1
        from own as o
        where o.component_id = w.component_id and o.kind = w.kind
    )
),

bearer as (
    select
        c.component_id,
        c.kind,
        d.to_id as bearer_id,
        d.group_id as choice_id
    from without_own as c
    inner join dependency as d on c.component_id = d.from_id
    where d.kind = 'runs_on'
    union all
    select
        c.component_id,
        c.kind,
        h.parent_id as bearer_id,
        null as choice_id
    from without_own as c
    inner join component as h on c.component_id = h.component_id
    where h.parent_id is not null
),

borne as (
    select
        b.component_id,
        b.kind,
        d.to_id,
        coalesce(b.choice_id, b.bearer_id) as bearer_id,
        case when b.choice_id is null then d.group_id else '(hosts)' end as group_id
    from bearer as b
    inner join supply as d on b.bearer_id = d.from_id and b.kind = d.kind
),

sited as (
    select
        c.component_id,
        c.kind,
        c.site_id as bearer_id,
        d.group_id,
        d.to_id
    from without_own as c
    inner join supply as d on c.site_id = d.from_id and c.kind = d.kind
    where
        not exists (
            select 1
            from borne as b
            where b.component_id = c.component_id and b.kind = c.kind
        )
),

fed as (
    select
        component_id,
        kind,
        bearer_id,
        group_id,
        to_id
    from own
    union all
    select
        component_id,
        kind,
        bearer_id,
        group_id,
        to_id
    from borne
    union all
    select
        component_id,
        kind,
        bearer_id,
        group_id,
        to_id
    from sited
)

select
    component_id,
    kind,
    bearer_id,
    group_id,
    case when group_id is null then to_id end as needed_id,
    min(to_id) as supply_id,
    case when min(to_id) = max(to_id) then 1 else 2 end as supplies
from fed
group by component_id, kind, bearer_id, group_id, needed_id
