-- The longest certificates of each product and version in use that end before the next audit.
with held as (
    select
        product_id,
        version,
        max(expires_on) as last_day
    from certificate_match
    where scheme_asked and version_covered and valid_on_date
    group by product_id, version
)

select
    m.certificate_id as subject_id,
    'needs_review' as outcome,
    case
        when max(m.expires_on) < $next_audit_on
            then
                'ends on ' || max(m.expires_on) || ', before the audit on ' || cast($next_audit_on as date)
                || ', and no other certificate outlasts it'
        else 'parameter next_audit_on, ' || cast($next_audit_on as date) || ', is past: set the next one'
    end as reason
from certificate_match as m
inner join held as h
    on
        m.product_id = h.product_id
        and m.version is not distinct from h.version
        and m.expires_on = h.last_day
where
    m.scheme_asked
    and m.version_covered
    and m.valid_on_date
    and (h.last_day < $next_audit_on or $next_audit_on < $as_of)
group by m.certificate_id
order by subject_id
