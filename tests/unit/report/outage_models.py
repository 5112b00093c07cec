"""What is lost when something fails, of a made-up operator: all events, and one in full."""

from __future__ import annotations

import math
import random
from typing import Any

from tests.unit.report.sample import CITIES, SUPPLIERS

PEOPLE = 11_400_000
HEAD = {
    "schema_version": "1.0",
    "network": {"name": "Musternetz", "country": "DE"},
    "as_of": "2026-11-01",
    "engine": "native",
}
SERVICES = [
    {"id": "data", "functions": ["amf", "smf", "upf"]},
    {"id": "voice", "functions": ["amf", "ims"]},
]
KINDS = {
    "component": (48_211, 21_870, 1_904_000, "C"),
    "site": (12_004, 11_870, 2_310_000, "S"),
    "link": (31_940, 6_012, 388_000, "L"),
    "facility": (96, 22, 640_000, "F"),
    "duct": (2_110, 704, 212_000, "D"),
    "product": (61, 40, 6_120_000, "P"),
    "release": (184, 131, 4_870_000, "P-7/23.2."),
    "supplier": (4, 4, 9_871_000, "S-"),
    "supplier_zone": (14, 12, 9_640_000, "S-ALD/"),
    "supplier_region": (410, 388, 402_000, "S-BRK/"),
    "custom": (3, 2, 58_000, "flood "),
}
"""Kinds of events: how many there are, how many take something, the worst, and how they are called."""
SUPPLIERS_OF = tuple(key for key, _ in SUPPLIERS)


def curve(losing: int, worst: int) -> list[list[int]]:
    """Loss by rank, falling as it does in a real network: a few large ones and a long tail."""
    ranks = sorted({*range(1, min(losing, 20) + 1), losing, *(round(1.1**n) for n in range(20, 200))})
    fall = math.log(max(worst / 700, 2)) / math.log(max(losing, 2))
    return [[rank, max(1, round(worst / rank**fall))] for rank in ranks if rank <= losing]


