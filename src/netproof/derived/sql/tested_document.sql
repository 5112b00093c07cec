-- Documents against which certificates were tested and that are admitted for a function, on whatever day.
-- Key: catalogue_id, function, certificate_id, document. of_scheme: admitted for the certificate's scheme.
select
    a.catalogue_id,
    a.function,
    c.certificate_id,
    a.document,
    a.admitted_from,
    bool_or(coalesce(a.scheme = c.scheme, a.scheme is null)) as of_scheme
from admitted_document as a
inner join certificate_document as d
    on regexp_replace(upper(a.document), '^3GPP|[\s-]', '', 'g') = d.document_key
inner join certificate as c on d.certificate_id = c.certificate_id
group by a.catalogue_id, a.function, c.certificate_id, a.document, a.admitted_from
