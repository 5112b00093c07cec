"""What a report shows beside the verdicts: tables read, sites, suppliers' shares, the rows found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from netproof.pipeline.outage_losses import losses
from netproof.tables.spec import TableKind, all_specs
from netproof.tables.store import Store, key_text, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

EVENTS_LISTED = 10
"""Events of a kind that a report of checks lists."""
DERIVED = ("active_component", "critical_in", "supplier_share")
"""The derived tables that the details are made of."""


def details(store: Store, checks: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the details of a report.

    Args:
        store: The tables, with `finding`.
        checks: The checks with the findings that the report lists.
    """
    told = {
        "tables": _tables(store),
        "sites": _sites(store),
        "shares": _shares(store),
        "rows": _rows(store, checks),
    }
    return (
        told | {"outages": losses(store, EVENTS_LISTED)}
        if store.value("select count(*) from outage")
        else told
    )


def _tables(store: Store) -> list[dict[str, Any]]:
    """Return every table with its files."""
    files: dict[str, list[dict[str, Any]]] = {}
    for table, file, sha256, records in store.rows(
        "select table_name, file, sha256, records from source order by source_no"
    ):
        files.setdefault(table, []).append({"file": file, "sha256": sha256 or "", "rows": records})
    return [
        {
            "name": name,
            "rows": store.value(f"select count(*) from {quoted(name)}"),
            "given": name in store.given,
            "files": files.get(name, []),
        }
        for name, spec in all_specs().items()
        if spec.kind is not TableKind.COMPUTED
    ]


def _sites(store: Store) -> list[dict[str, Any]]:
    """Return every site with its components and the findings about it and them."""
    rows = store.rows("""
        with
        located as (
            select component_id as subject_id, site_id, 'component' as subject_table from component
            union all
            select site_id, site_id, 'site' from site
        ),
        found as (
            select
                l.site_id,
                count(*) filter (f.outcome = 'fail') as failed,
                count(*) filter (f.outcome = 'no_evidence') as unknown,
                count(*) filter (f.outcome = 'needs_review') as open
            from finding as f
            join located as l on f.subject_table = l.subject_table and f.subject_id = l.subject_id
            where not f.waived
            group by l.site_id
        ),
        standing as (select site_id, count(*) as n from active_component group by site_id),
        critical as (
            select a.site_id, count(*) as n
            from active_component as a
            join (select distinct function, zone from critical_in) as i
                on a.function = i.function and a.zone is not distinct from i.zone
            group by a.site_id
        )
        select
            s.site_id, s.name, s.kind::varchar, s.region::varchar, s.latitude_deg, s.longitude_deg,
            coalesce(a.n, 0), coalesce(c.n, 0),
            coalesce(f.failed, 0), coalesce(f.unknown, 0), coalesce(f.open, 0)
        from site as s
        left join standing as a on s.site_id = a.site_id
        left join critical as c on s.site_id = c.site_id
        left join found as f on s.site_id = f.site_id
        order by s.site_id
    """)
    names = (
        "site_id", "name", "kind", "region", "latitude_deg", "longitude_deg", "components", "critical",
        "fail", "no_evidence", "needs_review",
    )  # fmt: skip
    return [dict(zip(names, row, strict=True)) for row in rows]


def _shares(store: Store) -> list[dict[str, Any]]:
    """Return the makers' shares of each critical function and of each region's access network."""
    rows = store.rows(
        "select h.dimension, h.value, h.supplier_id::varchar, s.name, h.components, h.total "
        "from supplier_share as h left join supplier as s on h.supplier_id = s.supplier_id "
        "order by h.dimension, h.value, h.components desc, h.supplier_id::varchar"
    )
    names = ("dimension", "value", "supplier_id", "supplier_name", "components", "total")
    return [dict(zip(names, row, strict=True)) for row in rows]


def _rows(store: Store, checks: Sequence[dict[str, Any]]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the row of every subject that the report lists."""
    listed: dict[str, set[str]] = {}
    for check in checks:
        for finding in check["findings"]:
            if finding["source"] is not None:
                listed.setdefault(finding["subject_table"], set()).add(finding["subject_id"])
    rows: dict[str, dict[str, dict[str, Any]]] = {}
    for table, subjects in sorted(listed.items()):
        spec = all_specs()[table]
        columns = ", ".join(shown(column.name, column.type.value) for column in spec.columns)
        found = store.rows(
            f"select {key_text(spec)} as k, {columns} from {quoted(table)} "
            "where k in (select unnest($subjects)) order by k",
            {"subjects": sorted(subjects)},
        )
        rows[table] = {row[0]: dict(zip(spec.names, row[1:], strict=True)) for row in found}
    return rows


def shown(name: str, kind: str) -> str:
    """Return SQL that shows a column's value as JSON can say it."""
    if kind == "digest":
        return f"lower(hex({quoted(name)}))"
    if re.fullmatch(r"integer|number|boolean", kind):
        return quoted(name)
    return f"cast({quoted(name)} as varchar)"
