-- Whom the restrictions that bind on the date select. Key: restriction_id, supplier_id, maker_id.
-- A row for each pair of supplier and maker in use; selected is NULL where the records do not tell.
-- A draft, a proposal, a what-if and a repealed text bind nobody.
with pair as (
    select distinct
        supplier_id,
        maker_id
    from active_component
),

seated as (
    select
        p.supplier_id,
        p.maker_id,
        s.country,
        m.country as maker_country
    from pair as p
    left join supplier as s on p.supplier_id = s.supplier_id
    left join supplier as m on p.maker_id = m.supplier_id
),

judged as (
    select
        r.restriction_id,
        p.supplier_id,
        p.maker_id,
        r.legal_status in ('in_force', 'contract')
        and r.effective_on <= $as_of
        and (r.ends_on is null or r.ends_on >= $as_of)
        and case
            when r.supplier_id is null then true
            when p.supplier_id is null then null
            else exists (
                select 1
                from supplier_control as c
                where c.supplier_id in (p.supplier_id, p.maker_id) and c.controller_id = r.supplier_id
            )
        end
        and case
            when r.country is null then true
            when r.country in (p.country, p.maker_country) then true
            when p.country is null or p.maker_country is null then null
            else false
        end as selected
    from restriction as r
    cross join seated as p
)

select
    restriction_id,
    supplier_id,
    maker_id,
    selected
from judged
where coalesce(selected, true)
