-- Products of critical components of which a release runs as several images, or is another one elsewhere.
select
    c.product_id as subject_id,
    'fail' as outcome,
    concat_ws(
        '; ',
        case
            when bool_or(s.fleet_differs)
                then
                    'components that run a release as another image than others do: '
                    || count(*) filter (where s.fleet_differs) || ', first ' || min(c.component_id) filter (
                        where s.fleet_differs
                    )
        end,
        case
            when bool_or(s.compared_differs)
                then
                    'components whose image another operator does not have under that name: '
                    || count(*) filter (where s.compared_differs)
        end
    ) as reason
from critical_component as c
inner join image_status as s on c.component_id = s.component_id
where
    c.product_id is not null
    and (s.fleet_differs or s.compared_differs)
group by c.product_id
order by subject_id
