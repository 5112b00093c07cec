-- The documents against which each certificate was tested. Key: certificate_id, document.
-- document_key leaves away what people write differently: "3GPP TS 33.512 V17.2.0" and "TS33.512" are one.
with written as (
    select
        certificate_id,
        trim(unnest(string_split(requirement_documents, ';'))) as document
    from certificate
)

select distinct
    certificate_id,
    document,
    regexp_replace(
        regexp_replace(upper(document), '[ (]+V?[0-9]+[.][0-9]+[.][0-9]+[)]?$', ''), '^3GPP|[\s-]', '', 'g'
    ) as document_key
from written
where document <> ''
