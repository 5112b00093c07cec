"""The fleet's verdicts as a model that a report can tell; its shape stands in `pipeline.fleet`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from netproof.integrity.proven import cosigners
from netproof.pipeline.fleet_findings import CHANNELS, FINDINGS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from netproof.sources.observations import Identified
    from netproof.tables.store import Store

STATUSES = ("withdrawn", "unknown", "differs", "late", "no_evidence", "logged")
"""The verdicts on a component, worst first."""
_WORST = "list_position($statuses, status)"

_COMPONENTS = f"""
select
    i.component_id, c.name, c.site_id, c.function, c.zone, r.component_id is not null as critical,
    i.product_id, i.version, i.slot, i.sha256, i.observed_at, i.first_seen_at, i.entry_index, i.logged_at,
    i.status, i.reason, i.signed_not_logged, i.fleet_differs, i.compared_differs, i.changed_at,
    i.change_recorded, i.rebuild, i.self_reported
from image_status as i
left join component as c on i.component_id = c.component_id
left join critical_component as r on i.component_id = r.component_id
where i.status <> 'logged'
order by {_WORST}, i.component_id
limit $listed
"""
_REASONS = f"""
with counted as (
    select status, reason, product_id, version, sha256, count(*) as components
    from image_status
    group by all
)
select
    status, sum(components)::bigint as components,
    count(distinct coalesce(product_id, '') || '/' || coalesce(version, '')) as releases,
    count(distinct sha256) as digests, arg_max(reason, (components, reason)) as worst
from counted
group by status
order by {_WORST}
"""
_RAN = """
with ran as (
    select
        product_id, version, slot, sha256, status, count(*) as components,
        arg_max(reason, (observed_at, component_id)) as reason
    from software_verdict
    where slot is not null
    group by product_id, version, slot, sha256, status
)
"""
_RELEASES = f"""
{_RAN}
select
    r.product_id, p.name as product, r.version, r.slot, r.sha256, r.components, r.status,
    case when r.status = s.status then s.reason else r.reason end as reason,
    s.entry_index, s.logged_at, s.rebuild, s.signed_not_logged, s.fleet_differs, s.compared_differs,
    s.other_log
from ran as r
inner join software_status as s
    on
        r.slot = s.slot
        and r.product_id is not distinct from s.product_id
        and r.version is not distinct from s.version
        and r.sha256 is not distinct from s.sha256
left join product as p on r.product_id = p.product_id
order by
    list_position($statuses, r.status), r.components desc, r.product_id, r.version, r.slot, r.sha256
limit $listed
"""
_FILES = """
with judged as (
    select distinct
        f.component_id, f.path, f.sha256,
        case
            when w.sha256 is not null then 'withdrawn' when l.sha256 is not null then 'logged' else 'unknown'
        end as status,
        l.entry_index
    from _file_seen as f
    left join (
        select sha256, min(entry_index) as entry_index from logged_release group by sha256
    ) as l on f.sha256 = l.sha256
    left join (select distinct sha256 from logged_withdrawal) as w on f.sha256 = w.sha256
    where f.observed_at < $as_of + interval 1 day
)
"""
_ISSUES = """
select source_no, line, column_name, expected, got from import_issue
union all
select
    source_no, line, column_name, 'one row for each key',
    coalesce(key, '') || ' in another row too; one of them is used'
from data_issue
where table_name in ('observation', 'component') and kind = 'duplicate_key'
"""


def told(
    store: Store, as_of: date, log: Path, observations: Sequence[Identified], listed: int
) -> dict[str, Any]:
    """Return all of the model but its head.

    Args:
        store: The tables, with those that are derived.
        as_of: The date.
        log: The folder of the log.
        observations: Further files that were read.
        listed: How many rows each list has at most.
    """
    found = _found(store, _COMPONENTS, listed)
    reasons = _found(store, _REASONS)
    counts = dict.fromkeys(STATUSES, 0) | {one["status"]: one["components"] for one in reasons}
    model: dict[str, Any] = {
        "log": _log(store, log),
        "compared": _rows(
            store, "select log, count(*) as releases from compared_release group by log order by log"
        ),
        "observations": _observations(store, as_of, observations, listed),
        "files": _files(store, as_of, listed),
        "components": {
            "total": sum(counts.values()),
            "counts": counts,
            "without_software": store.value(
                "select count(*) from active_component anti join image_status using (component_id)"
            ),
        },
        "reasons": reasons,
        "listed": found,
        "releases": {
            "total": store.value(_RAN + "select count(*) from ran"),
            "listed": _found(store, _RELEASES, listed),
        },
        "findings": _findings(store, listed),
        "channels": _channels(store, listed),
        "issues": _issues(store, listed),
    }
    return model | {"outcome": _outcome(model)}


def _outcome(model: Mapping[str, Any]) -> str:
    """Return the worst that was found."""
    counts = model["components"]["counts"]
    others = [name for name in model["findings"] if name != "self_reported"]
    if (
        any(counts[status] for status in ("withdrawn", "unknown", "differs", "late"))
        or any(model["findings"][name]["components"] for name in others)
        or model["channels"]["findings"]
        or model["files"]["counts"]["withdrawn"]
    ):
        return "fail"
    return (
        "pass"
        if counts["logged"] == model["components"]["total"] > 0 and not model["issues"]["total"]
        else "no_evidence"
    )


def _log(store: Store, folder: Path) -> dict[str, Any] | None:
    """Return the state of the operator's log; None: there is none."""
    if "log_state" not in store.given:
        return None
    state = _rows(
        store, "select origin, size, checkpoint_at, quorum, coalesce(problem, '') as problem from log_state"
    )[0]
    tables = {
        "releases": "logged_release",
        "withdrawals": "logged_withdrawal",
        "rebuilds": "logged_rebuild",
    }
    entries = {name: store.value(f"select count(*) from {table}") for name, table in tables.items()}
    return {**state, "witnesses": cosigners(folder, state["size"]) if state["quorum"] else [], **entries}


