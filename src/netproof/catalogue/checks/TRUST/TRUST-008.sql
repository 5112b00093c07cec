-- Suppliers of critical components whose seat or legal entity identifier is not recorded.
select
    c.supplier_id as subject_id,
    'no_evidence' as outcome,
    case
        when s.supplier_id is null then 'nothing is recorded of this supplier'
        else
            'not recorded: ' || concat_ws(
                ', ',
                case when s.country is null then 'seat' end,
                case when s.lei is null then 'legal entity identifier' end
            )
    end as reason
from critical_supplier as c
left join supplier as s on c.supplier_id = s.supplier_id
where s.country is null or s.lei is null
order by subject_id
