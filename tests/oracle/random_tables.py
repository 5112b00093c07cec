"""Random tables of small networks, with everything that may be wrong in them."""

from __future__ import annotations

import random
from typing import Any

FUNCTIONS = ("AMF", "UPF", "IMS", "ROUTER", "FACILITY", "O_RU", None)


def random_tables(seed: int, *, components: int = 12, homing: bool = True) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of a network."""
    chance = random.Random(seed)  # noqa: S311 - seeded, for test data
    sites = [f"S{n}" for n in range(chance.randint(0, 5))]
    names = [f"C{n}" for n in range(chance.randint(1, components))]
    suppliers, products = ["X", "Y", "Z"], ["P", "Q"]

    def maybe(values: Any, share: float = 0.8) -> Any:
        return chance.choice(values) if values and chance.random() < share else None

    site = [
        {"site_id": s, "region": maybe(["05", "09"]), "population": maybe([0, 7, 100, 1001], 0.6)}
        for s in sites
    ]
    component = [
        {
            "component_id": c,
            "site_id": maybe([*sites, "nowhere"]),
            "function": chance.choice(FUNCTIONS),
            "zone": maybe(["core", "access", "transport"]),
            "product_id": maybe(products),
            "supplier_id": maybe(suppliers, 0.5),
            "version": maybe(["1", "2"]),
            "population": maybe([0, 3, 40, 500], 0.4),
            "retired_on": maybe(["2026-01-01", "2030-01-01"], 0.15),
            "first_used_on": maybe(["2020-01-01", "2027-01-01"], 0.15),
        }
        for c in names
    ]
    ends = names + sites
    link = [
        {
            "link_id": f"L{n}",
            "a_id": chance.choice(ends),
            "b_id": chance.choice([*ends, "nothing"] if chance.random() < 0.1 else ends),
            "provider_id": maybe(suppliers, 0.3),
            "capacity_gbps": maybe([1, 10], 0.5),
        }
        for n in range(chance.randint(0, 2 * len(ends)))
    ]
    links = [row["link_id"] for row in link]
    needed = [*ends, *links, "D1", "D2"]
    dependency = {}
    for _ in range(chance.randint(0, len(ends))):
        row = {
            "from_id": chance.choice([*ends, *links, "ghost"] if chance.random() < 0.1 else [*ends, *links]),
            "to_id": chance.choice(needed),
            "kind": chance.choice(["runs_on", "powered_by", "in_duct"]),
            "group_id": maybe(["g", "h"], 0.5),
        }
        dependency[row["from_id"], row["to_id"], row["kind"]] = row
    services = {
        ("data", f): {"service_id": "data", "function": f}
        for f in chance.sample(["AMF", "UPF"], chance.randint(0, 2))
    }
    if chance.random() < 0.6:
        services["voice", "IMS"] = {"service_id": "voice", "function": "IMS"}
        if chance.random() < 0.5:
            services["voice", "AMF"] = {"service_id": "voice", "function": "AMF"}
    pins = {
        (s, k, c): {"site_id": s, "service_id": k[0], "function": k[1], "component_id": c}
        for s in sites
        for k in services
        for c in names
        if homing and chance.random() < 0.03
    }
    flow = [
        {
            "flow_id": f"F{n}",
            "from_id": chance.choice(ends),
            "to_id": chance.choice(ends),
            "rate_gbps": maybe([1, 2.5, 0.25], 0.9),
        }
        for n in range(chance.randint(0, 5))
    ]
    event = {
        (e, m): {"event_id": e, "member_id": m}
        for e in ("flood", "strike")
        for m in chance.sample([*needed[:-2], "ghost"], chance.randint(0, 3))
    }
    return {
        "site": site,
        "component": component,
        "link": link,
        "dependency": list(dependency.values()),
        "service": list(services.values()),
        "homing": list(pins.values()),
        "flow": flow,
        "event": list(event.values()),
        "product": [{"product_id": "P", "supplier_id": "Y"}, {"product_id": "Q"}],
        "supplier": [{"supplier_id": s} for s in suppliers],
    }
