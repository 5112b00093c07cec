-- The log of releases where it does not verify, has no quorum, or was cosigned too long ago.
select
    origin as subject_id,
    'fail' as outcome,
    case
        when problem is not null then problem
        when not coalesce(quorum, false) or checkpoint_at is null
            then 'no quorum of witnesses cosigned its checkpoint of ' || coalesce(size, 0) || ' entries'
        else
            'a quorum of witnesses last cosigned it on ' || cast(checkpoint_at as date) || ', '
            || date_diff('day', cast(checkpoint_at as date), $as_of) || ' days before'
    end as reason
from log_state
where
    problem is not null
    or not coalesce(quorum, false)
    or checkpoint_at is null
    or date_diff('day', cast(checkpoint_at as date), $as_of) > $max_age_days
order by subject_id
