"""What failures take beyond one event, as models: every pair, and random scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from netproof import resilience
from netproof.errors import TableError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netproof.pipeline.outages import Loaded
    from netproof.resilience.answers import Passed

TOP = 100
"""Pairs, and elements with their worst partner, that are listed."""
WORST_SITES = 20
QUANTILES = (0.5, 0.9, 0.99, 0.999, 1.0)
"""Shares of the scenarios whose largest loss is told."""


def memory_mb(loaded: Loaded) -> float:
    """Return how much memory the pairs will take beside the tables [MB]."""
    return resilience.pairs_memory(loaded.arrays) / 1e6


def pairs(loaded: Loaded) -> dict[str, Any]:
    """Return what any two failures take together.

    Raises:
        TableError: The network is too large for the kernels that there are.
    """
    arrays = loaded.arrays
    try:
        told = resilience.pairs(loaded.store, arrays, top=TOP, progress=loaded.telling("pairs"))
    except (ValueError, MemoryError) as error:
        raise TableError(f"pairs: {error}", hint="--sample draws pairs and more at random") from error
    return {
        **loaded.head(),
        "pairs": told.pairs,
        "elements": told.elements,
        "memory_mb": round(memory_mb(loaded), 1),
        "people": arrays.people,
        "statement": told.statement,
        "lost": {
            "total_population": told.total,
            "mean": round(told.mean, 6),
            "maximum": told.maximum,
        },
        "top": [
            {
                "a": _element(pair.a),
                "b": _element(pair.b),
                "lost_population": pair.people,
                "alone": list(pair.alone),
            }
            for pair in told.top
        ],
        "worst_partners": [
            {
                "element": _element(row.element),
                "alone": row.alone,
                "partner": _element(row.partner),
                "lost_population": row.people,
            }
            for row in told.worst
        ],
    }


def _element(passed: Passed) -> dict[str, Any]:
    """Return a component, site or link in words."""
    return {"kind": passed.table, "id": passed.id, "name": passed.name}


def _histogram(losses: NDArray[np.int64]) -> list[list[int]]:
    """Return from, to [people] and in how many scenarios; nobody first, then by powers of two.

    Args:
        losses: int64[scenarios], rising [people].
    """
    edges = [0, 1]
    while losses.size and edges[-1] <= int(losses[-1]):
        edges.append(edges[-1] * 2)
    at = np.searchsorted(losses, edges)
    return [
        [low, high - 1, int(after - before)]
        for low, high, before, after in zip(edges, edges[1:], at, at[1:], strict=False)
    ]


def samples(loaded: Loaded, scenarios: int, seed: int) -> dict[str, Any]:
    """Return what random failures take, how available services are, and what contributes most."""
    store = loaded.store
    told = resilience.samples(
        store,
        loaded.arrays,
        scenarios=scenarios,
        seed=seed,
        rates=loaded.network.outages or None,
        progress=loaded.telling("sample"),
    )
    worst: dict[str, list[dict[str, Any]]] = {}
    for service, site, name, availability in store.rows(
        "select a.service_id, a.site_id, s.name, a.availability from availability as a "
        "left join site as s on a.site_id = s.site_id "
        "qualify row_number() over (partition by a.service_id order by a.availability, a.site_id) <= $n "
        "order by a.service_id, a.availability, a.site_id",
        {"n": WORST_SITES},
    ):
        worst.setdefault(service, []).append({"site_id": site, "name": name, "availability": availability})
    return {
        **loaded.head(),
        "scenarios": told.scenarios,
        "seed": told.seed,
        "people": loaded.arrays.people,
        "assumption": told.assumption,
        "rates": [
            {"kind": kind, "probability": rate, "assumed": kind not in told.stated}
            for kind, rate in told.rates.items()
        ],
        "services": [
            {
                "service": one.service_id,
                "mean": round(one.mean, 6),
                "quantiles": [[part, one.quantile(part)] for part in QUANTILES],
                "histogram": _histogram(one.losses),
                "availability": one.availability,
                "worst_sites": worst.get(one.service_id, []),
            }
            for one in told.services
        ],
        "contributors": [
            {
                "kind": one.kind,
                "id": one.event_id,
                "name": one.name,
                "hits": one.hits,
                "mean": round(one.people, 6),
                "share": one.share,
            }
            for one in told.contributors
        ],
    }
