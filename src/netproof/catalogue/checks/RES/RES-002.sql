-- Caps that bind on $as_of and are exceeded, or may be. Components whose supplier, zone, function or region
-- is not recorded are counted both ways: the outcome is open where they could tip it. Of the parts in
-- which a cap holds by itself, the first of those that are exceeded is named, and how many more there are.
with ranked as (
    select
        restriction_id,
        part,
        total,
        certain,
        unclear,
        uncounted,
        allowed,
        exceeded,
        row_number() over (
            partition by restriction_id
            order by coalesce(exceeded, false) desc, certain - allowed desc, part asc
        ) as place,
        count(restriction_id) over (partition by restriction_id) as parts
    from restriction_share
    where coalesce(exceeded, true)
)

select
    r.restriction_id as subject_id,
    case
        when r.effect is null or t.binding is null or t.running is null then 'no_evidence'
        when s.exceeded then 'fail'
        else 'no_evidence'
    end as outcome,
    case
        when r.effect is null then 'whether it bans or caps is not recorded'
        when r.share_max is null then 'the largest share is not recorded'
        when t.binding is null then 'its legal status is not recorded'
        when t.running is null then 'its first day is not recorded'
        else
            coalesce(s.part || ': ', '')
            || s.certain || ' of ' || s.total
            || case when r.share_of = 'population' then ' people' else ' components' end
            || '; the cap allows ' || s.allowed
            || case
                when s.unclear > 0 then '; not enough is recorded of ' || s.unclear || ' more'
                else ''
            end
            || case
                when s.uncounted > 0
                    then '; of ' || s.uncounted || ' components it is not recorded whom they serve'
                else ''
            end
            || case when s.parts > 1 then '; so it is in ' || (s.parts - 1) || ' more' else '' end
    end || '; cap since ' || coalesce(cast(r.effective_on as varchar), 'a day not recorded')
    || ' by ' || t.label || t.basis as reason
from restriction as r
inner join restriction_state as t on r.restriction_id = t.restriction_id
left join ranked as s on r.restriction_id = s.restriction_id and s.place = 1
where
    coalesce(r.effect = 'cap', true)
    and coalesce(t.binding, true)
    and coalesce(t.running, true)
    and (
        r.effect is null
        or r.share_max is null
        or t.binding is null
        or t.running is null
        or s.restriction_id is not null
    )
order by subject_id
