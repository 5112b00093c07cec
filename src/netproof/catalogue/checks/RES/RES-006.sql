-- Binding restrictions that begin within $days of $as_of, and what they will touch then.
-- Components that are recorded to be retired by that day are not counted under bans.
with counted as (
    select
        c.restriction_id,
        count(*) filter (where c.certain) as components,
        count(*) filter (where not c.certain) as unclear
    from restricted_component as c
    inner join restriction as r on c.restriction_id = r.restriction_id
    inner join component as k on c.component_id = k.component_id
    where r.effect = 'ban' and coalesce(k.retired_on > r.effective_on, true)
    group by c.restriction_id
),

over_cap as (
    select
        restriction_id,
        cast(sum(case when exceeded then certain - allowed else 0 end) as bigint) as excess,
        count(*) filter (where exceeded is null) as unclear
    from restriction_share
    where coalesce(exceeded, true)
    group by restriction_id
),

touched as (
    select distinct restriction_id
    from restricted_component
)

select
    r.restriction_id as subject_id,
    'needs_review' as outcome,
    'begins on ' || r.effective_on || ', in ' || date_diff('day', $as_of, r.effective_on) || ' days: '
    || case
        when r.effect = 'ban' then c.components || ' components must be out by then'
        when r.effect = 'cap' and r.share_max is null then 'the largest share is not recorded'
        when r.effect = 'cap'
            then
                s.excess || case when r.share_of = 'population' then ' people' else ' components' end
                || ' must move to others by then'
        when r.effect = 'notify' then 'what comes into use from then must be notified'
        when r.effect = 'bar_new' then 'nothing new may be installed from then'
        else 'no new model may be installed from then'
    end
    || case
        when r.effect = 'ban' and c.unclear > 0 then '; of ' || c.unclear || ' more not enough is recorded'
        when r.effect = 'cap' and s.unclear > 0 then '; in ' || s.unclear || ' parts not enough is recorded'
        else ''
    end
    || '; by ' || t.label || t.basis as reason
from restriction as r
inner join restriction_state as t on r.restriction_id = t.restriction_id
left join counted as c on r.restriction_id = c.restriction_id
left join over_cap as s on r.restriction_id = s.restriction_id
left join touched as n on r.restriction_id = n.restriction_id
where
    t.binding
    and not t.running
    and r.effective_on > $as_of
    and date_diff('day', $as_of, r.effective_on) <= $days
    and (
        (r.effect = 'ban' and c.restriction_id is not null)
        or (r.effect = 'cap' and s.restriction_id is not null)
        or (r.effect not in ('ban', 'cap') and n.restriction_id is not null)
    )
order by subject_id
