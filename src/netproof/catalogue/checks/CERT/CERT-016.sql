-- Critical functions whose deadline comes within $days days, with components that are not certified yet.
with coming as (
    select
        c.component_id,
        c.function,
        c.catalogue_id,
        c.tree_rank,
        c.product_id,
        c.version_in_use,
        a.deadline
    from critical_component as c
    inner join admitted_function as a on c.catalogue_id = a.catalogue_id and c.function = a.function
    where a.deadline > $as_of and date_diff('day', $as_of, a.deadline) <= $days
),

fitting as (
    select distinct
        product_id,
        version,
        catalogue_id,
        tree_rank
    from certificate_match
    where scheme_asked and version_covered and valid_on_date
)

select
    cast(c.function as varchar) as subject_id,
    'needs_review' as outcome,
    'required from ' || min(c.deadline) || ', in ' || min(date_diff('day', $as_of, c.deadline))
    || ' days; of ' || count(*) || ' components certified today: ' || count(f.product_id) as reason
from coming as c
left join fitting as f
    on
        c.product_id = f.product_id
        and c.version_in_use = f.version
        and c.catalogue_id = f.catalogue_id
        and c.tree_rank = f.tree_rank
group by c.function
having count(*) > count(f.product_id)
order by subject_id
