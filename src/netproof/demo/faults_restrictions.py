"""What do orders ask that the operator has not answered? Faults for the checks RES-003 to RES-006.

Bans and caps that bind stand in the market with the other orders; `faults_shape` notes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netproof.demo.equipment import days
from netproof.demo.faults import AS_OF

if TYPE_CHECKING:
    from netproof.demo.faults import Ground

BARRED = {"supplier_id": "talwinkel", "function": "FIREWALL"}


def plant_restrictions(ground: Ground) -> None:
    """Plant a bar on what is new, a duty to notify and a ban that comes; note what would be banned."""
    component, restriction = ground.frames["component"], ground.frames["restriction"]
    first_used = component["first_used_on"]
    rows = component.where(**BARRED)
    rows = rows[first_used[rows] <= AS_OF]
    day = int(first_used[rows].max())
    common = {"legal_status": "in_force", "source": "made up for this example"}
    restriction.append(
        restriction_id="R-9",
        regime="Made-up bar on new firewalls",
        effect="bar_new",
        effective_on=day,
        **BARRED,
        **common,
    )
    words = "first used on the day from which an order bars new ones"
    ground.note("RES-003", "fail", ground.named(rows[first_used[rows] >= day]), words)

    hosts = {"supplier_id": "wolkenstieg", "function": "HOST", "effective_on": days(2019, 3, 25)}
    restriction.append(
        restriction_id="R-10", regime="Made-up duty to notify", effect="notify", **hosts, **common
    )
    ground.note("RES-004", "needs_review", ["R-10"], "hosts came into use since a duty to notify began")

    ground.note("RES-005", "needs_review", ["R-3"], "a draft that would ban radio units, if it were law")
    ground.note("RES-005", "needs_review", ["R-4"], "a question: at most a tenth of the access network")

    switches = {"supplier_id": "tarnhollow", "function": "SWITCH", "effective_on": days(2026, 12, 31)}
    restriction.append(
        restriction_id="R-11", regime="Made-up ban to come", effect="ban", **switches, **common
    )
    ground.note(
        "RES-006", "needs_review", ["R-11"], "switches that are banned from the last day of the year on"
    )
