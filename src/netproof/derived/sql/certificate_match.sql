-- Certificates of the products of critical components.
-- Key: product_id, version, catalogue_id, tree_rank, certificate_id.
-- A row for each product and version in use in one place of the decision tree, and certificate of it.
-- An answer (the last four columns) is NULL where the records do not tell.
with used as (
    select distinct
        product_id,
        version_in_use as version,
        function,
        catalogue_id,
        tree_rank,
        schemes
    from critical_component
    where product_id is not null
),

admitted as (
    select distinct
        catalogue_id,
        function,
        certificate_id
    from tested_document
    where of_scheme and coalesce(admitted_from <= $as_of, true)
),

documented as (
    select distinct certificate_id
    from certificate_document
)

select
    u.product_id,
    u.version,
    u.function,
    u.catalogue_id,
    u.tree_rank,
    u.schemes,
    c.certificate_id,
    c.scheme,
    c.version_from,
    c.version_to,
    c.requirement_documents,
    c.issued_on,
    c.expires_on,
    c.status,
    list_contains(string_split(replace(u.schemes, ' ', ''), ';'), c.scheme) as scheme_asked,
    case
        when u.version is null then null
        when u.version in (c.version_from, c.version_to) then true
        when r.upto_key is null then null
        else k.version_key >= r.from_key and k.version_key < r.upto_key
    end as version_covered,
    c.status = 'valid' and c.issued_on <= $as_of and c.expires_on >= $as_of as valid_on_date,
    case
        when a.certificate_id is not null then true
        when d.certificate_id is not null then false
    end as document_admitted
from used as u
inner join certificate as c on u.product_id = c.product_id
left join certificate_range as r on c.certificate_id = r.certificate_id
left join version_key as k on u.product_id = k.product_id and u.version = k.version
left join admitted as a
    on u.catalogue_id = a.catalogue_id and u.function = a.function and c.certificate_id = a.certificate_id
left join documented as d on c.certificate_id = d.certificate_id
