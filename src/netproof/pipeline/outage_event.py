"""One event in full, as a model that a report can tell: what goes down, who loses what, what still fits."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from netproof import resilience
from netproof.pipeline.outage_losses import frame, share

if TYPE_CHECKING:
    from netproof.pipeline.outages import Loaded

PLACE = ("name", "region", "latitude_deg", "longitude_deg")
"""What is told of a site beside its losses."""
KEPT_PLACES = 2000
"""More sites without a loss than that are told by the cells they lie in."""
CELL_DIGITS = 1
"""Decimals of the coordinates of such a cell [degree]."""


def one_event(loaded: Loaded, kind: str, event_id: str) -> dict[str, Any]:
    """Return one event in full.

    Raises:
        TableError: There is no such event.
    """
    store, arrays = loaded.store, loaded.arrays
    resilience.build(
        store, loaded.as_of, network=arrays, only={"outage_baseline"}, progress=loaded.telling("outage")
    )
    told = resilience.detail(store, arrays, kind, event_id)
    scale = {name: getattr(arrays, name) for name in ("components", "sites", "links", "people")}
    places = {
        row[0]: row[1:]
        for row in store.rows("select site_id, name, region::varchar, latitude_deg, longitude_deg from site")
    }
    lost = {flow.flow_id for flow in told.flows}
    return {
        **loaded.head(),
        **frame(store, scale),
        "event": {
            "kind": told.kind,
            "id": told.event_id,
            "name": told.name,
            "members_total": told.members_total,
            "lost_population": told.people,
            "lost_elsewhere": told.elsewhere,
            "share": share(told.people, arrays.people),
            "lost_sites": told.lost_sites,
            "lost_demand_gbps": round(told.lost_demand_gbps or 0, 6),
            "by_service": [
                {"service": row.service_id, "lost_population": row.people, "lost_sites": row.sites}
                for row in told.services
                if row.people
            ],
            "members": [{"table": m.table, "id": m.id, "cause": m.cause} for m in told.members],
        },
        "lost": {
            "sites": [
                {
                    "site_id": site.site_id,
                    **dict(zip(PLACE, places.get(site.site_id, (None,) * 4), strict=True)),
                    "people": site.all_people,
                    "lost_population": site.people,
                    "dark": site.dark,
                }
                for site in sorted(told.sites, key=lambda site: (-site.people, site.site_id))
            ],
            "kept": _kept(places, {site.site_id for site in told.sites}),
            "flows": [
                {
                    "flow_id": flow,
                    "classification": classification,
                    "from": start,
                    "to": end,
                    "rate_gbps": rate,
                    "state": "lost" if flow in lost else "carried",
                }
                for flow, classification, start, end, rate in store.rows(
                    "select flow_id, classification::varchar, from_id, to_id, rate_gbps from flow "
                    "order by flow_id"
                )
            ],
        },
        "capacity": asdict(told.capacity),
    }


def _kept(places: dict[str, tuple[Any, ...]], losing: set[str]) -> dict[str, Any]:
    """Return where sites without a loss lie, so that a map shows what goes on as well."""
    kept = [row for site, row in places.items() if site not in losing]
    found = [(row[2], row[3]) for row in kept if row[2] is not None and row[3] is not None]
    if len(found) > KEPT_PLACES:
        found = [
            (round(latitude, CELL_DIGITS), round(longitude, CELL_DIGITS)) for latitude, longitude in found
        ]
    return {"sites": len(kept), "places": [[*at, many] for at, many in sorted(Counter(found).items())]}
