"""What NetBox knows of the columns that checks ask for: a list of what to collect next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netproof.sources.netbox.report import Coverage

if TYPE_CHECKING:
    from netproof.sources.netbox.estate import Estate, Row

_DEVICES = ("device-", "virtual-machine-")
_ASKED = (
    ("component", "name", "name", "devices"),
    ("component", "site_id", "site", "devices"),
    ("component", "function", "function", "devices"),
    ("component", "zone", "zone", "devices"),
    ("component", "product_id", "product", "devices"),
    ("component", "supplier_id", "supplier", "devices"),
    ("component", "version", "software version", "devices"),
    ("component", "serial", "serial number", "devices"),
    ("component", "first_used_on", "first day in use", "devices"),
    ("site", "latitude_deg", "coordinates", "sites"),
    ("site", "region", "region", "sites"),
    ("site", "population", "people served", "sites"),
    ("supplier", "country", "country", "suppliers"),
    ("product", "end_of_support_on", "end of support", "products"),
    ("link", "capacity_gbps", "capacity", "links"),
    ("link", "length_km", "length", "links"),
)


def coverage(estate: Estate) -> tuple[Coverage, ...]:
    """Return for each column that matters how many rows have it.

    Of components only devices and virtual machines count; of sites only NetBox's own.
    """
    found = []
    for table, column, what, of in _ASKED:
        rows = [row for row in estate.rows.get(table, {}).values() if _counts(table, row)]
        if rows:
            known = sum(row.get(column) not in (None, "") for row in rows)
            found.append(Coverage(table, column, what, of, known, len(rows)))
    powered = {needs for needs, _, kind in estate.rows.get("dependency", {}) if kind == "powered_by"}
    devices = [key for (key,) in estate.rows.get("component", {}) if key.startswith("device-")]
    if devices:
        known = sum(device in powered for device in devices)
        found.append(Coverage("dependency", "powered_by", "power source", "devices", known, len(devices)))
    return tuple(found)


def _counts(table: str, row: Row) -> bool:
    """Whether a row is of the kind that is asked about."""
    if table == "component":
        return str(row["component_id"]).startswith(_DEVICES)
    return table != "site" or str(row["site_id"]).startswith("site-")
