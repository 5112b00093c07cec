-- Products of critical components whose support ends within $days days.
select
    p.product_id as subject_id,
    'needs_review' as outcome,
    'support ends on ' || p.end_of_support_on || '; critical components: ' || count(*) as reason
from product as p
inner join critical_component as c on p.product_id = c.product_id
where p.end_of_support_on >= $as_of and date_diff('day', $as_of, p.end_of_support_on) <= $days
group by p.product_id, p.end_of_support_on
order by subject_id
