-- Components in use under a ban that binds on $as_of, and those for which the records do not tell.
-- Of several bans one is named: the certain before the uncertain, then in the order of their names.
with met as (
    select
        a.component_id,
        r.restriction_id,
        r.regime,
        r.effective_on,
        case
            when
                s.selected
                and (r.zone is null or a.zone is not null)
                and (r.function is null or a.function is not null)
                and (r.region is null or a.region is not null)
                then 1
            else 0
        end as certain,
        case
            when r.legal_status is null then 'its legal status'
            when r.effective_on is null then 'its first day'
            when a.supplier_id is null and not coalesce(s.selected, false) then 'the supplier'
            when not coalesce(s.selected, false) then 'the seat of the supplier'
            when r.zone is not null and a.zone is null then 'the zone'
            when r.function is not null and a.function is null then 'the function'
            else 'the region'
        end as unknown
    from active_component as a
    inner join restriction_supplier as s
        on a.supplier_id is not distinct from s.supplier_id and a.maker_id is not distinct from s.maker_id
    inner join restriction as r on s.restriction_id = r.restriction_id
    where
        r.effect = 'ban'
        and coalesce(a.zone = r.zone, true)
        and coalesce(a.function = r.function, true)
        and coalesce(a.region = r.region, true)
),

placed as (
    select
        component_id,
        restriction_id,
        regime,
        effective_on,
        certain,
        unknown,
        row_number() over (partition by component_id order by certain desc, restriction_id asc) as place
    from met
)

select
    component_id as subject_id,
    case when certain = 1 then 'fail' else 'no_evidence' end as outcome,
    case
        when certain = 1 then 'banned since ' || effective_on || ' by ' || restriction_id
        else 'whether ' || restriction_id || ' bans it is open: ' || unknown || ' is not recorded'
    end || coalesce(' (' || regime || ')', '') as reason
from placed
where place = 1
order by subject_id
