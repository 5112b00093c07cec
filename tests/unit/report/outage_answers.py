"""Every answer about outages, made by hand, that its page is tried on; and the same with payloads."""

from __future__ import annotations

from typing import Any

from tests.unit.report.answers import attacked
from tests.unit.report.outage_models import (
    HEAD,
    KINDS,
    PEOPLE,
    SUPPLIERS_OF,
    harmless_event,
    national_event,
    nothing_lost,
    one_event,
    outages,
)
from tests.unit.report.sample import CITIES, SUPPLIERS


def samples(scenarios: int = 100_000) -> dict[str, Any]:
    """Losses of random scenarios."""
    return {
        **HEAD,
        "scenarios": scenarios,
        "seed": 7,
        "people": PEOPLE,
        "assumption": "Assumed by netproof, not measured; network.toml [outages] sets your own.",
        "rates": [
            {"kind": "component", "probability": 0.0001, "assumed": True},
            {"kind": "supplier", "probability": 0.0000005, "assumed": True},
            {"kind": "site", "probability": 0.00002, "assumed": False},
        ],
        "services": [
            _sampled("", 1.0, scenarios),
            _sampled("data", 0.8, scenarios),
            _sampled("voice", 0.5, scenarios),
        ],
        "contributors": [
            {
                "kind": kind,
                "id": f"{KINDS[kind][3]}{n:04d}",
                "name": "Köln 3" if kind == "site" else None,
                "hits": 900 // (n + 1),
                "mean": 1_200.5 * (n + 2),
                "share": round(0.3 / (n + 1), 6),
            }
            for n, kind in enumerate(["component", "site", "link", "facility", "supplier"] * 6)
        ],
    }


