with core as (
    select supplier_id
    from critical_component
    where zone = 'core'
    union
    select maker_id as supplier_id
    from critical_component
    where zone = 'core'
),

ranked as (
    select
        c.supplier_id,
        f.factor,
        f.rating,
        f.stated_on,
        row_number() over (
            partition by c.supplier_id, f.factor
            order by
                f.stated_on desc nulls last,
                case f.rating when 'high' then 0 when 'medium' then 1 else 2 end asc
        ) as place
    from core as c
    inner join supplier_factor as f on c.supplier_id = f.supplier_id
    where f.rating is not null
)

select
    supplier_id as subject_id,
    'needs_review' as outcome,
    'rated high: ' || string_agg(replace(cast(factor as varchar), '_', ' '), ', ' order by factor) as reason
from ranked
where place = 1 and rating = 'high'
group by supplier_id
order by subject_id
