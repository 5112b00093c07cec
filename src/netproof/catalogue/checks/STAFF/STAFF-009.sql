-- Zones of the network for which too few of the operator's people are instructed on $as_of.
-- likely counts those too of whom only the first day of an instruction is not recorded.
with held as (
    select
        q.person_id,
        cast(q.subject as varchar) as subject,
        min(case when q.valid_from is null then 1 else 0 end) as undated
    from qualification as q
    inner join person as p on q.person_id = p.person_id
    where
        p.employer_id is null
        and coalesce(q.valid_from <= $as_of, true)
        and coalesce(q.valid_to >= $as_of, true)
    group by q.person_id, q.subject
),

able as (
    select
        h.person_id,
        h.subject,
        greatest(h.undated, i.undated) as undated
    from held as h
    inner join held as i on h.person_id = i.person_id
    where i.subject = 'security_instruction'
),

counted as (
    select
        z.zone,
        count(case when a.undated = 0 then a.person_id end) as certain,
        count(a.person_id) as likely
    from zone as z
    left join able as a on z.zone = a.subject
    where z.zone in ('core', 'management')
    group by z.zone
)

select
    zone as subject_id,
    case when likely >= $people_min then 'no_evidence' else 'fail' end as outcome,
    'instructed people of the operator''s own: ' || certain || case
        when likely > certain
            then ', and ' || (likely - certain) || ' whose instruction has no first day'
        else ''
    end as reason
from counted
where certain < $people_min
order by subject_id
