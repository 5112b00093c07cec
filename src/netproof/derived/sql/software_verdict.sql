-- Whether what runs in each slot of each component in use is what was logged. Key: component_id, slot; one
-- row without slot where nothing was seen. Words without a digest make a verdict worse, never better:
-- said_version is what it said since its last digest, or what else it was said to run and is withdrawn.
-- entry_status, entry_reason: as if nothing were withdrawn; heard: the end of both reasons. change_recorded
-- is NULL where no change was seen, self_reported where it is not known how it was measured.
select
    r.component_id,
    r.slot,
    r.product_id,
    r.version,
    r.sha256,
    r.observed_at,
    coalesce(c.first_seen_at, r.first_seen_at) as first_seen_at,
    s.entry_index,
    s.logged_at,
    case
        when r.sha256 is not null and r.heard_at > r.observed_at
            then
                '; last measured on ' || cast(r.observed_at as date)
                || coalesce(
                    ', it said version ' || w.version || ' on ' || cast(w.said_at as date),
                    ', only seen without a digest since'
                )
        else ''
    end as heard,
    case
        when w.withdrawal_index is not null then 'withdrawn'
        when s.status = 'logged' and w.component_id is not null then 'no_evidence'
        else s.status
    end as status,
    case
        when s.entry_status = 'logged' and w.component_id is not null then 'no_evidence'
        else s.entry_status
    end as entry_status,
    case
        when w.withdrawal_index is not null then 0
        when s.status = 'logged' and w.component_id is not null then 4
        else s.severity
    end as severity,
    case
        when w.withdrawal_index is not null and s.status <> 'withdrawn'
            then
                'release ' || w.version || ' of product ' || r.product_id || ' is withdrawn by entry '
                || w.withdrawal_index || '; it '
                || coalesce('said on ' || cast(w.said_at as date) || ' that it runs this', 'is recorded so')
                || ', and no digest shows another since'
        else s.reason || heard
    end as reason,
    s.entry_reason || heard as entry_reason,
    s.signed_not_logged,
    s.fleet_differs,
    s.compared_differs,
    c.changed_after,
    c.changed_at,
    c.worked_at,
    case
        when c.changed_at is not null
            then coalesce(cast(c.worked_at as date) >= cast(c.changed_after as date), false)
    end as change_recorded,
    s.rebuild,
    case
        when r.source like '%(self-reported)%' then true
        when r.source like '%(quoted%' or r.source like '%(second path)%' then false
    end as self_reported,
    w.version as said_version,
    w.said_at
from running_software as r
inner join software_status as s
    on
        r.slot is not distinct from s.slot
        and r.product_id is not distinct from s.product_id
        and r.version is not distinct from s.version
        and r.sha256 is not distinct from s.sha256
left join software_change as c on r.component_id = c.component_id and r.slot = c.slot
left join software_word as w on r.component_id = w.component_id and r.slot = w.slot
