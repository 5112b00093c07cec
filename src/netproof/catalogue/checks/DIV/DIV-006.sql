-- Regions of whose access network one maker, or makers under one control, have too large a share.
-- Components of unknown make count against everybody: they might all be the largest maker's.
with grouped as (
    select
        value,
        group_id,
        sum(components) as components,
        max(total) as total
    from supplier_share
    where dimension = 'region' and total >= $min_components
    group by value, group_id
),

largest as (
    select
        value,
        cast(max(total) as bigint) as total,
        cast(coalesce(max(case when group_id is not null then components end), 0) as bigint) as known,
        cast(coalesce(max(case when group_id is null then components end), 0) as bigint) as unknown
    from grouped
    group by value
)

select
    value as subject_id,
    case when known > $share_max * total + 0.000001 then 'fail' else 'no_evidence' end as outcome,
    'the largest maker has ' || known || ' of ' || total || ' access components' || case
        when unknown > 0 then '; no maker is recorded for ' || unknown
        else ''
    end as reason
from largest
where known + unknown > $share_max * total + 0.000001
order by subject_id
