"""Which certificates lapse, month by month, and how many critical components then have no other.

A component counts where it is critical for any of the catalogues that are asked, each by its own list and
the schemes that this list asks for; one that two of them call critical counts once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from netproof.pipeline.standpoint import Outlook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from netproof.pipeline.standpoint import Progress, Standpoint
    from netproof.tables.store import Store

_READS = ("certificate_match", "critical_component")

# A place is a kind of component: all of one product, version, function and zone are critical or none is.
_RELIED = """
    with fitting as (
        select *
        from certificate_match
        where coalesce(scheme_asked, true) and coalesce(version_covered, true) and status = 'valid'
    ),

    relying as (
        select
            product_id,
            version_in_use as version,
            catalogue_id,
            tree_rank,
            function,
            zone,
            count(*) as components
        from critical_component
        group by all
    )

    select
        f.certificate_id::varchar as certificate_id,
        r.product_id::varchar as product_id,
        r.version::varchar as version,
        r.function::varchar as function,
        r.zone::varchar as zone,
        r.components,
        not exists (
            select 1
            from fitting as n
            where
                n.product_id = f.product_id
                and n.version is not distinct from f.version
                and n.catalogue_id = f.catalogue_id
                and n.tree_rank = f.tree_rank
                and n.expires_on > f.expires_on
                and n.issued_on <= f.expires_on + interval 1 day
        ) as uncovered
    from fitting as f
    inner join relying as r
        on
            f.product_id = r.product_id
            and f.version is not distinct from r.version
            and f.catalogue_id = r.catalogue_id
            and f.tree_rank = r.tree_rank
"""

_LAPSES = """
    with place as (
        select
            certificate_id,
            max(components) as components,
            bool_or(uncovered) as uncovered
        from _relied
        group by certificate_id, product_id, version, function, zone
    ),

    used as (
        select
            certificate_id,
            cast(sum(components) as bigint) as components,
            cast(sum(components) filter (uncovered) as bigint) as uncovered
        from place
        group by certificate_id
    )

    select
        c.certificate_id,
        c.scheme::varchar,
        c.product_id::varchar,
        c.version_from::varchar,
        c.version_to::varchar,
        c.expires_on::varchar,
        coalesce(u.components, 0),
        coalesce(u.uncovered, 0),
        s.file,
        c._row,
        s.sha256
    from certificate as c
    left join used as u on c.certificate_id = u.certificate_id
    left join source as s on c._source = s.source_no
    where c.status = 'valid' and c.expires_on >= $since and c.expires_on < $until
    order by c.expires_on, c.certificate_id
"""


def lapses(
    store: Store, points: Sequence[Standpoint], since: date, until: date, progress: Progress
) -> dict[str, Any]:
    """Return the valid certificates whose last day lies between two dates, month by month.

    `components` are critical and in use on the first date; `uncovered` of them have no other
    certificate that goes on.

    Args:
        store: The tables, derived for the first date.
        points: From where the catalogues see them.
        since: The first date.
        until: The last date.
        progress: Told the name of what is derived, its number and how many there are.

    Cost: deriving once more for each standpoint, where there are several.
    """
    outlook = Outlook(store, tuple(points), since)
    relied = []
    for point in points:
        outlook.take(point, _READS, progress)
        relied.append(store.connection.sql(_RELIED).to_arrow_table())
    outlook.leave((), progress)
    store.connection.register("_relied", pa.concat_tables(relied))
    rows = store.rows(_LAPSES, {"since": since, "until": until})
    store.connection.unregister("_relied")
    return {"since": since.isoformat(), "until": until.isoformat(), "months": _by_month(rows, since, until)}


def _by_month(rows: Sequence[tuple[Any, ...]], since: date, until: date) -> list[dict[str, Any]]:
    """Return certificates under the month of their last day; a month without any is told too."""
    names = ("certificate_id", "scheme", "product_id", "version_from", "version_to", "expires_on")
    months: dict[str, list[dict[str, Any]]] = {month: [] for month in _months(since, until)}
    for row in rows:
        certificate = dict(zip(names, row, strict=False))
        certificate |= {"components": row[6], "uncovered": row[7]}
        certificate["source"] = {"file": row[8], "line": row[9], "sha256": row[10]}
        months[row[5][:7]].append(certificate)
    return [
        {"month": month, "lapse": len(found), "uncovered": sum(r["uncovered"] for r in found), "rows": found}
        for month, found in months.items()
    ]


def _months(since: date, until: date) -> list[str]:
    """Return the months from one date to another, both included."""
    months = range(since.year * 12 + since.month - 1, until.year * 12 + until.month)
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in months]
