"""Manufacturers and providers become suppliers; device and module types become products."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netproof.sources.netbox.estate import Estate, day

if TYPE_CHECKING:
    from netproof.sources.netbox.reading import Record


def put_makers(estate: Estate) -> None:
    """Add suppliers, their aliases and products to the estate."""
    for endpoint, kind in (("dcim.manufacturers", "manufacturer"), ("circuits.providers", "provider")):
        for record in estate.answers.of(endpoint):
            put_supplier(estate, kind, record, estate.tally.use(endpoint, record.id))
    for endpoint, kind in (("dcim.device-types", "device-type"), ("dcim.module-types", "module-type")):
        for record in estate.answers.of(endpoint):
            put_product(estate, kind, record, estate.tally.use(endpoint, record.id))
    for record in estate.answers.of("circuits.circuits"):
        if provider := record.within("provider"):
            put_supplier(estate, "provider", provider, f"circuits/circuits/{record.id}")


def put_supplier(estate: Estate, kind: str, record: Record, source: str) -> str:
    """Add a supplier and the names that NetBox has for it, and return its identity."""
    supplier = f"{kind}-{record.id}"
    if estate.has("supplier", supplier):
        return supplier
    estate.put(
        "supplier", (supplier,), {"supplier_id": supplier, "name": record.text("name"), "x_source": source}
    )
    for sort in ("name", "slug"):
        alias = record.text(sort)
        if not alias:
            continue
        key = (alias, sort)
        if estate.has("supplier_alias", *key):
            other = estate.rows["supplier_alias"][key]["supplier_id"]
            estate.tally.note(
                f"{supplier} and {other} have the same {sort} ({alias}): "
                "if they are one company, say so in supplier.parent_id"
            )
            continue
        row = {"alias": alias, "kind": sort, "supplier_id": supplier, "x_source": source}
        estate.put("supplier_alias", key, dict(row))
    return supplier


def put_product(estate: Estate, kind: str, record: Record, source: str) -> str:
    """Add a device or module type with its maker, and return its identity."""
    product = f"{kind}-{record.id}"
    if not estate.has("product", product):
        maker = record.within("manufacturer")
        estate.put(
            "product",
            (product,),
            {
                "product_id": product,
                "supplier_id": put_supplier(estate, "manufacturer", maker, source) if maker else None,
                "name": record.text("model"),
                "end_of_support_on": day(record.text("end_of_life"), f"{record.place}/end_of_life"),
                "x_source": source,
            },
        )
    return product


def put_part(estate: Estate, maker: Record | None, part: str, source: str) -> str:
    """Add the product behind a part number, and return its identity; empty where it has none."""
    if not maker or not part:
        return ""
    product = f"part-{maker.id}-{part}"
    supplier = put_supplier(estate, "manufacturer", maker, source)
    estate.put(
        "product",
        (product,),
        {"product_id": product, "supplier_id": supplier, "name": part, "x_source": source},
    )
    return product


def maker_of(estate: Estate, product: str) -> str:
    """Return the supplier of a product; empty where it is unknown."""
    row = estate.rows.get("product", {}).get((product,), {})
    return str(row.get("supplier_id") or "")
