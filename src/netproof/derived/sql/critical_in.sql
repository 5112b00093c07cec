-- Which functions and zones in use each list of critical functions names. Key: catalogue_id, function, zone.
-- Small: where only kinds of places are counted, they are looked up in it.
with place as (
    select distinct
        function,
        zone
    from active_component
    where function is not null
)

select distinct
    f.catalogue_id,
    p.function,
    p.zone
from place as p
inner join critical_function as f on p.function = f.function and (f.zone is null or p.zone = f.zone)
