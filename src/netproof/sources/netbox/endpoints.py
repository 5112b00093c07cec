"""Which answers of NetBox are read, and which of their fields.

One list for saved files, the live server and the report. Fields that are not named here are let
go of as soon as an answer is read, so that memory holds the estate and not its decoration.
Fields of NetBox 3.x that 4.x renamed stand beside their new names.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One list of the REST API.

    Attributes:
        name: As in `dcim.devices`: application, dot, path.
        fields: What is kept of each object beside its id.
        without: What nobody can tell when this answer is missing.
    """

    name: str
    fields: tuple[str, ...]
    without: str

    @property
    def path(self) -> str:
        """The path below `/api/`, also the beginning of every `x_source`."""
        return self.name.replace(".", "/", 1)


_CABLED = ("cable", "connected_endpoints", "connected_endpoints_type", "connected_endpoints_reachable")

ENDPOINTS = (
    Endpoint(
        "dcim.sites",
        ("name", "slug", "status", "region", "group", "tags", "latitude", "longitude"),
        "where components stand",
    ),
    Endpoint("dcim.manufacturers", ("name", "slug"), "who makes the products"),
    Endpoint("dcim.device-roles", ("name", "slug", "parent"), "parents of device roles"),
    Endpoint(
        "dcim.device-types",
        ("manufacturer", "model", "slug", "end_of_life"),
        "products of devices",
    ),
    Endpoint("dcim.module-types", ("manufacturer", "model", "end_of_life"), "products of modules"),
    Endpoint("dcim.platforms", ("name", "slug"), "which platforms name no version"),
    Endpoint(
        "dcim.devices",
        (
            "name",
            "device_type",
            "role",
            "device_role",
            "platform",
            "serial",
            "site",
            "parent_device",
            "status",
            "virtual_chassis",
            "cluster",
            "tags",
            "custom_fields",
            "rear_port_count",
        ),
        "the components themselves",
    ),
    Endpoint(
        "dcim.modules",
        ("device", "module_type", "status", "serial", "display", "custom_fields"),
        "line cards and other modules",
    ),
    Endpoint(
        "dcim.inventory-items",
        ("device", "parent", "name", "manufacturer", "part_id", "serial", "status", "custom_fields"),
        "parts inside devices",
    ),
    Endpoint("dcim.virtual-chassis", ("name", "master"), "which devices act as one"),
    Endpoint(
        "virtualization.virtual-machines",
        (
            "name",
            "status",
            "site",
            "cluster",
            "device",
            "role",
            "platform",
            "serial",
            "tags",
            "custom_fields",
        ),
        "functions that run as virtual machines",
    ),
    Endpoint("dcim.power-panels", ("name", "site"), "where power comes from"),
    Endpoint("dcim.power-feeds", ("name", "power_panel", "status", "cable"), "where power comes from"),
    Endpoint(
        "dcim.cables",
        ("type", "a_terminations", "b_terminations", "status", "length", "length_unit"),
        "cables: power feeds, and the providers of traced links",
    ),
    Endpoint(
        "dcim.interfaces",
        ("device", "type", "speed", "wireless_link", *_CABLED),
        "NetBox's own traces and the capacity of links",
    ),
    Endpoint(
        "dcim.front-ports",
        ("device", "rear_port", "rear_port_position", "rear_ports", "positions"),
        "how patch panels are wired: only NetBox's own traces lead through them",
    ),
    Endpoint(
        "dcim.rear-ports",
        ("device", "front_ports", "positions"),
        "how many positions a rear port has",
    ),
    Endpoint(
        "wireless.wireless-links",
        ("interface_a", "interface_b", "status", "distance", "distance_unit"),
        "radio links",
    ),
    Endpoint("circuits.providers", ("name", "slug"), "who provides circuits"),
    Endpoint("circuits.provider-networks", ("name", "provider"), "networks of providers by their full entry"),
    Endpoint(
        "circuits.circuits",
        ("provider", "status", "commit_rate", "distance", "distance_unit"),
        "circuits and their providers",
    ),
    Endpoint(
        "circuits.circuit-terminations",
        (
            "circuit",
            "term_side",
            "termination_type",
            "termination_id",
            "termination",
            "site",
            "provider_network",
            "port_speed",
        ),
        "where circuits end",
    ),
    Endpoint("circuits.virtual-circuits", ("status",), "virtual circuits, which are counted only"),
    Endpoint("tenancy.contacts", (), "people"),
    Endpoint(
        "tenancy.contact-assignments", ("contact", "role", "object_type", "object_id"), "what people do"
    ),
)
"""Every list that is read, in the order in which it is asked for."""

BY_NAME = {endpoint.name: endpoint for endpoint in ENDPOINTS}
