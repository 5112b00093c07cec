-- Certificates of which something is not recorded without which nothing can be shown.
select
    certificate_id as subject_id,
    'no_evidence' as outcome,
    'not recorded: ' || concat_ws(
        ', ',
        case when product_id is null then 'product' end,
        case when version_from is null and version_to is null then 'versions' end,
        case when scheme is null then 'scheme' end,
        case when issued_on is null then 'day of issue' end,
        case when expires_on is null then 'last valid day' end,
        case when status is null then 'status' end
    ) as reason
from certificate
where
    product_id is null
    or (version_from is null and version_to is null)
    or scheme is null
    or issued_on is null
    or expires_on is null
    or status is null
order by subject_id
