-- What rows that bind nobody here would bar on $as_of if they did.
with model as (
    select
        product_id,
        min(first_used_on) as seen_on
    from component
    where product_id is not null
    group by product_id
),

counted as (
    select
        c.restriction_id,
        count(*) filter (
            where c.certain and (r.effect = 'ban' or a.first_used_on is not null)
        ) as components,
        count(*) filter (
            where not c.certain or (r.effect <> 'ban' and a.first_used_on is null)
        ) as unclear
    from restricted_component as c
    inner join restriction as r on c.restriction_id = r.restriction_id
    inner join active_component as a on c.component_id = a.component_id
    left join model as m on a.product_id = m.product_id
    where
        r.effect = 'ban'
        or (
            coalesce(a.first_used_on >= r.effective_on, true)
            and not (r.effect = 'bar_new_model' and coalesce(m.seen_on < r.effective_on, false))
        )
    group by c.restriction_id
),

over_cap as (
    select
        restriction_id,
        cast(sum(case when exceeded then 1 else 0 end) as bigint) as parts,
        cast(sum(case when exceeded then certain - allowed else 0 end) as bigint) as excess,
        count(*) filter (where exceeded is null) as unclear
    from restriction_share
    where coalesce(exceeded, true)
    group by restriction_id
)

select
    r.restriction_id as subject_id,
    case when r.effect is null then 'no_evidence' else 'needs_review' end as outcome,
    case
        when r.effect is null then 'whether it would ban, cap, bar or ask for a notice is not recorded'
        when r.effect = 'cap' and r.share_max is null then 'it would cap a share, but which is not recorded'
        when r.effect = 'cap' and s.parts = 0
            then 'whether it would be exceeded is open: not enough is recorded'
        when r.effect = 'cap'
            then
                'it would be exceeded by ' || s.excess
                || case when r.share_of = 'population' then ' people' else ' components' end
                || case when s.parts > 1 then ' in ' || s.parts || ' parts' else '' end
                || case
                    when s.unclear > 0 then '; in ' || s.unclear || ' parts not enough is recorded'
                    else ''
                end
        else
            c.components || ' components would '
            || case
                when r.effect = 'ban' then 'be banned'
                when r.effect = 'notify' then 'have to be notified'
                when r.effect = 'bar_new' then 'be barred as new'
                else 'be models to look at'
            end
            || case when c.unclear > 0 then '; of ' || c.unclear || ' more not enough is recorded' else '' end
    end
    || coalesce('; since ' || r.effective_on, '; its first day is not recorded')
    || ' by ' || t.label || ', ' || t.standing || t.basis as reason
from restriction as r
inner join restriction_state as t on r.restriction_id = t.restriction_id
left join counted as c on r.restriction_id = c.restriction_id
left join over_cap as s on r.restriction_id = s.restriction_id
where
    t.hypothetical
    and coalesce(t.running, true)
    and (
        r.effect is null
        or c.restriction_id is not null
        or (r.effect = 'cap' and s.restriction_id is not null)
    )
order by subject_id
