-- Of the certificates of each product and version in use in one place of the decision tree, the one that
-- comes nearest to what is asked. Key: product_id, version, catalogue_id, tree_rank.
-- grade: 0 fits; 1 the records do not tell; 2 not valid on the date; 3 another version; 4 both;
-- 5 another scheme.
with graded as (
    select
        product_id,
        version,
        catalogue_id,
        tree_rank,
        certificate_id,
        expires_on,
        case
            when scheme_asked and version_covered and valid_on_date then 0
            when not scheme_asked then 5
            when not version_covered and not valid_on_date then 4
            when not version_covered then 3
            when not valid_on_date then 2
            else 1
        end as grade
    from certificate_match
),

placed as (
    select
        product_id,
        version,
        catalogue_id,
        tree_rank,
        certificate_id,
        grade,
        row_number() over (
            partition by product_id, version, catalogue_id, tree_rank
            order by grade asc, expires_on desc nulls last, certificate_id asc
        ) as place
    from graded
)

select
    m.product_id,
    m.version,
    m.catalogue_id,
    m.tree_rank,
    m.schemes,
    m.certificate_id,
    m.scheme,
    m.version_from,
    m.version_to,
    m.issued_on,
    m.expires_on,
    m.status,
    m.scheme_asked,
    m.valid_on_date,
    p.grade
from placed as p
inner join certificate_match as m
    on
        p.product_id = m.product_id
        and p.version is not distinct from m.version
        and p.catalogue_id = m.catalogue_id
        and p.tree_rank = m.tree_rank
        and p.certificate_id = m.certificate_id
where p.place = 1
