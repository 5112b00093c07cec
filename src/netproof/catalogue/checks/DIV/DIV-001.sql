-- Critical functions whose components come from too few makers. Makers under one control count once.
select
    value as subject_id,
    case when count(*) > count(supplier_id) then 'no_evidence' else 'fail' end as outcome,
    count(distinct group_id) || ' independent makers of ' || max(total) || ' components' || case
        when count(*) > count(supplier_id)
            then
                '; not recorded for '
                || cast(sum(case when supplier_id is null then components end) as bigint)
        when count(distinct group_id) < count(supplier_id)
            then '; ' || count(supplier_id) || ' under common control'
        else ''
    end as reason
from supplier_share
where dimension = 'function'
group by value
having count(distinct group_id) < $suppliers_min
order by subject_id
