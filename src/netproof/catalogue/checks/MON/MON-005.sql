-- Critical components with a signal whose state contradicts when it was last heard.
with heard as (
    select
        m.component_id,
        m.signal,
        m.state,
        cast(m.last_seen_at as date) as last_seen_on
    from monitor as m
    inner join critical_component as c on m.component_id = c.component_id
    where m.last_seen_at < $as_of + to_days(1)
)

select
    component_id as subject_id,
    'needs_review' as outcome,
    string_agg(
        'signal ' || signal || ' is said to be ' || state || ', last heard on ' || last_seen_on, '; '
        order by signal
    ) as reason
from heard
where (state = 'up' and date_diff('day', last_seen_on, $as_of) > $max_age_days) or state = 'never'
group by component_id
order by subject_id