def event(kind: str, place: int, lost: int) -> dict[str, Any]:
    """One event among the worst of its kind."""
    name = None
    key = f"{KINDS[kind][3]}{place:05d}"
    if kind == "supplier":
        key, name = SUPPLIERS[place]
    elif kind == "site":
        name = f"{CITIES[place % len(CITIES)][0]} {place}"
    single = kind in {"component", "link"}
    return {
        "kind": kind,
        "id": key,
        "name": name,
        "members_total": 1 if single else 3 + 40 // (place + 1),
        "lost_population": lost,
        "lost_elsewhere": lost // 3 if single else lost // 2,
        "share": round(lost / PEOPLE, 9),
        "lost_sites": lost // 4_000,
        "lost_demand_gbps": round(lost / 40_000, 3) if kind != "custom" else 0,
        "by_service": [
            {"service": "data", "lost_population": lost, "lost_sites": lost // 4_000},
            {"service": "voice", "lost_population": lost // 2, "lost_sites": lost // 9_000},
        ],
        "members": [{"table": "link" if kind == "link" else "component", "id": key, "cause": ""}],
    }


def frame() -> dict[str, Any]:
    """What stands around events."""
    return {
        **HEAD,
        "scale": {"components": 48_307, "sites": 12_004, "links": 31_940, "people": PEOPLE, "flows": 240},
        "services": SERVICES,
        "baseline": {
            "lost_population": 41_200,
            "lost_sites": 12,
            "by_service": [
                {"service": "data", "lost_population": 1_200, "lost_sites": 1, "reason": ""},
                {
                    "service": "voice",
                    "lost_population": 41_200,
                    "lost_sites": 12,
                    "reason": "no way to any ims",
                },
            ],
        },
        "left_out": [
            {
                "what": "link_left_out",
                "count": 7,
                "examples": [
                    "nothing is called C-99417; the link is left out",
                    "C-00031 is not in use; the link is left out",
                ],
            },
            {
                "what": "need_cycle",
                "count": 1,
                "examples": ["PWR-1, PWR-2 need each other: they go down together"],
            },
        ],
    }


def outages(listed: int = 30) -> dict[str, Any]:
    """The worst events of a national network."""
    events, kinds = [], []
    for kind, (count, losing, worst, _) in KINDS.items():
        points = curve(losing, worst)
        kinds.append(
            {"kind": kind, "events": count, "with_loss": losing, "worst_population": worst, "curve": points}
        )
        events += [event(kind, place, lost) for place, (_, lost) in enumerate(points[:listed])]
    points_of_failure = sorted(
        (
            {key: one[key] for key in ("kind", "id", "name", "lost_population", "lost_elsewhere", "share")}
            for one in events
            if one["kind"] in {"component", "site", "link"}
        ),
        key=lambda one: -one["lost_elsewhere"],
    )
    return {
        **frame(),
        "kinds": kinds,
        "events": events,
        "single_points_of_failure": points_of_failure,
        "single_points_total": 8_214,
    }


def nothing_lost() -> dict[str, Any]:
    """A network of one component whose people nobody serves."""
    return {
        **frame(),
        "scale": {"components": 1, "sites": 1, "links": 0, "people": 0, "flows": 0},
        "services": [],
        "baseline": {"lost_population": 0, "lost_sites": 0, "by_service": []},
        "left_out": [],
        "kinds": [{"kind": "component", "events": 1, "with_loss": 0, "worst_population": 0, "curve": []}],
        "events": [
            {**event("component", 0, 0), "share": 0, "lost_demand_gbps": 0, "by_service": []},
        ],
        "single_points_of_failure": [],
        "single_points_total": 0,
    }


def one_event(sites: int = 240, kept: int = 160) -> dict[str, Any]:
    """A supplier fails: what goes down, who is dark, which flows are lost."""
    chance = random.Random(3)  # noqa: S311 - made-up data
    lost_sites: list[dict[str, Any]] = []
    for number in range(sites):
        city, latitude, longitude, region = CITIES[number % len(CITIES)]
        people = chance.randint(900, 60_000) * 240 // max(sites, 240)
        dark = chance.random() < 0.6
        away = number < sites - 2
        lost_sites.append(
            {
                "site_id": f"S{number:05d}",
                "name": f"{city} {number}" if number % 9 else None,
                "region": region if number % 7 else None,
                "latitude_deg": round(latitude + chance.uniform(-0.6, 0.6), 4) if away else None,
                "longitude_deg": round(longitude + chance.uniform(-0.8, 0.8), 4) if away else None,
                "people": people,
                "lost_population": people if dark else people // 3,
                "dark": dark,
            }
        )
    lost_sites.sort(key=lambda site: (-site["lost_population"], site["site_id"]))
    people = sum(site["lost_population"] for site in lost_sites)
    places = [
        [round(latitude + chance.uniform(-0.6, 0.6), 4), round(longitude + chance.uniform(-0.8, 0.8), 4), 1]
        for _, latitude, longitude, _ in (CITIES * -(-kept // len(CITIES)))[:kept]
    ]
    members = [{"table": "component", "id": f"C{n:05d}", "cause": ""} for n in range(340)]
    members += [{"table": "component", "id": f"M{n:05d}", "cause": "needs PWR-17"} for n in range(14)]
    members += [
        {"table": "component", "id": "C90001", "cause": "needs one of C00003, C00004"},
        {"table": "site", "id": "S00019", "cause": "needs PWR-17"},
        {"table": "link", "id": "L00007", "cause": "needs C00012"},
        {"table": "dependency", "id": "PWR-17", "cause": "needs C00002"},
    ]
    flows = [
        {
            "flow_id": f"F{n:04d}",
            "classification": ("government", "emergency", None)[n % 3],
            "from": f"S{n:05d}",
            "to": "S00001",
            "rate_gbps": None if n % 5 == 0 else round(0.4 * (n + 1), 2),
            "state": "lost" if n % 4 == 0 else "carried",
        }
        for n in range(48)
    ]
    return {
        **frame(),
        "event": {
            **event("supplier", 1, people),
            "members_total": 12_345,
            "members": members,
            "lost_sites": sum(site["dark"] for site in lost_sites),
            "lost_demand_gbps": 61.2,
        },
        "lost": {"sites": lost_sites, "kept": {"sites": kept + 3, "places": sorted(places)}, "flows": flows},
        "capacity": {
            "state": "does_not_fit",
            "demand_gbps": 412.5,
            "share": 0.42,
            "share_before": 1,
            "served_gbps": 338.25,
            "served_before_gbps": 473.7,
            "unlimited_links": 3,
            "statement": "The largest part of its rate that every flow gets at once (maximum concurrent flow) "
            "on the graph of sites, by HiGHS.",
        },
    }


def national_event() -> dict[str, Any]:
    """The same with so many sites that the map is drawn on a grid."""
    model = one_event(sites=2_400, kept=40)
    model["lost"]["kept"] = {
        "sites": 9_604,
        "places": [[47.6 + n % 70 / 10, 7 + n // 70 / 4, 4 + n % 3] for n in range(1_900)],
    }
    return model


def harmless_event() -> dict[str, Any]:
    """A link whose fall nobody notices."""
    model = one_event(sites=0, kept=0)
    zero = {"lost_population": 0, "lost_elsewhere": 0, "share": 0, "lost_sites": 0, "lost_demand_gbps": 0}
    model["event"] = {
        **event("link", 0, 0), **zero, "by_service": [], "members": [{"table": "link", "id": "L00000", "cause": ""}],
        "members_total": 1,
    }  # fmt: skip
    model["lost"] = {"sites": [], "kept": {"sites": 0, "places": []}, "flows": []}
    nothing = dict.fromkeys(("share", "share_before", "served_gbps", "served_before_gbps"))
    model["capacity"] = {
        **nothing,
        "state": "no_flows",
        "demand_gbps": 0,
        "unlimited_links": 0,
        "statement": "Not computed: no flow says how much it carries.",
    }
    return model
