"""What was seen to run, who watches it, and by which ways do suppliers reach it?

Fills tables observation, monitor and channel as a network in good order would: what runs is what is
recorded, every critical component is watched, every channel is in the operator's hand.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from netproof.demo.draw import Draw, Ints
from netproof.demo.equipment import Fleet, days
from netproof.demo.frames import Column, Frame, Frames, numbered, same, stack, texts
from netproof.demo.market import SLOTS

if TYPE_CHECKING:
    from netproof.demo.market import Market

AS_OF = days(2026, 11, 1)
"""The date for which the example is made."""

DAY_S = 86_400


def _digests(market: Market) -> Column:
    """Return the digest of each product's version, five slots a product."""
    return texts(
        [item.digest(slot) if item.versions else None for item in market.products for slot in range(5)]
    )


def _versions(market: Market) -> Column:
    """Return each product's versions, five slots a product."""
    return texts(
        [item.versions[slot] if item.versions else None for item in market.products for slot in range(5)]
    )


def _observation(fleet: Fleet, market: Market, component: Frame, draw: Draw) -> Frame:
    """Return table observation: images last night, images of the core in summer, some configurations."""
    measured = np.flatnonzero((fleet.slot >= 0) & ~fleet.of(market, "O_RU"))
    sources = texts(["fleet scan (second path)", "element manager (self-reported)", "boot log (quoted)"])
    digest = _digests(market)[fleet.product[measured] * 5 + fleet.slot[measured]]
    count = len(measured)
    latest = Frame(
        component_id=component["component_id"][measured],
        observed_at=AS_OF * DAY_S - 3600 - draw.below(count, 20 * 3600),
        version=component["version"][measured],
        sha256=digest,
        slot=same("image", count),
        source=sources[fleet.zone[measured] % 3],
    )
    older = np.flatnonzero(fleet.zone[measured] < 2)
    now = fleet.slot[measured[older]]
    # Some of what runs the newest version got it since the summer.
    then = np.where((now == SLOTS - 1) & (np.arange(len(older)) % 4 == 0), 1, now)
    version = fleet.product[measured[older]] * 5 + then
    earlier = Frame(
        component_id=latest["component_id"][older],
        observed_at=days(2026, 7, 14) * DAY_S + draw.below(len(older), DAY_S),
        version=_versions(market)[version],
        sha256=_digests(market)[version],
        slot=same("image", len(older)),
        source=same("fleet scan (second path)", len(older)),
    )
    routers = np.concatenate([fleet.parts[part] for part in ("core_a", "core_b", "regional_a", "regional_b")])
    ids = component["component_id"][routers]
    config = Frame(
        component_id=ids,
        observed_at=AS_OF * DAY_S - 7200 - draw.below(len(ids), 3600),
        version=same(None, len(ids)),
        sha256=texts([sha256(f"{name} configuration".encode("ascii")).digest() for name in ids]),
        slot=same("config", len(ids)),
        source=same("fleet scan (second path)", len(ids)),
    )
    return stack(latest, earlier, config)


def _signal(ids: Column, signal: str, interval_s: int, draw: Draw) -> Frame:
    """Return one signal of each of these components, heard in the last four hours."""
    count = len(ids)
    return Frame(
        component_id=ids,
        signal=same(signal, count),
        last_seen_at=AS_OF * DAY_S - 60 - draw.below(count, 4 * 3600),
        interval_s=np.full(count, interval_s),
        state=same("up", count),
    )


def _monitor(fleet: Fleet, market: Market, ids: Column, draw: Draw) -> Frame:
    """Return table monitor."""
    critical = (fleet.zone >= 0) & (fleet.zone < 3)
    radio = fleet.of(market, "GNB_DU", "GNB_CU")
    return stack(
        _signal(ids[critical | radio], "up", 60, draw),
        _signal(ids[critical], "log", 300, draw),
        _signal(ids[(fleet.zone == 0) | (fleet.zone == 1)], "ids", 300, draw),
    )


def _channel(fleet: Fleet, market: Market, component: Frame) -> Frame:
    """Return table channel: updates for what stands at core sites, centres and hubs, some support."""
    central = np.flatnonzero((fleet.slot >= 0) & ~_cell_parts(fleet) & ~fleet.of(market, "HOST"))
    rows: Ints = np.concatenate([central, central[::3], central[1::5]])
    kinds = ["update"] * len(central) + ["support"] * len(central[::3]) + ["telemetry"] * len(central[1::5])
    country = {supplier.supplier_id: supplier.country for supplier in market.suppliers}
    supplier = component["supplier_id"][rows]
    # Updates come through the operator's own gateway; support people sit at home.
    ends = [country[name] if kind == "support" else "DE" for name, kind in zip(supplier, kinds, strict=True)]
    return Frame(
        channel_id=numbered("CH", len(rows)),
        component_id=component["component_id"][rows],
        supplier_id=supplier,
        kind=texts(kinds),
        ends_in_country=texts(ends),
        controlled_by_operator=same(True, len(rows)),
        recorded=same(True, len(rows)),
    )


def _cell_parts(fleet: Fleet) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return bool[components], whether a component stands at a cell site."""
    at_cell = np.zeros(len(fleet.site), dtype=np.bool_)
    for part in ("csr", "battery", "du", "ru"):
        at_cell[fleet.parts[part]] = True
    return at_cell


def running_frames(fleet: Fleet, market: Market, component: Frame, seed: int) -> Frames:
    """Return tables observation, monitor and channel.

    Args:
        fleet: The components.
        market: Who sells what.
        component: Table component.
        seed: What chance starts from.
    """
    return {
        "observation": _observation(fleet, market, component, Draw(seed, "observation")),
        "monitor": _monitor(fleet, market, component["component_id"], Draw(seed, "monitor")),
        "channel": _channel(fleet, market, component),
    }
