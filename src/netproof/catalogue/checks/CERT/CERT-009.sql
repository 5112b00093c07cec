-- Certificates whose versions run backwards or cannot be put in order.
select
    c.certificate_id as subject_id,
    case when r.from_key >= r.upto_key then 'fail' else 'no_evidence' end as outcome,
    'versions ' || coalesce(c.version_from, '?') || ' to ' || coalesce(c.version_to, '?') || case
        when r.from_key >= r.upto_key then ' run backwards'
        else ' cannot be put in order'
    end as reason
from certificate as c
left join certificate_range as r on c.certificate_id = r.certificate_id
where
    (c.version_from is not null or c.version_to is not null)
    and (r.upto_key is null or r.from_key >= r.upto_key)
order by subject_id
