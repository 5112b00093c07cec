-- Critical components that run what was logged later than it was seen to run, or that cannot be told.
select
    c.component_id as subject_id,
    case
        when s.status = 'late' or s.logged_at > s.first_seen_at then 'fail'
        else 'no_evidence'
    end as outcome,
    case
        when s.status in ('late', 'no_evidence') then s.reason
        when s.logged_at > s.first_seen_at
            then
                'its image ran on ' || cast(s.first_seen_at as date) || ', entry ' || s.entry_index
                || ' is proven only by ' || cast(s.logged_at as date)
        else 'since when entry ' || s.entry_index || ' is in the log is not proven'
    end as reason
from critical_component as c
inner join image_entry as s on c.component_id = s.component_id
where
    s.sha256 is not null
    and s.status <> 'unknown'
    and (s.status in ('late', 'no_evidence') or coalesce(s.logged_at > s.first_seen_at, true))
order by subject_id
