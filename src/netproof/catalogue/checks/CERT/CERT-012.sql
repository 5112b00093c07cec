-- Suspended or withdrawn certificates, otherwise still running, of products of critical components.
select
    certificate_id as subject_id,
    'needs_review' as outcome,
    'certificate of product ' || min(product_id) || ' is ' || min(status) || ': why?' as reason
from certificate_match
where status in ('suspended', 'withdrawn') and (expires_on is null or expires_on >= $as_of)
group by certificate_id
order by subject_id
