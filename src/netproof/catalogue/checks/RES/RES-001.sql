-- Components in use under a ban that binds on $as_of, and those for which the records do not tell.
-- Of several bans one is named: the certain before the uncertain, then in the order of their names.
with met as (
    select
        c.component_id,
        c.restriction_id,
        r.effective_on,
        t.label,
        t.basis,
        case when c.certain and t.binding and t.running then 1 else 0 end as sure,
        case
            when t.binding is null then 'its legal status'
            when t.running is null then 'its first day'
            else c.unknown
        end as lacking
    from restricted_component as c
    inner join restriction as r on c.restriction_id = r.restriction_id
    inner join restriction_state as t on c.restriction_id = t.restriction_id
    where r.effect = 'ban' and coalesce(t.binding, true) and coalesce(t.running, true)
),

placed as (
    select
        component_id,
        effective_on,
        label,
        basis,
        sure,
        lacking,
        row_number() over (partition by component_id order by sure desc, restriction_id asc) as place
    from met
)

select
    component_id as subject_id,
    case when sure = 1 then 'fail' else 'no_evidence' end as outcome,
    case
        when sure = 1 then 'banned since ' || effective_on || ' by ' || label
        else
            'whether ' || label || ' bans it'
            || coalesce(' from ' || effective_on, '') || ' is open: ' || lacking || ' is not recorded'
    end || basis as reason
from placed
where place = 1
order by subject_id
