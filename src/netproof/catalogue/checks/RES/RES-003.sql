-- Components first used on or after the day on which a binding restriction bars what is new.
-- bar_new bars every installation; bar_new_model only products that were not in use before.
with model as (
    select
        product_id,
        min(first_used_on) as seen_on
    from component
    where product_id is not null
    group by product_id
),

met as (
    select
        c.component_id,
        c.restriction_id,
        r.effect,
        r.effective_on,
        a.first_used_on,
        t.label,
        t.basis,
        case
            when
                t.binding is null
                or t.running is null
                or a.first_used_on is null
                or not c.certain
                then 'no_evidence'
            when r.effect = 'bar_new' then 'fail'
            else 'needs_review'
        end as outcome,
        case
            when t.binding is null then 'its legal status'
            when t.running is null then 'its first day'
            when a.first_used_on is null then 'its first day in use'
            else c.unknown
        end as lacking
    from restricted_component as c
    inner join restriction as r on c.restriction_id = r.restriction_id
    inner join restriction_state as t on c.restriction_id = t.restriction_id
    inner join active_component as a on c.component_id = a.component_id
    left join model as m on a.product_id = m.product_id
    where
        r.effect in ('bar_new', 'bar_new_model')
        and coalesce(t.binding, true)
        and coalesce(t.running, true)
        and coalesce(a.first_used_on >= r.effective_on, true)
        and not (r.effect = 'bar_new_model' and coalesce(m.seen_on < r.effective_on, false))
),

placed as (
    select
        component_id,
        effect,
        effective_on,
        first_used_on,
        label,
        basis,
        outcome,
        lacking,
        row_number() over (
            partition by component_id
            order by
                case when outcome = 'fail' then 0 when outcome = 'no_evidence' then 1 else 2 end,
                restriction_id
        ) as place
    from met
)

select
    component_id as subject_id,
    outcome,
    case
        when outcome = 'fail'
            then
                'first used on ' || first_used_on || '; new ones are barred since '
                || effective_on || ' by ' || label
        when outcome = 'needs_review'
            then
                'first used on ' || first_used_on
                || ', and none of its product before; new models are barred since '
                || effective_on || ' by ' || label || ': was it approved earlier?'
        else
            'whether it is barred as new by ' || label || coalesce(' since ' || effective_on, '')
            || ' is open: ' || lacking || ' is not recorded'
    end || basis as reason
from placed
where place = 1
order by subject_id
