"""Sites of NetBox and networks of its providers become sites: nodes at which links may end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netproof.errors import SourceError
from netproof.sources.netbox.rules import Facts

if TYPE_CHECKING:
    from netproof.sources.netbox.estate import Estate, Row
    from netproof.sources.netbox.reading import Record

# A site has states of its own; these two say that nothing is there (yet).
_EMPTY = ("planned", "retired")


def know_sites(estate: Estate) -> None:
    """Learn what rules may ask about every site."""
    for record in estate.answers.of("dcim.sites"):
        estate.sites[record.id] = Facts(
            site=record.text("slug"),
            group=record.slug("group"),
            region=record.slug("region"),
            tags=frozenset(tag.text("slug") for tag in record.objects("tags")),
        )


def put_sites(estate: Estate) -> None:
    """Add the sites that are in use, or at which something stands or ends all the same."""
    named = _named(estate)

    def take(record: Record) -> str:
        status = record.choice("status")
        site = f"site-{record.id}"
        if status in _EMPTY and site not in named:
            return f"its status is {status} and nothing stands there"
        if status in _EMPTY:
            estate.tally.note(
                f"{site} is {status}, yet something in use stands or ends there: one of both is wrong"
            )
        facts = estate.sites[record.id]
        row: Row = {
            "site_id": site,
            "name": record.text("name"),
            "kind": estate.rules.site_kind(facts),
            "region": estate.rules.region(facts.region),
            "latitude_deg": _degrees(record, "latitude", 90),
            "longitude_deg": _degrees(record, "longitude", 180),
            "x_source": estate.tally.use("dcim.sites", record.id),
        }
        estate.put("site", (site,), row)
        return ""

    estate.each("dcim.sites", take)


def put_provider_network(estate: Estate, record: Record, source: str) -> str:
    """Add a provider's network as a place without components, and return its identity."""
    site = f"provider-network-{record.id}"
    if estate.answers.given("circuits.provider-networks"):
        estate.tally.use("circuits.provider-networks", record.id)
    estate.put(
        "site", (site,), {"site_id": site, "name": record.text("name"), "kind": "other", "x_source": source}
    )
    return site


def _degrees(record: Record, name: str, limit: int) -> float | None:
    """Return a coordinate within its range."""
    value = record.number(name)
    if value is not None and not abs(value) <= limit:
        raise SourceError(f"{record.place}/{name}: expected degrees from -{limit} to {limit}, got {value}")
    return value


def _named(estate: Estate) -> set[str]:
    """Return the sites that components and links name."""
    found = {str(row.get("site_id") or "") for row in estate.rows.get("component", {}).values()}
    for row in estate.rows.get("link", {}).values():
        found |= {str(row["a_id"]), str(row["b_id"])}
    return found
