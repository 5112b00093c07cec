"""What was let slip in operation? Faults for the checks of integrity and monitoring about age and gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netproof.demo.equipment import days
from netproof.demo.faults import DAY_S

if TYPE_CHECKING:
    from netproof.demo.faults import Ground


def _named(ground: Ground, function: str, number: int) -> str:
    """Return the identity of a component with a function."""
    return str(ground.ids[ground.frames["component"].where(function=function)[number]])


def _support(ground: Ground) -> None:
    """Plant products whose support has ended or soon will, and a release that was left behind."""
    component, product, release = (ground.frames[name] for name in ("component", "product", "release"))
    product["end_of_support_on"][product.where(product_id="kelmaro-ran-mgmt")] = days(2026, 6, 30)
    ground.note("INT-005", "fail", ["kelmaro-ran-mgmt"], "support ended on 2026-06-30")
    product["end_of_support_on"][product.where(product_id="wolkenstieg-host")] = days(2027, 6, 30)
    ground.note("INT-006", "needs_review", ["wolkenstieg-host"], "support ends on 2027-06-30")
    first = int(component.where(function="PCF")[0])
    version = ground.run(first, 0, recorded=True)
    old = {"product_id": component["product_id"][first], "version": version}
    release["status"][release.where(**old)] = "superseded"
    behind = ground.named(component.where(**old))
    ground.note("INT-009", "fail", behind, "superseded for more than two years")


def _gaps(ground: Ground) -> None:
    """Plant a measurement of the summer, a base station never measured, and a channel to nowhere known."""
    component, observation, channel = (
        ground.frames[name] for name in ("component", "observation", "channel")
    )
    smf = int(component.where(function="SMF")[0])
    observation["observed_at"][ground.measured(smf)] = days(2026, 8, 20) * DAY_S
    ground.note("INT-007", "no_evidence", [str(ground.ids[smf])], "last measured on 2026-08-20")
    # The first channels for updates reach the core.
    row = channel.where(kind="update")[7]
    channel["ends_in_country"][row] = None
    name = str(channel["channel_id"][row])
    ground.note("INT-010", "no_evidence", [name], "where the far end is, is not recorded")
    station = _named(ground, "GNB_DU", 3)
    observation.drop(observation.where(component_id=station))
    ground.note("INT-011", "no_evidence", [station], "a base station that nobody measured")


def _signals(ground: Ground) -> None:
    """Plant a signal that comes once a day, a single kind of signal, and a base station without any."""
    monitor = ground.frames["monitor"]
    slow = _named(ground, "SCP", 0)
    monitor["interval_s"][monitor.where(component_id=slow)] = 86_400
    ground.note("MON-004", "fail", [slow], "heard once a day")
    alone = _named(ground, "NRF", 0)
    monitor.drop(monitor.where(component_id=alone, signal="ids"))
    ground.note("MON-006", "fail", [alone], "the log is its only security signal")
    station = _named(ground, "GNB_DU", 5)
    monitor.drop(monitor.where(component_id=station))
    ground.note("MON-008", "fail", [station], "a base station that nobody watches")
    # Such a router is the only critical component of its cell site.
    site = ground.frames["component"]["site_id"]
    deaf = site[np.concatenate([ground.every(3), ground.every(4)])].tolist()
    ground.note("MON-007", "fail", deaf, "its only critical component is not watched, or silent")


def plant_upkeep(ground: Ground) -> None:
    """Plant faults for the later checks of INT and MON."""
    _support(ground)
    _gaps(ground)
    _signals(ground)
