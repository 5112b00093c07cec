-- Declarations of which the record and the document say different things.
with compared as (
    select
        d.declaration_id,
        d.signature as recorded,
        d.signed_on as recorded_on,
        s.signature as verified,
        s.signed_on as verified_on,
        s.document,
        s.signer
    from declaration as d
    inner join document_status as s on d.declaration_id = s.key
    where s.table_name = 'declaration' and s.exists and d.signature is not null
)

select
    declaration_id as subject_id,
    case when recorded = 'valid' and verified = 'invalid' then 'fail' else 'needs_review' end as outcome,
    case
        when recorded = 'valid' and verified = 'invalid'
            then 'recorded as valid, but the signature of document ' || document || ' is invalid'
        when recorded = 'valid' and verified = 'none'
            then 'recorded as valid, but document ' || document || ' carries no electronic signature'
        when recorded = 'invalid' and verified = 'valid'
            then
                'recorded as invalid, but document ' || document || ' is validly signed by '
                || coalesce(signer, '(unnamed)')
        else 'recorded as signed on ' || recorded_on || ', document ' || document || ' says ' || verified_on
    end as reason
from compared
where
    (recorded = 'valid' and verified in ('invalid', 'none'))
    or (recorded = 'invalid' and verified = 'valid')
    or (verified = 'valid' and recorded_on <> verified_on)
order by subject_id
