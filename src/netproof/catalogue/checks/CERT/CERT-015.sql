-- Valid certificates of products in use, of a scheme that none of the functions where they run asks for.
select
    certificate_id as subject_id,
    'needs_review' as outcome,
    'of scheme ' || min(scheme) || ', asked for is ' || min(replace(schemes, ';', ' or ')) as reason
from certificate_match
where valid_on_date
group by certificate_id
having not bool_or(coalesce(scheme_asked, true))
order by subject_id
