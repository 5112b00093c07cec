-- Watched critical components none of whose signals is up and was heard lately.
select
    component_id as subject_id,
    case when known then 'fail' else 'no_evidence' end as outcome,
    case
        when not known then 'the state of a signal, or when it was heard up to the date, is not recorded'
        when last_seen_at is null then 'no signal is up'
        else
            'last heard on ' || cast(last_seen_at as date) || ', '
            || date_diff('day', cast(last_seen_at as date), $as_of) || ' days before'
    end as reason
from watched_component
where last_seen_at is null or date_diff('day', cast(last_seen_at as date), $as_of) > $max_age_days
order by subject_id
