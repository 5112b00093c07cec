-- The requirement documents of each function that are admitted on the date. Key: catalogue_id, function.
-- documents is empty (NULL) where all of them are admitted only later; deadline is the earliest.
select
    catalogue_id,
    function,
    min(deadline) as deadline,
    string_agg(
        case when coalesce(admitted_from <= $as_of, true) then document end, ', '
        order by document
    ) as documents
from admitted_document
group by catalogue_id, function