def _sampled(service: str, part: float, scenarios: int) -> dict[str, Any]:
    """One service: half of the scenarios take nothing, the rest falls with the loss."""
    bars = [[0, 0, scenarios // 2]]
    left = scenarios - scenarios // 2
    for power in range(int(22 * part) + 1):
        count = left // 3 if power < int(22 * part) else left
        left -= count
        bars.append([2**power, 2 ** (power + 1) - 1, count])
    return {
        "service": service,
        "mean": round(8_123.25 * part, 6),
        "quantiles": [
            [0.5, 12],
            [0.9, 9_480],
            [0.99, 88_000],
            [0.999, 640_100],
            [1.0, int(2_100_000 * part)],
        ],
        "histogram": bars,
        "availability": 1 - 0.0007 * part,
        "worst_sites": [
            {"site_id": f"S{n:05d}", "name": CITIES[n][0], "availability": 0.98 + 0.001 * n}
            for n in range(15)
        ],
    }


def certain() -> dict[str, Any]:
    """Two scenarios in which nothing is lost."""
    model = samples(2)
    calm = {"mean": 0, "quantiles": [[0.5, 0], [1.0, 0]], "histogram": [[0, 0, 2]], "availability": 1.0}
    model["services"] = [{**model["services"][0], **calm, "worst_sites": []}]
    model["contributors"] = []
    return model


def pairs(listed: int = 60) -> dict[str, Any]:
    """The worst pairs."""

    def element(n: int) -> dict[str, Any]:
        kind = ("component", "site", "link")[n % 3]
        return {
            "kind": kind,
            "id": f"{KINDS[kind][3]}{n:05d}",
            "name": CITIES[n % 20][0] if n % 3 == 1 else None,
        }

    return {
        **HEAD,
        "pairs": 3_218_211_480,
        "elements": 80_227,
        "memory_mb": 812.4,
        "people": PEOPLE,
        "statement": "Every two components, sites and links; what needs one of them is not taken down with it.",
        "lost": {"total_population": 13_498_211_480_221_377_004, "mean": 4_194.321, "maximum": 4_118_000},
        "top": [
            {
                "a": element(n),
                "b": element(n + 1),
                "lost_population": 4_118_000 // (n + 1),
                "alone": [9_000, n],
            }
            for n in range(listed)
        ],
        "worst_partners": [
            {
                "element": element(n),
                "alone": n,
                "partner": element(0),
                "lost_population": 4_118_000 // (n + 1),
            }
            for n in range(listed)
        ],
    }


def no_pairs() -> dict[str, Any]:
    """A network of one node has no pair."""
    nothing = {"total_population": 0, "mean": 0.0, "maximum": 0}
    return {**pairs(0), "pairs": 0, "elements": 1, "people": 0, "lost": nothing}


def exposure() -> dict[str, Any]:
    """A sensitive flow, and a way around a supplier."""

    def passed(n: int) -> dict[str, Any]:
        table = ("component", "link", "site")[n % 3]
        whose = None if table == "site" else SUPPLIERS_OF[n % 4]
        return {
            "table": table,
            "id": f"{table[0].upper()}{n:05d}",
            "name": CITIES[n % 20][0] if table == "site" else None,
            "supplier_id": whose,
        }

    return {
        **HEAD,
        "flow": {"flow_id": "gov-1", "classification": "government"},
        "from": "S00001",
        "to": "S00017",
        "connected": True,
        "every_total": 9,
        "every": [passed(n) for n in range(9)],
        "some_total": 4_212,
        "some": [passed(n) for n in range(400)],
        "suppliers": [
            {
                "supplier_id": key,
                "name": name,
                "components": 120 * n,
                "links": 7 * n,
                "on_every": n > 2,
                "avoidable": n < 2,
            }
            for n, (key, name) in enumerate(SUPPLIERS)
        ],
        "avoid": "S-ALD",
        "path": [passed(n) for n in range(11)],
    }


def torn() -> dict[str, Any]:
    """Two ends that nothing joins."""
    empty: dict[str, Any] = {"every_total": 0, "every": [], "some_total": 0, "some": [], "suppliers": []}
    return {**exposure(), **empty, "flow": None, "connected": False, "avoid": None, "path": None}


def unavoidable() -> dict[str, Any]:
    """Every path passes the supplier."""
    return {**exposure(), "flow": {"flow_id": "gov-2", "classification": None}, "path": None}


ATTACK = {
    "outages": outages(3),
    "outage-event": one_event(30, 20),
    "outage-samples": samples(),
    "outage-pairs": pairs(3),
    "exposure": exposure(),
}
"""One model of each answer, to hide a payload in."""

OUTAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "outages": ("outages", outages()),
    "nothing lost": ("outages", nothing_lost()),
    "one event": ("outage-event", one_event()),
    "national event": ("outage-event", national_event()),
    "harmless event": ("outage-event", harmless_event()),
    "samples": ("outage-samples", samples()),
    "certain": ("outage-samples", certain()),
    "pairs": ("outage-pairs", pairs()),
    "no pairs": ("outage-pairs", no_pairs()),
    "exposure": ("exposure", exposure()),
    "torn": ("exposure", torn()),
    "unavoidable": ("exposure", unavoidable()),
}
"""Answers by name: which kind, and the model."""


WORDS = frozenset(KINDS) | {
    "native", "component", "link", "site", "dependency", "lost", "carried", "fits", "does_not_fit", "no_flows",
}  # fmt: skip


def hostile(kind: str) -> dict[str, Any]:
    """A model with a payload behind every free text: markup, turned text, an emoji."""
    plain = ATTACK[kind]
    return {key: _keep_words(plain[key], value) for key, value in attacked(plain).items()}


def _keep_words(plain: Any, hurt: Any) -> Any:
    """The attacked model with the words of its vocabularies as they were."""
    if isinstance(plain, dict):
        return {key: _keep_words(plain[key], hurt[key]) for key in plain}
    if isinstance(plain, list):
        return [_keep_words(one, other) for one, other in zip(plain, hurt, strict=True)]
    if isinstance(plain, str):
        return plain if plain in WORDS else f"{hurt}🗼"
    return plain
