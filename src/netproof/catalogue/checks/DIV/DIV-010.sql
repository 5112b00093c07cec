-- Flows that matter most and have no path without a supplier of whom a risk factor is rated high.
with ranked as (
    select
        supplier_id,
        factor,
        rating,
        row_number() over (
            partition by supplier_id, factor
            order by
                stated_on desc nulls last,
                case rating when 'high' then 0 when 'medium' then 1 else 2 end asc
        ) as place
    from supplier_factor
    where rating is not null
),

rated as (
    select
        supplier_id,
        string_agg(replace(cast(factor as varchar), '_', ' '), ', ' order by factor) as factors
    from ranked
    where place = 1 and rating = 'high'
    group by supplier_id
)

select
    f.flow_id as subject_id,
    'needs_review' as outcome,
    'no path without '
    || string_agg(
        cast(s.supplier_id as varchar) || ' (rated high: ' || r.factors || ')', ', '
        order by cast(s.supplier_id as varchar)
    ) as reason
from flow as f
inner join exposure_flow as e on f.flow_id = e.flow_id
inner join exposure_supplier as s on f.flow_id = s.flow_id
inner join rated as r on s.supplier_id = r.supplier_id
where f.classification in ('government', 'emergency') and e.connected and not s.avoidable
group by f.flow_id
order by subject_id
