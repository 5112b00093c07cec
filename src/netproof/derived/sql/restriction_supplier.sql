-- Whom each restriction selects. Key: restriction_id, supplier_id, maker_id.
-- A row for each pair of supplier and maker in use; selected is NULL where the records do not tell,
-- and unknown says what they lack. Whether the restriction binds on the date is not asked here.
with pair as (
    select distinct
        supplier_id,
        maker_id
    from active_component
),

party as (
    select supplier_id as party_id
    from pair
    union
    select maker_id as party_id
    from pair
),

spelled as (
    select distinct supplier_id
    from supplier_spelling
    where supplier_id is not null
),

fact as (
    select
        r.restriction_id,
        p.party_id,
        r.supplier_id is null
        and r.supplier_name is null
        and r.supplier_pen is null
        and r.supplier_lei is null as anybody,
        max(case when n.sure then 2 when n.sure is not null then 1 else 0 end) as named,
        -- One that nobody gave a name cannot be told from the one that a name means.
        bool_and(k.supplier_id is not null or r.supplier_id is not null or n.sure is not null) as has_name,
        r.country is null as anywhere,
        bool_or(s.country = r.country) as seated,
        r.country_not is null as not_outside,
        bool_or(
            regexp_full_match(cast(s.country as varchar), '[A-Z]{2}')
            and not contains(';' || replace(r.country_not, ' ', '') || ';', ';' || s.country || ';')
        ) as outside,
        bool_or(not coalesce(regexp_full_match(cast(s.country as varchar), '[A-Z]{2}'), false))
            as seat_unknown,
        -- A country that is no code is a slip of the pen, and selects nobody for certain.
        not coalesce(regexp_full_match(cast(r.country as varchar), '[A-Z]{2}'), true) as country_slip,
        not coalesce(regexp_full_match(replace(r.country_not, ' ', ''), '([A-Z]{2}(;|$))+'), true)
            as country_not_slip
    from restriction as r
    cross join party as p
    left join supplier_control as c on p.party_id = c.supplier_id
    left join supplier as s on c.controller_id = s.supplier_id
    left join restriction_named as n
        on r.restriction_id = n.restriction_id and c.controller_id = n.supplier_id
    left join spelled as k on c.controller_id = k.supplier_id
    group by all
),

judged as (
    select
        restriction_id,
        party_id,
        case
            when anybody then true
            when party_id is null then null
            when named = 2 then true
            when named = 1 or not has_name then null
            else false
        end as by_name,
        case
            when anywhere or seated then true
            when party_id is null or seat_unknown or country_slip then null
            else false
        end
        and case
            when not_outside then true
            when country_not_slip then null
            when outside then true
            when party_id is null or seat_unknown then null
            else false
        end as by_seat,
        case
            when party_id is null then 'the supplier'
            when not anybody and named = 1 then 'who controls the supplier whose name begins alike'
            when not anybody and named = 0 and not has_name then 'the name of the supplier'
            when country_slip or country_not_slip then 'the code of a country'
            else 'the seat of the supplier'
        end as unknown
    from fact
),

paired as (
    select
        a.restriction_id,
        p.supplier_id,
        p.maker_id,
        (a.by_name and a.by_seat) or (b.by_name and b.by_seat) as selected,
        case when (a.by_name and a.by_seat) is null then a.unknown else b.unknown end as unknown
    from pair as p
    inner join judged as a on p.supplier_id is not distinct from a.party_id
    inner join judged as b
        on p.maker_id is not distinct from b.party_id and a.restriction_id = b.restriction_id
)

select
    restriction_id,
    supplier_id,
    maker_id,
    selected,
    case when selected is null then unknown end as unknown
from paired
where coalesce(selected, true)
