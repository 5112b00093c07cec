-- Suppliers of critical components with a risk factor whose latest assessment is too old.
with latest as (
    select
        s.supplier_id,
        f.factor,
        max(f.stated_on) as stated_on
    from critical_supplier as s
    inner join supplier_factor as f on s.supplier_id = f.supplier_id
    where f.rating is not null
    group by s.supplier_id, f.factor
),

oldest as (
    select
        supplier_id,
        min(stated_on) as stated_on,
        count(*) - count(stated_on) as undated
    from latest
    group by supplier_id
)

select
    supplier_id as subject_id,
    case when undated > 0 then 'no_evidence' else 'needs_review' end as outcome,
    case
        when undated > 0 then 'factors whose assessment has no date: ' || undated
        else 'the oldest assessment of a factor is of ' || stated_on
    end as reason
from oldest
where undated > 0 or date_diff('day', stated_on, $as_of) > $max_age_days
order by subject_id
