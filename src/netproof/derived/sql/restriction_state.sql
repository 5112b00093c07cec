-- What force each restriction has on the date. Key: restriction_id. NULL where the records do not tell.
-- binding: law or contract here; hypothetical: a draft, proposal or what-if, or a law of elsewhere;
-- running: begun and not ended. label and basis are for people to read.
select
    restriction_id,
    legal_status in ('in_force', 'contract') and not coalesce(abroad, false) as binding,
    coalesce(
        legal_status in ('draft', 'proposal', 'what_if')
        or (legal_status in ('in_force', 'contract') and coalesce(abroad, false)),
        false
    ) as hypothetical,
    case
        when ends_on < $as_of then false
        else effective_on <= $as_of
    end as running,
    restriction_id || coalesce(' (' || regime || ')', '') as label,
    case
        when coalesce(abroad, false) and legal_status in ('in_force', 'contract')
            then 'holds in ' || coalesce(jurisdiction, 'another country') || ', not here'
        when legal_status = 'what_if' then 'what if'
        when legal_status = 'in_force' then 'in force'
        else cast(legal_status as varchar)
    end as standing,
    case when source is null then '; no source recorded' else '; source: ' || source end as basis
from restriction
