"""Devices, modules, parts, virtual machines and power sources become components.

Identity is NetBox's own number (`device-27`), because names are missing and repeat. A device
without a name is written without one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from netproof.sources.netbox.estate import Estate, Row, custom, day
from netproof.sources.netbox.makers import maker_of, put_part, put_product, put_supplier
from netproof.sources.netbox.rules import NOT_A_COMPONENT, PASS_THROUGH, Facts

if TYPE_CHECKING:
    from netproof.sources.netbox.reading import Record

_NO_DEVICE = "its device was left out"


def put_things(estate: Estate) -> None:
    """Add all components and what they run on to the estate."""
    _know_roles(estate)
    estate.each("dcim.devices", lambda record: _device(estate, record))
    _parents_of_devices(estate)
    estate.each("dcim.modules", lambda record: _module(estate, record))
    estate.each("dcim.inventory-items", lambda record: _item(estate, record))
    _parents_of_items(estate)
    clusters = _clusters(estate)
    estate.each("virtualization.virtual-machines", lambda record: _machine(estate, record, clusters))
    estate.each("dcim.power-panels", lambda record: _panel(estate, record))
    estate.each("dcim.power-feeds", lambda record: _feed(estate, record))
    _drop_rings(estate)


def _know_roles(estate: Estate) -> None:
    """Learn each role's slug and those of its parents."""
    records = {record.id: record for record in estate.answers.of("dcim.device-roles")}
    for number in records:
        slugs: list[str] = []
        at: int | None = number
        seen: set[int] = set()
        while at in records and at not in seen:
            seen.add(at)
            slugs.append(records[at].text("slug"))
            at = records[at].reference("parent")
        estate.roles[number] = slugs


def _function(estate: Estate, role: Record | None) -> tuple[str, str]:
    """Return a role's slug and function; the function is empty where no rule has one."""
    if role is None:
        return "", ""
    slugs = estate.roles.get(role.id) or [role.text("slug")]
    function = estate.rules.function(slugs)
    if function and estate.answers.given("dcim.device-roles"):
        estate.tally.use("dcim.device-roles", role.id)
    elif not function:
        estate.tally.leave("dcim.device-roles", role.id, "no rule gives it a function")
    return slugs[0], function


def _site_of(estate: Estate, record: Record) -> int | None:
    """Return the number of an object's site, if NetBox's answers hold it."""
    number = record.reference("site")
    if number is not None and number not in estate.sites:
        if estate.answers.given("dcim.sites"):
            estate.tally.note(
                f"{record.place}/site names site {number}, which dcim.sites does not hold: left empty"
            )
        return None
    return number


def _version(estate: Estate, record: Record) -> str:
    """Return the software version that NetBox records, in a custom field or a platform's name."""
    if version := custom(record, estate.rules.version_fields):
        return version
    platform = record.within("platform")
    if platform is None:
        return ""
    version = estate.rules.platform_version(platform.text("name"))
    if version and estate.answers.given("dcim.platforms"):
        estate.tally.use("dcim.platforms", platform.id)
    elif not version:
        estate.tally.leave("dcim.platforms", platform.id, "its name holds no version")
    return version


def _row(estate: Estate, record: Record, component: str, source: str, site: int | None) -> Row:
    """Return what all components have in common."""
    first = custom(record, estate.rules.first_used_fields)
    return {
        "component_id": component,
        "name": record.text("name"),
        "site_id": f"site-{site}" if site else None,
        "version": _version(estate, record),
        "serial": record.text("serial"),
        "first_used_on": day(first, f"{record.place}/custom_fields"),
        "x_source": source,
    }


def _place_in_network(
    estate: Estate, record: Record, row: Row, role: str, function: str, site: int | None
) -> None:
    """Set function and zone, and count a role without a function."""
    facts = estate.sites.get(site or 0, Facts())
    tags = facts.tags | {tag.text("slug") for tag in record.objects("tags")}
    facts = replace(facts, role=role, function=function, tags=frozenset(tags))
    row["function"] = function
    row["zone"] = estate.rules.zone(facts)
    if role and not function:
        estate.unmapped[role] = estate.unmapped.get(role, 0) + 1


def _device(estate: Estate, record: Record) -> str:
    """Add a device."""
    role, function = _function(estate, record.within("role") or record.within("device_role"))
    if function == PASS_THROUGH:
        estate.passive.add(record.id)
        return "patch panel or the like: cables are traced through it, it is no component"
    if idle := estate.idle(record):
        return idle
    if function == NOT_A_COMPONENT:
        return "its role says that it is no component"
    site = _site_of(estate, record)
    row = _row(estate, record, f"device-{record.id}", estate.tally.use("dcim.devices", record.id), site)
    if kind := record.within("device_type"):
        row["product_id"] = put_product(estate, "device-type", kind, str(row["x_source"]))
        row["supplier_id"] = maker_of(estate, str(row["product_id"]))
    _place_in_network(estate, record, row, role, function, site)
    estate.devices[record.id] = site
    estate.put("component", (f"device-{record.id}",), row)
    return ""


