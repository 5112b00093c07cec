-- Certificates that end later than their scheme allows; national CC certificates keep the term they state.
with limited as (
    select
        certificate_id,
        scheme,
        issued_on,
        expires_on,
        case scheme
            when 'NESAS_CCS_GI' then $nesas_years
            when 'BSZ' then $bsz_years
            when 'EUCC' then $eucc_years
        end as years
    from certificate
)

select
    certificate_id as subject_id,
    'fail' as outcome,
    'from ' || issued_on || ' to ' || expires_on || ', longer than the ' || years || ' years of '
    || scheme as reason
from limited
where expires_on > issued_on + to_years(cast(years as integer))
order by subject_id
