-- Regions of whose access network one maker, or makers under one control, have too large a share.
-- Components of unknown make count against everybody: they might all be the largest maker's.
select
    value as subject_id,
    case when largest > $share_max * total + 0.000001 then 'fail' else 'no_evidence' end as outcome,
    'the largest maker has ' || largest || ' of ' || total || ' access components' || case
        when unmade > 0 then '; no maker is recorded for ' || unmade
        else ''
    end as reason
from maker_concentration
where
    dimension = 'region'
    and total >= $min_components
    and largest + unmade > $share_max * total + 0.000001
order by subject_id
