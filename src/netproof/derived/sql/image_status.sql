-- Whether what runs on each component in use is what was logged: the worse of image and firmware, as
-- software_verdict tells each. Key: component_id. Components without software on record are left out: no
-- version recorded, product without releases, nothing ever seen.
-- What was found of either counts: signed_not_logged, fleet_differs, compared_differs, rebuild.
with crowded as (
    select
        component_id,
        bool_or(signed_not_logged) as signed_not_logged,
        bool_or(fleet_differs) as fleet_differs,
        bool_or(compared_differs) as compared_differs,
        case
            when bool_or(rebuild = 'different') then 'different'
            when bool_or(rebuild = 'same_after_normalising') then 'same_after_normalising'
            when bool_or(rebuild = 'identical') then 'identical'
        end as rebuild
    from software_verdict
    group by component_id
    having count(*) > 1
),

ranked as (
    select
        v.component_id,
        v.slot,
        row_number() over (
            partition by v.component_id
            order by v.severity, case when v.slot = 'image' then 0 else 1 end
        ) as nth
    from crowded as k
    inner join software_verdict as v on k.component_id = v.component_id
)

select
    v.component_id,
    v.slot,
    v.product_id,
    v.version,
    v.sha256,
    v.observed_at,
    v.first_seen_at,
    v.entry_index,
    v.logged_at,
    v.status,
    v.reason,
    coalesce(k.signed_not_logged, v.signed_not_logged) as signed_not_logged,
    coalesce(k.fleet_differs, v.fleet_differs) as fleet_differs,
    coalesce(k.compared_differs, v.compared_differs) as compared_differs,
    v.changed_after,
    v.changed_at,
    v.worked_at,
    v.change_recorded,
    coalesce(k.rebuild, v.rebuild) as rebuild,
    v.self_reported,
    v.said_version,
    v.said_at
from software_verdict as v
left join crowded as k on v.component_id = k.component_id
left join ranked as n on v.component_id = n.component_id and v.slot = n.slot
where coalesce(n.nth, 1) = 1
