-- Components in use on the date that the decision tree calls critical; lowest rank fits. Key: component_id.
-- version_in_use is what was last measured on the component, or else what the inventory records.
with place as (
    select distinct
        function,
        zone
    from active_component
    where function is not null
),

fitting as (
    select
        p.function,
        p.zone,
        f.catalogue_id,
        f.rank as tree_rank,
        f.function_class,
        f.schemes,
        f.route,
        row_number() over (partition by p.function, p.zone order by f.rank, f.catalogue_id) as nth
    from place as p
    inner join critical_function as f on p.function = f.function and (f.zone is null or p.zone = f.zone)
)

select
    a.component_id,
    a.site_id,
    a.region,
    a.function,
    a.zone,
    a.product_id,
    a.supplier_id,
    a.maker_id,
    a.version,
    a.first_used_on,
    f.catalogue_id,
    f.tree_rank,
    f.function_class,
    f.schemes,
    f.route,
    coalesce(o.version, a.version) as version_in_use
from active_component as a
inner join fitting as f on a.function = f.function and a.zone is not distinct from f.zone
left join latest_observation as o on a.component_id = o.component_id
where f.nth = 1
