-- The share that each cap limits, in each part where it holds by itself.
-- Key: restriction_id, part (NULL: all in one).
-- certain are selected, unclear may be; exceeded is NULL where components of which not enough is
-- recorded could tip it.
with met as (
    select
        r.restriction_id,
        r.share_max,
        case
            when r.share_per = 'function' then coalesce(cast(c.function as varchar), '(no function recorded)')
            when r.share_per = 'region' then coalesce(cast(c.region as varchar), '(no region recorded)')
            when r.share_per = 'zone' then coalesce(cast(c.zone as varchar), '(no zone recorded)')
        end as part,
        case when r.share_of = 'population' then c.people else c.components end as weight,
        case when r.share_of = 'population' then c.uncounted else 0 end as uncounted,
        coalesce(p.inside, false) as inside,
        case when s.restriction_id is null then 0 when s.selected then 2 else 1 end as chosen
    from restriction as r
    inner join restriction_place as p on r.restriction_id = p.restriction_id
    inner join restriction_cell as c
        on
            p.function is not distinct from c.function
            and p.zone is not distinct from c.zone
            and p.region is not distinct from c.region
            and p.sensitive is not distinct from c.sensitive
    left join restriction_supplier as s
        on
            r.restriction_id = s.restriction_id
            and c.supplier_id is not distinct from s.supplier_id
            and c.maker_id is not distinct from s.maker_id
    where coalesce(r.effect = 'cap', true)
),

counted as (
    select
        restriction_id,
        share_max,
        part,
        coalesce(sum(weight) filter (where inside), 0) as total,
        coalesce(sum(weight) filter (where inside and chosen = 2), 0) as certain,
        coalesce(sum(weight) filter (where inside and chosen = 1), 0) as unclear,
        coalesce(sum(weight) filter (where not inside and chosen > 0), 0) as outside,
        sum(uncounted) as uncounted
    from met
    group by restriction_id, share_max, part
)

select
    restriction_id,
    part,
    cast(total as bigint) as total,
    cast(certain as bigint) as certain,
    cast(unclear + outside as bigint) as unclear,
    cast(uncounted as bigint) as uncounted,
    cast(floor(share_max * total + 0.000001) as bigint) as allowed,
    case
        when uncounted > 0 or share_max is null then null
        when certain > share_max * (total + outside) + 0.000001 then true
        when certain + unclear + outside > share_max * (total + outside) + 0.000001 then null
        else false
    end as exceeded
from counted
