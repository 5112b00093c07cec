-- Declarations whose document carries a signature that is invalid or cannot be verified.
select
    d.declaration_id as subject_id,
    case when s.signature = 'invalid' then 'fail' else 'no_evidence' end as outcome,
    'signature of document ' || s.document
    || case when s.signature = 'invalid' then ' is invalid' else ' is not verified' end
    || coalesce(': ' || s.signature_reason, '')
    || coalesce(' (signer: ' || s.signer || ')', '') as reason
from declaration as d
inner join document_status as s on d.declaration_id = s.key
where s.table_name = 'declaration' and s.signature in ('invalid', 'unverified')
order by subject_id
