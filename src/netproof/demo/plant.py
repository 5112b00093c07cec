"""What is wrong with a made-up operator, on purpose?

Without these faults every check passes. Each fault touches as few checks as it can, and every finding
that it causes is noted, so that a test can compare what was found with what was planted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netproof.demo.faults import Ground, Planted
from netproof.demo.faults_certificates import plant_certificates
from netproof.demo.faults_documents import plant_documents
from netproof.demo.faults_log import plant_log
from netproof.demo.faults_outages import plant_outages
from netproof.demo.faults_papers import plant_papers
from netproof.demo.faults_records import plant_records
from netproof.demo.faults_restrictions import plant_restrictions
from netproof.demo.faults_running import plant_running
from netproof.demo.faults_shape import plant_shape
from netproof.demo.faults_spread import plant_spread
from netproof.demo.faults_suppliers import plant_suppliers
from netproof.demo.faults_upkeep import plant_upkeep

if TYPE_CHECKING:
    from netproof.demo.equipment import Fleet
    from netproof.demo.frames import Frames
    from netproof.demo.geography import Places
    from netproof.demo.market import Market


def plant(frames: Frames, places: Places, fleet: Fleet, market: Market) -> tuple[Planted, ...]:
    """Plant the faults into the tables; return what the checks must find, by check.

    Args:
        frames: All tables; changed in place.
        places: The sites.
        fleet: The components.
        market: Who sells what.
    """
    ground = Ground(frames, places, market, fleet.parts["csr"])
    plant_papers(ground)
    plant_certificates(ground)
    plant_suppliers(ground)
    plant_running(ground)
    plant_upkeep(ground)
    plant_shape(ground)
    plant_spread(ground)
    plant_restrictions(ground)
    plant_records(ground)
    plant_outages(ground)
    plant_documents(ground)
    plant_log(ground)
    order = {"fail": 0, "no_evidence": 1, "needs_review": 2}
    return tuple(sorted(ground.found, key=lambda item: (item.check, order[item.outcome], item.words)))
