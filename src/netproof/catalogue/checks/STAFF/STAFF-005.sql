-- Privileged remote work of suppliers' people on critical components to which no channel leads from them.
select
    w.work_id as subject_id,
    'fail' as outcome,
    'remote work of ' || w.done_on || ' by a person of ' || w.employer_id || ', who has no channel to '
    || w.component_id as reason
from critical_work as w
where
    w.privileged
    and w.remote
    and w.employer_id is not null
    and date_diff('day', w.done_on, $as_of) <= $window_days
    and not exists (
        select 1
        from channel as h
        where h.component_id = w.component_id and h.supplier_id = w.employer_id
    )
order by subject_id
