-- The verdict on everything that runs: is it logged? Key: slot, product_id, version, sha256; each may be
-- NULL. compared_differs is NULL where no other operator's log has the release. entry_status, entry_reason:
-- as if nothing were withdrawn.
with running_since as (
    select
        sha256,
        min(first_seen_at) as seen_at
    from observed_state
    where sha256 is not null
    group by sha256
),

withdrawn as (
    select
        e.slot,
        e.product_id,
        e.version,
        e.sha256,
        min(w.entry_index) as entry_index
    from software_entry as e
    inner join logged_withdrawal as w
        on
            e.sha256 = w.sha256
            or (
                w.part is null
                and (
                    (e.product_id = w.product_id and e.version = w.version)
                    or (e.logged_product = w.product_id and e.logged_version = w.version)
                )
            )
    group by e.slot, e.product_id, e.version, e.sha256
),

several as (
    select
        slot,
        product_id,
        version,
        count(*) filter (where nearness = 0)
        > count(distinct coalesce(logged_part, '')) filter (where nearness = 0) as torn
    from software_entry
    where sha256 is not null and product_id is not null and version is not null
    group by slot, product_id, version
    having count(*) > 1
),

compared as (
    select
        e.slot,
        e.product_id,
        e.version,
        e.sha256,
        c.log,
        min(c.entry_index) as entry_index,
        bool_or(c.sha256 = e.sha256) as same
    from software_entry as e
    inner join compared_release as c
        on e.product_id = c.product_id and e.version = c.version
    where
        e.sha256 is not null
        and (e.nearness is distinct from 0 or e.logged_part is not distinct from c.part)
    group by e.slot, e.product_id, e.version, e.sha256, c.log
),

elsewhere as (
    select
        slot,
        product_id,
        version,
        sha256,
        bool_or(not same) as differs,
        min(log) filter (where not same) as log
    from compared
    group by slot, product_id, version, sha256
),

rebuilt as (
    select
        sha256,
        case
            when bool_or(result = 'different') then 'different'
            when bool_or(result = 'same_after_normalising') then 'same_after_normalising'
            else 'identical'
        end as rebuild
    from logged_rebuild
    where result is not null
    group by sha256
),

published as (
    select distinct sha256
    from release
    where sha256 is not null
),

log as (
    select
        min(origin) as origin,
        min(size) as size,
        min(cast(checkpoint_at as date)) as proven_on,
        min(problem) as problem
    from log_state
),

facts as (
    select
        e.*,
        s.seen_at,
        w.entry_index as withdrawal_index,
        k.version as withdrawn_version,
        k.product_id as withdrawn_product,
        k.reason as withdrawn_reason,
        k.logged_at as withdrawn_at,
        q.sha256 as claimed_sha256,
        p.sha256 is not null as published,
        t.torn,
        o.differs,
        o.log as other_log,
        r.rebuild,
        g.origin,
        g.size,
        g.proven_on,
        g.problem,
        case
            when g.origin is null or g.problem is not null then 'no_evidence'
            when w.entry_index is not null then 'withdrawn'
            when e.sha256 is null then 'no_evidence'
            when e.entry_index is null then 'unknown'
            when e.claimed_index is not null or (e.nearness = 2 and e.slot = 'image') then 'differs'
            when e.logged_at > s.seen_at then 'late'
            when e.logged_at is null then 'no_evidence'
            else 'logged'
        end as status,
        case
            when g.origin is null or g.problem is not null then 'no_evidence'
            when e.sha256 is null then 'no_evidence'
            when e.entry_index is null then 'unknown'
            when e.claimed_index is not null or (e.nearness = 2 and e.slot = 'image') then 'differs'
            when e.logged_at > s.seen_at then 'late'
            when e.logged_at is null then 'no_evidence'
            else 'logged'
        end as entry_status
    from software_entry as e
    cross join log as g
    left join running_since as s on e.sha256 = s.sha256
    left join withdrawn as w
        on
            e.slot is not distinct from w.slot
            and e.product_id is not distinct from w.product_id
            and e.version is not distinct from w.version
            and e.sha256 is not distinct from w.sha256
    left join logged_withdrawal as k on w.entry_index = k.entry_index
    left join logged_release as q on e.claimed_index = q.entry_index
    left join published as p on e.sha256 = p.sha256
    left join several as t
        on e.slot = t.slot and e.product_id = t.product_id and e.version = t.version
    left join elsewhere as o
        on
            e.slot = o.slot and e.product_id = o.product_id and e.version = o.version
            and e.sha256 = o.sha256
    left join rebuilt as r on e.sha256 = r.sha256
)

select
    slot,
    product_id,
    version,
    sha256,
    components,
    entry_index,
    logged_at,
    seen_at,
    status,
    entry_status,
    case status
        when 'withdrawn' then 0
        when 'unknown' then 1
        when 'differs' then 2
        when 'late' then 3
        when 'no_evidence' then 4
        else 5
    end as severity,
    case
        when origin is null then 'no log of releases: begin one with netproof release log NET init'
        when problem is not null then 'the log of releases shows nothing: ' || problem
        when slot is null then 'nothing was measured on it'
        when sha256 is null
            then coalesce('version ' || version || ' was measured', 'it was measured') || ' without a digest'
        when entry_status = 'unknown'
            then
                'digest ' || left(lower(hex(sha256)), 16) || ' is in no release among the '
                || size || ' entries of the log' || coalesce(' as proven on ' || proven_on, '')
                || coalesce(
                    '; release ' || version || ' is entry ' || claimed_index || ' with digest '
                    || left(lower(hex(claimed_sha256)), 16), ''
                )
        when entry_status = 'differs'
            then
                'digest ' || left(lower(hex(sha256)), 16) || ' is release '
                || coalesce(logged_version, '(empty)') || ' of product '
                || coalesce(logged_product, '(empty)') || ' (entry ' || entry_index || ')'
                || coalesce(
                    '; release ' || version || ' is entry ' || claimed_index || ' with digest '
                    || left(lower(hex(claimed_sha256)), 16), '; it is logged for no release of ' || product_id
                )
        when entry_status = 'late'
            then
                'digest ' || left(lower(hex(sha256)), 16) || ' ran on ' || cast(seen_at as date)
                || ', its entry ' || entry_index || ' is proven only by ' || cast(logged_at as date)
        when logged_at is null
            then 'entry ' || entry_index || ' is not proven: no quorum of witnesses cosigned the log'
        else
            'entry ' || entry_index || ', proven by ' || cast(logged_at as date) || ': release '
            || coalesce(logged_version, '(empty)') || ' of product ' || coalesce(logged_product, '(empty)')
    end as entry_reason,
    case
        when status = 'withdrawn'
            then
                'release ' || coalesce(withdrawn_version, '(empty)') || ' of product '
                || coalesce(withdrawn_product, '(empty)') || ' is withdrawn by entry ' || withdrawal_index
                || coalesce(' of ' || cast(withdrawn_at as date), '')
                || coalesce(': ' || left(withdrawn_reason, 200), '')
        else entry_reason
    end as reason,
    sha256 is not null and entry_index is null and published as signed_not_logged,
    sha256 is not null and torn is not null and (torn or nearness is distinct from 0) as fleet_differs,
    differs as compared_differs,
    other_log,
    rebuild
from facts
