-- Valid certificates on which critical components rely and whose last valid day is near.
-- A certificate that another valid one outlasts, for the same product, version and function, is left out.
with fitting as (
    select
        product_id,
        version,
        catalogue_id,
        tree_rank,
        certificate_id,
        expires_on,
        max(expires_on) over (partition by product_id, version, catalogue_id, tree_rank) as last_day
    from certificate_match
    where scheme_asked and version_covered and valid_on_date
),

relying as (
    select
        product_id,
        version_in_use,
        catalogue_id,
        tree_rank,
        count(*) as components
    from critical_component
    where route = 'open'
    group by product_id, version_in_use, catalogue_id, tree_rank
)

select
    f.certificate_id as subject_id,
    'needs_review' as outcome,
    'last valid day ' || f.expires_on || ', in ' || date_diff('day', $as_of, f.expires_on) || ' days; '
    || cast(sum(r.components) as bigint) || ' critical components rely on it' as reason
from fitting as f
inner join relying as r
    on
        f.product_id = r.product_id
        and f.version = r.version_in_use
        and f.catalogue_id = r.catalogue_id
        and f.tree_rank = r.tree_rank
where f.expires_on = f.last_day and date_diff('day', $as_of, f.expires_on) < $days
group by f.certificate_id, f.expires_on
order by subject_id
