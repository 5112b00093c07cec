-- What was seen to run on each component up to the date, and from when to when.
-- Key: component_id, slot, version, sha256.
select
    component_id,
    slot,
    version,
    sha256,
    min(observed_at) as first_seen_at,
    max(observed_at) as last_seen_at,
    arg_max(source, observed_at) as source
from observation
where slot in ('image', 'firmware') and observed_at < $as_of + interval 1 day
group by component_id, slot, version, sha256
