-- Critical components first used on or after their function's deadline, without a certificate issued by then.
with late as (
    select
        c.component_id,
        c.product_id,
        c.version_in_use,
        c.catalogue_id,
        c.tree_rank,
        c.first_used_on
    from critical_component as c
    inner join admitted_function as a on c.catalogue_id = a.catalogue_id and c.function = a.function
    where
        c.route = 'open'
        and a.deadline <= $as_of
        and (c.first_used_on is null or c.first_used_on >= a.deadline)
),

judged as (
    select
        n.component_id,
        n.product_id,
        n.first_used_on,
        count(m.certificate_id) as certificates,
        max(
            case
                when
                    m.scheme_asked
                    and m.issued_on <= n.first_used_on
                    and coalesce(m.expires_on >= n.first_used_on, true)
                    then 1
                else 0
            end
        ) as certified,
        max(
            case
                when m.certificate_id is not null and (m.issued_on is null or m.scheme_asked is null) then 1
                else 0
            end
        ) as unclear,
        min(case when m.scheme_asked then m.issued_on end) as first_issued_on
    from late as n
    left join certificate_match as m
        on
            n.product_id = m.product_id
            and n.version_in_use is not distinct from m.version
            and n.catalogue_id = m.catalogue_id
            and n.tree_rank = m.tree_rank
    group by n.component_id, n.product_id, n.first_used_on
)

select
    component_id as subject_id,
    case
        when product_id is null or first_used_on is null or unclear = 1 then 'no_evidence'
        else 'fail'
    end as outcome,
    case
        when product_id is null then 'no product is recorded'
        when first_used_on is null then 'the first day of use is not recorded'
        when unclear = 1 then 'the day of issue or the scheme of a certificate is not recorded'
        when certificates = 0 then 'in use since ' || first_used_on || ' without any certificate'
        when first_issued_on is null
            then 'in use since ' || first_used_on || ', certified in no scheme that is asked for'
        when first_issued_on > first_used_on
            then 'in use since ' || first_used_on || ', first certified on ' || first_issued_on
        else 'in use since ' || first_used_on || ', when its certificate had ended'
    end as reason
from judged
where certified = 0
order by subject_id
