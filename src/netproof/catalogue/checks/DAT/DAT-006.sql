-- Suppliers whom those who control them are recorded as being controlled by, in any number of steps.
select
    s.supplier_id as subject_id,
    'needs_review' as outcome,
    case
        when s.supplier_id = s.parent_id then 'recorded as controlling itself'
        else 'controlled by ' || s.parent_id || ', which it controls in turn'
    end as reason
from supplier as s
inner join supplier_control as c on s.parent_id = c.supplier_id and s.supplier_id = c.controller_id
order by subject_id
