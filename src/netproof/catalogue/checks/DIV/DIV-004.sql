-- Critical functions with two or more components that all run the same product in the same version.
select
    cast(function as varchar) as subject_id,
    case
        when count(*) > count(product_id) or count(*) > count(version_in_use) then 'no_evidence'
        else 'fail'
    end as outcome,
    case
        when count(*) > count(product_id) or count(*) > count(version_in_use)
            then 'no difference is recorded among ' || count(*) || ' components, but not all are recorded'
        else
            'all ' || count(*) || ' components run product ' || min(cast(product_id as varchar))
            || ' in version ' || min(cast(version_in_use as varchar))
    end as reason
from critical_component
group by function
having count(*) >= 2 and count(distinct product_id) <= 1 and count(distinct version_in_use) <= 1
order by subject_id
