-- Caps that bind on $as_of and are exceeded, or may be. Components whose supplier, zone, function or region
-- is not recorded are counted both ways: the outcome is open where they could tip it.
with cap as (
    select
        restriction_id,
        zone,
        function,
        region,
        effect,
        share_max,
        legal_status,
        effective_on
    from restriction
    where
        coalesce(effect = 'cap', true)
        and coalesce(legal_status in ('in_force', 'contract'), true)
        and coalesce(effective_on <= $as_of, true)
        and coalesce(ends_on >= $as_of, true)
),

met as (
    select
        r.restriction_id,
        c.components,
        case
            when
                (r.zone is null or c.zone is not null)
                and (r.function is null or c.function is not null)
                and (r.region is null or c.region is not null)
                then 1
            else 0
        end as inside,
        case when s.restriction_id is null then 0 when s.selected then 2 else 1 end as chosen
    from cap as r
    inner join component_cell as c
        on
            coalesce(r.zone = c.zone, true)
            and coalesce(r.function = c.function, true)
            and coalesce(r.region = c.region, true)
    left join restriction_supplier as s
        on
            r.restriction_id = s.restriction_id
            and c.supplier_id is not distinct from s.supplier_id
            and c.maker_id is not distinct from s.maker_id
),

counted as (
    select
        restriction_id,
        cast(sum(case when inside = 1 then components else 0 end) as bigint) as total,
        cast(sum(case when inside = 1 and chosen = 2 then components else 0 end) as bigint) as certain,
        cast(sum(case when inside = 1 and chosen = 1 then components else 0 end) as bigint) as unclear,
        cast(sum(case when inside = 0 and chosen > 0 then components else 0 end) as bigint) as outside
    from met
    group by restriction_id
)

select
    r.restriction_id as subject_id,
    case
        when r.effect is null or r.legal_status is null or r.effective_on is null then 'no_evidence'
        when c.certain > r.share_max * (c.total + c.outside) + 0.000001 then 'fail'
        else 'no_evidence'
    end as outcome,
    case
        when r.effect is null then 'whether it bans or caps is not recorded'
        when r.share_max is null then 'the largest share is not recorded'
        when r.legal_status is null then 'its legal status is not recorded'
        when r.effective_on is null then 'its first day is not recorded'
        else
            c.certain || ' of ' || c.total || ' components; the cap allows '
            || cast(floor(r.share_max * c.total + 0.000001) as bigint)
            || case
                when c.unclear + c.outside > 0
                    then '; not enough is recorded of ' || (c.unclear + c.outside) || ' more'
                else ''
            end
    end as reason
from cap as r
left join counted as c on r.restriction_id = c.restriction_id
where
    r.effect is null
    or r.share_max is null
    or r.legal_status is null
    or r.effective_on is null
    or c.certain + c.unclear + c.outside > r.share_max * (c.total + c.outside) + 0.000001
order by subject_id
