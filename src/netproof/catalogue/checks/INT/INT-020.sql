-- Critical components that run an image which its supplier published, but which is not in the log.
select
    c.component_id as subject_id,
    case when s.status = 'no_evidence' then 'no_evidence' else 'fail' end as outcome,
    case
        when s.status = 'no_evidence' then s.reason
        else
            'its supplier published ' || coalesce('version ' || s.version, 'a version')
            || ' with this digest, and it is not in the log'
    end as reason
from critical_component as c
inner join image_status as s on c.component_id = s.component_id
where s.signed_not_logged
order by subject_id