def _observations(store: Store, as_of: date, read: Sequence[Identified], listed: int) -> dict[str, Any]:
    """Return what was seen, and what of it belongs to no component."""
    seen = _rows(
        store,
        "select count(*) as rows, count(distinct component_id) as components, max(observed_at) as last_at "
        "from observation where slot in ('image', 'firmware') and observed_at < $as_of + interval 1 day",
        {"as_of": as_of},
    )[0]
    files = [
        {
            "file": one.file,
            "kind": str(one.kind),
            "rows": sum(not row.path for row in one.observations),
            "files": sum(bool(row.path) for row in one.observations),
            "undated": one.undated,
            "parts": one.parts,
        }
        for one in read
    ]
    left = [
        {"file": one.file, "line": item.line, "name": item.name, "reason": item.reason, "rows": item.rows}
        for one in read
        for item in one.unidentified
    ]
    return {**seen, "read": files, "left_out": {"total": len(left), "listed": left[:listed]}}


def _files(store: Store, as_of: date, listed: int) -> dict[str, Any]:
    """Return what the log says of files that were measured one by one."""
    day = {"as_of": as_of}
    counts = dict.fromkeys(("withdrawn", "unknown", "logged"), 0)
    counts |= dict(store.rows(_FILES + "select status, count(*) from judged group by status", day))
    return {
        "total": sum(counts.values()),
        "components": store.value(_FILES + "select count(distinct component_id) from judged", day),
        "counts": counts,
        "listed": _rows(
            store,
            _FILES
            + "select component_id, path, sha256, status, entry_index from judged where status <> 'logged' "
            "order by status desc, component_id, path, sha256 limit $listed",
            {**day, "listed": listed},
        ),
    }


def _findings(store: Store, listed: int) -> dict[str, Any]:
    """Return what else was found of components, by kind."""
    found: dict[str, Any] = {}
    for name, (where, reason) in FINDINGS.items():
        known = name != "change_not_recorded" or "work" in store.given
        condition = where if known else "false"
        found[name] = {
            "components": store.value(
                f"select count(distinct component_id) from software_verdict where {condition}"
            ),
            "listed": _rows(
                store,
                f"select component_id, {reason} as reason from software_verdict where {condition} "
                "order by component_id, slot limit $listed",
                {"listed": listed},
            ),
        }
        if name == "change_not_recorded":
            found[name]["known"] = known
    return found


def _channels(store: Store, listed: int) -> dict[str, Any]:
    """Return the update channels that leave the operator's hand."""
    rows = _rows(store, CHANNELS)
    found = [{**row, "reasons": row["reasons"].split("; ")} for row in rows if row["reasons"]]
    return {
        "total": len(rows),
        "known": "channel" in store.given,
        "findings": len(found),
        "listed": found[:listed],
    }


def _issues(store: Store, listed: int) -> dict[str, Any]:
    """Return the values that could not be read, and rows of one thing seen twice at one moment."""
    rows = _rows(
        store,
        f'select s.file, i.line, i.column_name as "column", i.expected, i.got from ({_ISSUES}) as i '
        "join source as s using (source_no) order by s.file, i.line, i.column_name limit $listed",
        {"listed": listed},
    )
    return {"total": store.value(f"select count(*) from ({_ISSUES})"), "listed": rows}


def _found(store: Store, sql: str, listed: int | None = None) -> list[dict[str, Any]]:
    """Return the rows of a query that orders by status."""
    named: dict[str, Any] = {"statuses": list(STATUSES)}
    return _rows(store, sql, named if listed is None else {**named, "listed": listed})


def _rows(store: Store, sql: str, named: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Return the rows of a query by column, as JSON can say them."""
    result = store.connection.execute(sql, dict(named or {}))
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, map(_plain, row), strict=True)) for row in result.fetchall()]


def _plain(value: Any) -> Any:
    """Return a value as JSON can say it."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value
