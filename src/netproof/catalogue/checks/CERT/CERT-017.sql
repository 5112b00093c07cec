-- Valid certificates of products in use that were issued before any of their documents was admitted.
with tested as (
    select
        m.certificate_id,
        m.issued_on,
        t.document,
        t.admitted_from,
        row_number() over (
            partition by m.certificate_id
            order by t.admitted_from asc, t.document asc
        ) as place
    from certificate_match as m
    inner join tested_document as t
        on m.catalogue_id = t.catalogue_id and m.function = t.function and m.certificate_id = t.certificate_id
    where m.valid_on_date and t.admitted_from is not null
)

select
    certificate_id as subject_id,
    'needs_review' as outcome,
    'issued on ' || issued_on || ', while ' || document || ' is admitted from ' || admitted_from as reason
from tested
where place = 1 and issued_on < admitted_from
order by subject_id
