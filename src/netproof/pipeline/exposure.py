"""What a flow is exposed to, as a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netproof import resilience

if TYPE_CHECKING:
    from netproof.pipeline.outages import Loaded
    from netproof.resilience.answers import Passed


def exposure(loaded: Loaded, *, flow: str, start: str, end: str, avoid: str) -> dict[str, Any]:
    """Return what lies between two ends, whose it is, and whether a path avoids a supplier.

    Raises:
        TableError: There is no such flow, end or supplier.
    """
    told = resilience.exposure(
        loaded.store,
        loaded.arrays,
        flow=flow or None,
        source=start or None,
        target=end or None,
        avoid=avoid or None,
        progress=loaded.telling("exposure"),
    )
    kinds = dict(loaded.store.rows("select flow_id, classification::varchar from flow"))
    every = [_passed(step) for step in told.every]
    return {
        **loaded.head(),
        "flow": None
        if told.flow_id is None
        else {"flow_id": told.flow_id, "classification": kinds.get(told.flow_id)},
        "from": told.from_id,
        "to": told.to_id,
        "connected": told.connected,
        "every_total": told.every_total,
        "every": every,
        "some_total": told.some_total,
        "some": [_passed(step) for step in told.some],
        "suppliers": [
            {
                "supplier_id": one.supplier_id,
                "name": one.name,
                "components": one.components,
                "links": one.links,
                "on_every": one.on_every,
                "avoidable": one.avoidable,
            }
            for one in told.suppliers
        ],
        "avoid": told.avoid,
        "path": None if told.path is None else [_passed(step) for step in told.path],
    }


def _passed(step: Passed) -> dict[str, Any]:
    """Return what a path passes."""
    return {"table": step.table, "id": step.id, "name": step.name, "supplier_id": step.supplier_id}
