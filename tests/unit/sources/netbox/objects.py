"""Objects as NetBox's REST API answers them, with what the importer reads and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

Object = dict[str, Any]


def ref(number: int, slug: str = "", **more: Any) -> Object:
    return {"id": number, "slug": slug, "name": slug, **more}


def choice(value: str) -> Object:
    return {"value": value, "label": value.title()}


def device(number: int, role: str = "router", status: str = "active", **more: Any) -> Object:
    return {
        "id": number,
        "name": f"d{number}",
        "role": ref(1, role),
        "status": choice(status),
        "site": ref(1),
        "serial": "",
        **more,
    }


def interface(number: int, device_id: int, **more: Any) -> Object:
    return {"id": number, "device": ref(device_id), "type": choice("1000base-t"), "speed": None, **more}


def end(kind: str, number: int, device_id: int | None = None) -> Object:
    thing: Object = {"id": number}
    if device_id is not None:
        thing["device"] = ref(device_id)
    return {"object_type": kind, "object_id": number, "object": thing}


def plug(number: int, device_id: int) -> Object:
    """An interface as the end of a cable."""
    return end("dcim.interface", number, device_id)


def cable(number: int, a: list[Object], b: list[Object], status: str = "connected", **more: Any) -> Object:
    return {"id": number, "a_terminations": a, "b_terminations": b, "status": choice(status), **more}


def front(number: int, panel: int, rear: int, position: int = 1) -> Object:
    """A front port as NetBox 4.5 and later tell it."""
    rows = [{"position": 1, "rear_port": rear, "rear_port_position": position}]
    return {"id": number, "device": ref(panel), "positions": 1, "rear_ports": rows}


def rear(number: int, panel: int, positions: int = 1) -> Object:
    return {"id": number, "device": ref(panel), "positions": positions}


def circuit_end(number: int, circuit: int, side: str, kind: str = "dcim.site", place: int = 1) -> Object:
    return {
        "id": number,
        "circuit": ref(circuit),
        "term_side": side,
        "termination_type": kind,
        "termination_id": place,
        "termination": ref(place, f"place-{place}"),
    }


def circuit(number: int, provider: int = 1, status: str = "active", **more: Any) -> Object:
    return {
        "id": number,
        "cid": f"c{number}",
        "provider": ref(provider, "carrier"),
        "status": choice(status),
        **more,
    }


def site(number: int = 1, status: str = "active", **more: Any) -> Object:
    return {
        "id": number,
        "name": f"Site {number}",
        "slug": f"site-{number}",
        "status": choice(status),
        **more,
    }


def save(folder: Path, answers: dict[str, Any]) -> Path:
    """Write answers as files, a site 1 among them unless the answers say otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in {"dcim.sites": [site()], **answers}.items():
        (folder / f"{name}.json").write_text(json.dumps(value), "utf-8")
    return folder
