-- How suppliers and restrictions are spelled, alike apart from case, accents, punctuation and legal form.
-- A name of a supplier (restriction_id NULL) or one that a restriction selects. Key: all columns.
with written as (
    select
        supplier_id,
        cast(null as varchar) as restriction_id,
        name
    from supplier
    union all
    select
        supplier_id,
        null as restriction_id,
        alias as name
    from supplier_alias
    where kind is null or kind in ('name', 'slug')
    union all
    select
        null as supplier_id,
        restriction_id,
        unnest(string_split(supplier_name, ';')) as name
    from restriction
),

plain as (
    select
        supplier_id,
        restriction_id,
        trim(regexp_replace(lower(strip_accents(replace(name, '.', ''))), '[^\p{L}\p{N}]+', ' ', 'g')) as name
    from written
)

select distinct
    supplier_id,
    restriction_id,
    regexp_replace(
        name,
        '( (ab|ag|as|bv|co|company|corp|corporation|doo|gmbh|inc|incorporated|kft|kg|lda|limited'
        || '|llc|ltd|nv|oy|plc|sa|sarl|sas|se|spa|srl|sro))+$',
        ''
    ) as spelling
from plain
where name <> ''
