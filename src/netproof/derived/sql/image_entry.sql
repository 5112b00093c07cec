-- Whether what runs on each component in use is logged, withdrawn or not: the worse of image and firmware, as
-- software_verdict tells each. Key: component_id.
with ranked as (
    select
        component_id,
        slot,
        sha256,
        first_seen_at,
        entry_index,
        logged_at,
        entry_status as status,
        entry_reason as reason,
        row_number() over (
            partition by component_id
            order by
                case entry_status
                    when 'unknown' then 1
                    when 'differs' then 2
                    when 'late' then 3
                    when 'no_evidence' then 4
                    else 5
                end,
                case when sha256 is null then 1 else 0 end,
                case when slot = 'image' then 0 else 1 end
        ) as nth
    from software_verdict
)

select
    component_id,
    slot,
    sha256,
    first_seen_at,
    entry_index,
    logged_at,
    status,
    reason
from ranked
where nth = 1
