-- Sites none of whose critical components has a signal that is up and was heard lately.
select
    c.site_id as subject_id,
    'fail' as outcome,
    'critical components: ' || count(*) || ', with any signal: ' || count(w.component_id)
    || coalesce(', last heard on ' || cast(max(w.last_seen_at) as date), '') as reason
from critical_component as c
left join watched_component as w on c.component_id = w.component_id
where c.site_id is not null
group by c.site_id
having coalesce(date_diff('day', cast(max(w.last_seen_at) as date), $as_of) > $max_age_days, true)
order by subject_id
