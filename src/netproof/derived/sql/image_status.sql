-- Whether what runs on each component in use is what was logged; the worse of image and firmware.
-- Key: component_id. Components without product on which nothing was seen are left out. change_recorded is
-- NULL where no change was seen, self_reported where it is not known how it was measured.
with crowded as (
    select component_id
    from running_software
    group by component_id
    having count(*) > 1
),

ranked as (
    select
        r.component_id,
        r.slot,
        row_number() over (
            partition by r.component_id
            order by s.severity, case when r.slot = 'image' then 0 else 1 end
        ) as nth
    from crowded as k
    inner join running_software as r on k.component_id = r.component_id
    inner join software_status as s
        on
            r.slot = s.slot
            and r.product_id is not distinct from s.product_id
            and r.version is not distinct from s.version
            and r.sha256 is not distinct from s.sha256
)

select
    r.component_id,
    r.slot,
    r.product_id,
    r.version,
    r.sha256,
    r.observed_at,
    coalesce(c.first_seen_at, r.first_seen_at) as first_seen_at,
    s.entry_index,
    s.logged_at,
    s.status,
    s.reason,
    s.signed_not_logged,
    s.fleet_differs,
    s.compared_differs,
    c.changed_after,
    c.changed_at,
    c.worked_at,
    case
        when c.changed_at is not null
            then coalesce(cast(c.worked_at as date) >= cast(c.changed_after as date), false)
    end as change_recorded,
    s.rebuild,
    case
        when r.source like '%(self-reported)%' then true
        when r.source like '%(quoted%' or r.source like '%(second path)%' then false
    end as self_reported
from running_software as r
inner join software_status as s
    on
        r.slot is not distinct from s.slot
        and r.product_id is not distinct from s.product_id
        and r.version is not distinct from s.version
        and r.sha256 is not distinct from s.sha256
left join software_change as c on r.component_id = c.component_id and r.slot = c.slot
left join ranked as n on r.component_id = n.component_id and r.slot = n.slot
where coalesce(n.nth, 1) = 1
