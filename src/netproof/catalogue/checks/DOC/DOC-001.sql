-- Declarations whose document is not named, not there or not the one whose digest was recorded.
with looked_at as (
    select
        key,
        exists,
        digest_matches,
        reason
    from document_status
    where table_name = 'declaration'
)

select
    d.declaration_id as subject_id,
    case
        when l.key is null then 'no_evidence'
        when not l.exists then 'fail'
        when not l.digest_matches then 'fail'
        else 'no_evidence'
    end as outcome,
    case
        when d.document is null then 'no document is named'
        else
            'document ' || d.document || case
                when l.key is null then ' was not looked at'
                when not l.exists then ' is missing: ' || coalesce(l.reason, 'no such file')
                when not l.digest_matches then ' was changed: ' || coalesce(l.reason, 'other digest')
                when d.sha256 is null then ' has no recorded digest: a change would not show'
                else ' could not be read: ' || coalesce(l.reason, 'no digest')
            end
    end as reason
from declaration as d
left join looked_at as l on d.declaration_id = l.key
where l.key is null or not coalesce(l.exists, false) or not coalesce(l.digest_matches, false)
order by subject_id
