-- Critical functions in use for which no requirement document is admitted on $as_of.
select
    cast(c.function as varchar) as subject_id,
    'needs_review' as outcome,
    case
        when max(case when c.route = 'open' then 1 else 0 end) = 1
            then 'the scheme is open, but no requirement document is admitted for this function'
        when max(case when c.route = 'in_preparation' then 1 else 0 end) = 1
            then 'requirement documents are in preparation, none is admitted'
        else 'there is no way to a certificate'
    end || '; ' || count(*) || ' components in use' as reason
from critical_component as c
left join admitted_function as a on c.catalogue_id = a.catalogue_id and c.function = a.function
where a.documents is null or coalesce(c.route <> 'open', true)
group by c.function
order by subject_id
