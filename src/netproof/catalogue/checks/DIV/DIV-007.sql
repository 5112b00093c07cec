-- Critical functions whose makers are concentrated too much, by the sum of their squared shares.
-- Components of unknown make leave a span: each may have a maker of its own, or all the largest one.
select
    value as subject_id,
    case when least_index > $index_max + 0.000001 then 'fail' else 'no_evidence' end as outcome,
    'concentration of makers ' || round(least_index, 2) || case
        when unmade > 0
            then ' to ' || round(most_index, 2) || ' of 1: no maker is recorded for ' || unmade || ' of '
        else ' of 1, over '
    end || total || ' components' as reason
from maker_concentration
where
    dimension = 'function'
    and total >= $min_components
    and most_index > $index_max + 0.000001
order by subject_id
