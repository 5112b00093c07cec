-- Valid certificates without requirement documents.
select
    certificate_id as subject_id,
    'no_evidence' as outcome,
    'no requirement document is recorded' as reason
from certificate
where status = 'valid' and requirement_documents is null
order by subject_id
