-- Sets of power feeds, of each of which a critical component needs one.
-- Key: component_id, bearer_id, group_id, needed_id.
-- A component without feeds of its own has those of what it runs on or what holds it, else those of its site.
-- feeds is 1, or 2 for two and more. Hosts that stand in for each other make one set together.
with own as (
    select
        c.component_id,
        null as bearer_id,
        d.group_id,
        d.to_id
    from critical_component as c
    inner join dependency as d on c.component_id = d.from_id
    where d.kind = 'powered_by'
),

without_own as (
    select
        c.component_id,
        c.site_id
    from critical_component as c
    where not exists (
        select 1
        from own as o
        where o.component_id = c.component_id
    )
),

bearer as (
    select
        c.component_id,
        d.to_id as bearer_id,
        d.group_id as choice_id
    from without_own as c
    inner join dependency as d on c.component_id = d.from_id
    where d.kind = 'runs_on'
    union all
    select
        c.component_id,
        h.parent_id as bearer_id,
        null as choice_id
    from without_own as c
    inner join component as h on c.component_id = h.component_id
    where h.parent_id is not null
),

borne as (
    select
        b.component_id,
        d.to_id,
        coalesce(b.choice_id, b.bearer_id) as bearer_id,
        case when b.choice_id is null then d.group_id else '(hosts)' end as group_id
    from bearer as b
    inner join dependency as d on b.bearer_id = d.from_id
    where d.kind = 'powered_by'
),

sited as (
    select
        c.component_id,
        c.site_id as bearer_id,
        d.group_id,
        d.to_id
    from without_own as c
    inner join dependency as d on c.site_id = d.from_id
    where
        d.kind = 'powered_by'
        and not exists (
            select 1
            from borne as b
            where b.component_id = c.component_id
        )
),

fed as (
    select
        component_id,
        bearer_id,
        group_id,
        to_id
    from own
    union all
    select
        component_id,
        bearer_id,
        group_id,
        to_id
    from borne
    union all
    select
        component_id,
        bearer_id,
        group_id,
        to_id
    from sited
)

select
    component_id,
    bearer_id,
    group_id,
    case when group_id is null then to_id end as needed_id,
    min(to_id) as feed_id,
    case when min(to_id) = max(to_id) then 1 else 2 end as feeds
from fed
group by component_id, bearer_id, group_id, needed_id
