-- Critical components whose image was last measured too long ago.
select
    c.component_id as subject_id,
    'no_evidence' as outcome,
    'last measured on ' || cast(o.observed_at as date) || ', '
    || date_diff('day', cast(o.observed_at as date), $as_of) || ' days before' as reason
from critical_component as c
inner join latest_observation as o on c.component_id = o.component_id
where date_diff('day', cast(o.observed_at as date), $as_of) > $max_age_days
order by subject_id
