"""What did nobody write down properly? Faults for the checks DAT: gaps and slips of the inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netproof.demo.frames import UNKNOWN

if TYPE_CHECKING:
    from netproof.demo.faults import Ground


def plant_records(ground: Ground) -> None:
    """Plant faults for the checks DAT."""
    component, site, link = (ground.frames[name] for name in ("component", "site", "link"))
    last = component["site_id"][ground.csr[-1]]
    battery = component.where(function="FACILITY", site_id=last)
    component["site_id"][battery] = None
    ground.note("DAT-001", "no_evidence", ground.named(battery), "where this battery stands is not recorded")
    site["latitude_deg"][-1] = np.nan
    ground.note("DAT-002", "no_evidence", [str(site["site_id"][-1])], "half of the coordinates is missing")
    link["capacity_gbps"][-1] = np.nan
    ground.note("DAT-003", "no_evidence", [str(link["link_id"][-1])], "no capacity is recorded")
    firewall = component.where(product_id="wolkenstieg-firewall")[:1]
    component["first_used_on"][firewall] = UNKNOWN
    ground.note("DAT-004", "no_evidence", ground.named(firewall), "nobody recorded since when it is in use")
    routers = component.where(product_id="zirbelwerk-router")[:2]
    component["serial"][routers] = component["serial"][routers[0]]
    ground.note("DAT-005", "needs_review", ground.named(routers), "two routers with one serial number")
