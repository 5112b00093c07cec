-- What the log says of everything that runs. Key: slot, product_id, version, sha256; each may be NULL.
-- nearness: 0 logged as that release, 1 as another one of that product, 2 for another product only; NULL: it
-- is in no entry. claimed_index: the entry of the release that it says it runs, if that has another digest.
with fleet as (
    select
        slot,
        product_id,
        version,
        sha256,
        count(*) as components
    from running_software
    group by slot, product_id, version, sha256
),

nearest as (
    select
        f.slot,
        f.product_id,
        f.version,
        f.sha256,
        min(
            case
                when f.product_id <> l.product_id then 2000000000000000
                when f.version <> l.version then 1000000000000000
                else 0
            end + l.entry_index
        ) as place
    from fleet as f
    inner join logged_release as l on f.sha256 = l.sha256
    group by f.slot, f.product_id, f.version, f.sha256
),

named as (
    select
        f.slot,
        f.product_id,
        f.version,
        f.sha256,
        f.components,
        n.place // 1000000000000000 as nearness,
        n.place % 1000000000000000 as entry_index
    from fleet as f
    left join nearest as n
        on
            f.sha256 = n.sha256
            and f.slot is not distinct from n.slot
            and f.product_id is not distinct from n.product_id
            and f.version is not distinct from n.version
),

claimed as (
    select
        n.slot,
        n.product_id,
        n.version,
        n.sha256,
        min(l.entry_index) as entry_index
    from named as n
    inner join logged_release as l on n.product_id = l.product_id and n.version = l.version
    where n.nearness is distinct from 0 and n.sha256 is not null
    group by n.slot, n.product_id, n.version, n.sha256
)

select
    n.slot,
    n.product_id,
    n.version,
    n.sha256,
    n.components,
    n.nearness,
    n.entry_index,
    l.product_id as logged_product,
    l.version as logged_version,
    l.part as logged_part,
    l.logged_at,
    c.entry_index as claimed_index
from named as n
left join logged_release as l on n.entry_index = l.entry_index
left join claimed as c
    on
        n.sha256 = c.sha256
        and n.slot is not distinct from c.slot
        and n.product_id = c.product_id
        and n.version = c.version
