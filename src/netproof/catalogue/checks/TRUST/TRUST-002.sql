-- Suppliers of critical components whose declarations do not hold on $as_of. One that holds is enough.
with placed as (
    select
        supplier_id,
        declaration_id,
        signed_on,
        valid_to,
        signature,
        valid,
        row_number() over (
            partition by supplier_id
            order by
                case when valid then 0 when valid is null then 1 else 2 end asc,
                valid_to desc nulls first,
                declaration_id asc
        ) as place
    from declaration_state
)

select
    s.supplier_id as subject_id,
    case when p.valid is null then 'no_evidence' else 'fail' end as outcome,
    'declaration ' || p.declaration_id || case
        when p.valid is null and p.signed_on is null then ': the day of signature is not recorded'
        when p.valid is null then ': the signature is not verified'
        when p.signature = 'invalid' then ': the signature is invalid'
        when p.signed_on > $as_of then ' is signed only on ' || p.signed_on
        else ' ended on ' || p.valid_to
    end as reason
from critical_supplier as s
inner join placed as p on s.supplier_id = p.supplier_id
where p.place = 1 and not coalesce(p.valid, false)
order by subject_id
