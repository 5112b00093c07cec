-- Products of critical components whose support has ended, or for which no end is recorded.
select
    c.product_id as subject_id,
    case when p.end_of_support_on is null then 'no_evidence' else 'fail' end as outcome,
    coalesce('support ended on ' || p.end_of_support_on, 'the end of support is not recorded')
    || '; critical components: ' || count(*) as reason
from critical_component as c
left join product as p on c.product_id = p.product_id
where c.product_id is not null and (p.end_of_support_on is null or p.end_of_support_on < $as_of)
group by c.product_id, p.end_of_support_on
order by subject_id