def _parents_of_devices(estate: Estate) -> None:
    """Set which device holds another: the chassis of a blade, the master of a virtual chassis."""
    masters = {r.id: r.reference("master") for r in estate.answers.of("dcim.virtual-chassis")}
    for record in estate.answers.of("dcim.devices"):
        if record.id not in estate.devices:
            continue
        component = f"device-{record.id}"
        row = estate.rows["component"][component,]
        holder = record.reference("parent_device")
        if holder in estate.devices and holder != record.id:
            row["parent_id"] = f"device-{holder}"
            estate.need(component, f"device-{holder}", "runs_on", str(row["x_source"]))
            continue
        chassis = record.within("virtual_chassis")
        if chassis is None:
            continue
        master = masters.get(chassis.id) or chassis.reference("master")
        if master in estate.devices and estate.answers.given("dcim.virtual-chassis"):
            estate.tally.use("dcim.virtual-chassis", chassis.id)
        if master in estate.devices and master != record.id:
            row["parent_id"] = f"device-{master}"


def _module(estate: Estate, record: Record) -> str:
    """Add a module; it runs on its device."""
    device = record.needed("device")
    if device not in estate.devices:
        return _NO_DEVICE
    if idle := estate.idle(record):
        return idle
    source = estate.tally.use("dcim.modules", record.id)
    row = _row(estate, record, f"module-{record.id}", source, estate.devices[device])
    row["name"] = record.text("display")
    row["parent_id"] = f"device-{device}"
    if kind := record.within("module_type"):
        row["product_id"] = put_product(estate, "module-type", kind, source)
        row["supplier_id"] = maker_of(estate, str(row["product_id"]))
    estate.put("component", (f"module-{record.id}",), row)
    estate.need(f"module-{record.id}", f"device-{device}", "runs_on", source)
    return ""


def _item(estate: Estate, record: Record) -> str:
    """Add a part of a device; it runs on its device."""
    device = record.needed("device")
    if device not in estate.devices:
        return _NO_DEVICE
    if idle := estate.idle(record):
        return idle
    source = estate.tally.use("dcim.inventory-items", record.id)
    row = _row(estate, record, f"inventory-item-{record.id}", source, estate.devices[device])
    maker = record.within("manufacturer")
    row["parent_id"] = f"device-{device}"
    row["product_id"] = put_part(estate, maker, record.text("part_id"), source)
    row["supplier_id"] = put_supplier(estate, "manufacturer", maker, source) if maker else None
    estate.put("component", (f"inventory-item-{record.id}",), row)
    estate.need(f"inventory-item-{record.id}", f"device-{device}", "runs_on", source)
    return ""


def _parents_of_items(estate: Estate) -> None:
    """Set which part holds another."""
    for record in estate.answers.of("dcim.inventory-items"):
        item, parent = f"inventory-item-{record.id}", record.reference("parent")
        if parent and estate.has("component", item) and estate.has("component", f"inventory-item-{parent}"):
            estate.rows["component"][item,]["parent_id"] = f"inventory-item-{parent}"


def _machine(estate: Estate, record: Record, clusters: dict[int, list[int]]) -> str:
    """Add a virtual machine; it runs on its device, or on any device of its cluster."""
    if idle := estate.idle(record):
        return idle
    role, function = _function(estate, record.within("role"))
    site = _site_of(estate, record)
    source = estate.tally.use("virtualization.virtual-machines", record.id)
    machine = f"virtual-machine-{record.id}"
    row = _row(estate, record, machine, source, site)
    if function in (PASS_THROUGH, NOT_A_COMPONENT):
        function = "OTHER"
    _place_in_network(estate, record, row, role, function, site)
    estate.put("component", (machine,), row)
    device, cluster = record.reference("device"), record.reference("cluster")
    hosts = clusters.get(cluster or 0, []) if device is None else [device] if device in estate.devices else []
    for host in hosts:
        estate.need(
            machine, f"device-{host}", "runs_on", source, f"hosts-{machine}" if len(hosts) > 1 else ""
        )
    return ""


def _clusters(estate: Estate) -> dict[int, list[int]]:
    """Return the devices of each cluster."""
    found: dict[int, list[int]] = {}
    for record in estate.answers.of("dcim.devices"):
        cluster = record.reference("cluster")
        if cluster is not None and record.id in estate.devices:
            found.setdefault(cluster, []).append(record.id)
    return found


def _panel(estate: Estate, record: Record) -> str:
    """Add a power panel."""
    site = _site_of(estate, record)
    panel = f"power-panel-{record.id}"
    row = _row(estate, record, panel, estate.tally.use("dcim.power-panels", record.id), site)
    estate.put("component", (panel,), {**row, "function": "FACILITY"})
    return ""


def _feed(estate: Estate, record: Record) -> str:
    """Add a power feed; it is powered by its panel and stands where the panel stands."""
    if idle := estate.idle(record):
        return idle
    source = estate.tally.use("dcim.power-feeds", record.id)
    feed, panel = f"power-feed-{record.id}", f"power-panel-{record.needed('power_panel')}"
    row = _row(estate, record, feed, source, None)
    if estate.has("component", panel):
        row["site_id"] = estate.rows["component"][panel,]["site_id"]
        estate.need(feed, panel, "powered_by", source)
    estate.put("component", (feed,), {**row, "function": "FACILITY"})
    return ""


def _drop_rings(estate: Estate) -> None:
    """Empty the parent of one component in every ring of components that hold each other."""
    components = estate.rows.get("component", {})
    done: set[str] = set()
    for (start,) in components:
        walk: dict[str, None] = {}
        at = start
        while at and at not in done and at not in walk:
            walk[at] = None
            at = str(components.get((at,), {}).get("parent_id") or "")
        if at in walk:
            components[at,]["parent_id"] = None
            estate.tally.note(f"{at} holds itself by way of its parents: its parent is left empty")
        done.update(walk)
