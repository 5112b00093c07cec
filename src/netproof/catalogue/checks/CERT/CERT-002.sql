-- Components with a valid certificate that was not tested against a document admitted for their function.
-- Where several certificates fit, one with an admitted document is enough.
with placed as (
    select
        product_id,
        version,
        catalogue_id,
        tree_rank,
        certificate_id,
        requirement_documents,
        document_admitted,
        row_number() over (
            partition by product_id, version, catalogue_id, tree_rank
            order by
                case when document_admitted then 0 when document_admitted is null then 1 else 2 end,
                certificate_id
        ) as place
    from certificate_match
    where scheme_asked and version_covered and valid_on_date
)

select
    c.component_id as subject_id,
    case
        when a.documents is null then 'needs_review'
        when p.document_admitted is null then 'no_evidence'
        else 'fail'
    end as outcome,
    case
        when a.documents is null then 'no requirement document is admitted for ' || c.function || ' yet'
        when p.document_admitted is null
            then 'the requirement documents of certificate ' || p.certificate_id || ' are not recorded'
        else
            'certificate ' || p.certificate_id || ' was tested against '
            || coalesce(p.requirement_documents, 'nothing')
            || '; admitted for ' || c.function || ': ' || a.documents
    end as reason
from critical_component as c
inner join placed as p
    on
        c.product_id = p.product_id
        and c.version_in_use = p.version
        and c.catalogue_id = p.catalogue_id
        and c.tree_rank = p.tree_rank
left join admitted_function as a on c.catalogue_id = a.catalogue_id and c.function = a.function
where c.route = 'open' and p.place = 1 and not coalesce(p.document_admitted, false)
order by subject_id
