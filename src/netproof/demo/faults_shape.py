"""What is wrong with the network's shape? Faults for the checks RED, DIV and RES.

Some of them are made where the network is: a function at one site, a Land with one supplier and
functions with one supplier stand in `equipment` and in the market, orders in the market; here they are noted.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from netproof.demo.equipment import ONE_SITE, ONE_SUPPLIER_LAND, days
from netproof.demo.network import region

if TYPE_CHECKING:
    from netproof.demo.faults import Ground


def _power(ground: Ground) -> None:
    """Plant components that one power supply can take down, or for which none is recorded."""
    dependency = ground.frames["dependency"]
    single, needed, bare = (ground.named(ground.every(turn)) for turn in (9, 10, 12))
    # All of these have two rows, both of kind powered_by: first the battery, then the grid.
    rows = dependency.among("from_id", single)
    without_grid = rows[len(rows) // 2 :]
    dependency["group_id"][dependency.among("from_id", needed)] = None
    dependency.drop(np.concatenate([without_grid, dependency.among("from_id", bare)]))
    ground.note("RED-002", "fail", single, "a single power feed")
    ground.note("RED-002", "fail", needed, "two power feeds, but both are needed")
    ground.note("RED-002", "no_evidence", bare, "no power feed is recorded")


def _time(ground: Ground) -> None:
    """Plant sites that hang on one clock, or for which none is recorded."""
    component, dependency = ground.frames["component"], ground.frames["dependency"]
    timed = ("ROUTER", "GNB_DU")

    def hit(sites: list[str]) -> list[str]:
        rows = component.among("site_id", sites)
        return ground.named(rows[np.isin(component["function"][rows].astype(str), timed)])

    single, bare = (component["site_id"][ground.every(turn)].tolist() for turn in (13, 14))
    rows = dependency.among("from_id", single)
    dependency.drop(np.concatenate([rows[1::2], dependency.among("from_id", bare)]))
    ground.note("RED-007", "fail", hit(single), "a single clock for the site")
    ground.note("RED-007", "no_evidence", hit(bare), "no clock is recorded for the site")


def _lines(ground: Ground) -> None:
    """Plant a hub with a single line: a cell site that was made one before its second line was built."""
    site, link = ground.frames["site"], ground.frames["link"]
    lines = Counter(
        place
        for a, b in zip(link["a_id"].tolist(), link["b_id"].tolist(), strict=True)
        if (one := a.partition("-")[0]) != (other := b.partition("-")[0])
        for place in (one, other)
    )
    taken = {name.partition("-")[0] for item in ground.found for name in item.subjects}
    for row in site.where(kind="cell_site"):
        name = str(site["site_id"][row])
        if lines[name] == 1 and name not in taken:
            site["kind"][row] = "pop"
            words = "a hub with a line to one other site only"
            ground.note("RED-003", "fail", [name], words)
            ground.note("RED-015", "fail", [name], words)
            return


def _sameness(ground: Ground) -> None:
    """Plant a function with one version everywhere, and note functions and a region with one supplier."""
    component = ground.frames["component"]
    for row in component.where(function="NWDAF"):
        ground.run(int(row), 1, recorded=True)
    ground.note("RED-001", "fail", [ONE_SITE], "all its instances stand at one site")
    ground.note("DIV-001", "fail", ["UPF"], "all from one supplier")
    ground.note("DIV-003", "fail", ["UPF"], "all from one supplier")
    ground.note("DIV-007", "fail", ["UPF"], "all from one supplier")
    ground.note("DIV-001", "fail", ["NWDAF"], "both from one supplier")
    ground.note("DIV-004", "fail", ["NWDAF"], "one product in one version everywhere")
    ground.note("DIV-002", "fail", [region(ONE_SUPPLIER_LAND)], "all radio from one supplier")


def _orders(ground: Ground) -> None:
    """Note the ban that is not obeyed and the cap that is exceeded; both stand in the market."""
    banned = ground.frames["component"].where(supplier_id="tarnhollow_de", function="RAN_MGMT")
    words = "banned since 2026-10-01: the contract names the parent of its supplier"
    ground.note("RES-001", "fail", ground.named(banned), words)
    ground.note("RES-002", "fail", ["R-8"], "more than a quarter of the distributed units in Hessen")


def _past_and_future(ground: Ground) -> None:
    """Add what is no fault on the date: a component that is gone, and one that is to come."""
    component = ground.frames["component"]
    core = component.where(function="ROUTER")[:2]
    gone, coming = (str(component["site_id"][row]) for row in core)
    item = ground.product("tarnhollow-router")
    row = {"function": "ROUTER", "product_id": item.product_id, "supplier_id": item.supplier_id}
    component.append(
        component_id=f"{gone}-ROUTER-9", name="old router", site_id=gone, zone="core", version="R11A01",
        first_used_on=days(2014, 3, 3), retired_on=days(2026, 5, 31), **row,
    )  # fmt: skip
    component.append(
        component_id=f"{coming}-ROUTER-9", name="router to come", site_id=coming, zone="transport",
        version=item.versions[4], first_used_on=days(2027, 2, 1), **row,
    )  # fmt: skip


def plant_shape(ground: Ground) -> None:
    """Plant faults for the checks RED, DIV and RES."""
    _power(ground)
    _time(ground)
    _lines(ground)
    _sameness(ground)
    _orders(ground)
    _past_and_future(ground)
