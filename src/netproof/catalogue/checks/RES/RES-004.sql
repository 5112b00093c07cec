-- Duties to notify that bind on $as_of, with the components that came into use since then, or may have.
with counted as (
    select
        c.restriction_id,
        count(*) filter (where c.certain and a.first_used_on is not null) as components,
        count(*) filter (where not c.certain or a.first_used_on is null) as unclear
    from restricted_component as c
    inner join restriction as r on c.restriction_id = r.restriction_id
    inner join active_component as a on c.component_id = a.component_id
    where r.effect = 'notify' and coalesce(a.first_used_on >= r.effective_on, true)
    group by c.restriction_id
)

select
    r.restriction_id as subject_id,
    'needs_review' as outcome,
    c.components || ' components came into use since '
    || coalesce(cast(r.effective_on as varchar), 'a day not recorded')
    || ', from when it asks to be notified'
    || case when c.unclear > 0 then '; of ' || c.unclear || ' more not enough is recorded' else '' end
    || '; whether they were notified no table tells; by ' || t.label || t.basis as reason
from restriction as r
inner join restriction_state as t on r.restriction_id = t.restriction_id
inner join counted as c on r.restriction_id = c.restriction_id
where r.effect = 'notify' and coalesce(t.binding, true) and coalesce(t.running, true)
order by subject_id
