-- Suppliers of critical components for whom the assessment of a risk factor is not recorded.
with assessed as (
    select
        supplier_id,
        max(case when factor = 'state_link' then 1 else 0 end) as state_link,
        max(case when factor = 'home_law' then 1 else 0 end) as home_law,
        max(case when factor = 'ownership' then 1 else 0 end) as ownership,
        max(case when factor = 'supply_assurance' then 1 else 0 end) as supply_assurance,
        max(case when factor = 'quality' then 1 else 0 end) as quality
    from supplier_factor
    where rating is not null
    group by supplier_id
)

select
    s.supplier_id as subject_id,
    'no_evidence' as outcome,
    case
        when a.supplier_id is null then 'no assessment is recorded'
        else
            'not assessed: ' || concat_ws(
                ', ',
                case when a.state_link = 0 then 'link to a state' end,
                case when a.home_law = 0 then 'law of the seat' end,
                case when a.ownership = 0 then 'ownership' end,
                case when a.supply_assurance = 0 then 'assurance of supply' end,
                case when a.quality = 0 then 'quality' end
            )
    end as reason
from critical_supplier as s
left join assessed as a on s.supplier_id = a.supplier_id
where
    a.supplier_id is null
    or a.state_link + a.home_law + a.ownership + a.supply_assurance + a.quality < 5
order by subject_id
