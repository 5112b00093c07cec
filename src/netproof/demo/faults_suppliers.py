"""What is wrong with the operator's view of its suppliers? Faults for TRUST-006 to TRUST-012, and DAT-006."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netproof.demo.equipment import days

if TYPE_CHECKING:
    from netproof.demo.faults import Ground


def _declarations(ground: Ground) -> None:
    """Plant a declaration that is old, and one that came after the first use."""
    component, declaration = ground.frames["component"], ground.frames["declaration"]
    declaration["signed_on"][declaration.where(supplier_id="tarnhollow")] = days(2022, 3, 1)
    ground.note("TRUST-006", "needs_review", ["tarnhollow"], "the declaration was signed on 2022-03-01")
    declaration["signed_on"][declaration.where(supplier_id="kelmaro")] = days(2026, 2, 2)
    component["first_used_on"][component.where(product_id="kelmaro-ems")[0]] = days(2026, 1, 15)
    ground.note("TRUST-007", "fail", ["kelmaro"], "signed after an element manager was first used")


def _assessments(ground: Ground) -> None:
    """Plant assessments that are missing, old, or ask for a decision."""
    factor = ground.frames["supplier_factor"]
    factor.drop(factor.where(supplier_id="talwinkel", factor="home_law"))
    ground.note("TRUST-009", "no_evidence", ["talwinkel"], "one risk factor was never assessed")
    factor["stated_on"][factor.where(supplier_id="wolkenstieg")] = days(2024, 2, 5)
    ground.note("TRUST-010", "needs_review", ["wolkenstieg"], "last assessed on 2024-02-05")
    factor["rating"][factor.where(supplier_id="kelmaro", factor="supply_assurance")] = "high"
    ground.note("TRUST-011", "needs_review", ["kelmaro"], "assurance of supply is rated high")


def plant_suppliers(ground: Ground) -> None:
    """Plant faults for the checks TRUST-006 to TRUST-012, and DAT-006."""
    _declarations(ground)
    _assessments(ground)
    supplier, sub = ground.frames["supplier"], ground.frames["sub_supplier"]
    for one, other in (("quarzmund", "perlgrund"), ("perlgrund", "quarzmund")):
        sub.append(supplier_id=one, sub_supplier_id=other, delivers="parts of its products")
    words = "two sub-suppliers who deliver to each other"
    ground.note("TRUST-012", "needs_review", ["perlgrund", "quarzmund"], words)
    for one, other in (("trassenkontor", "lichtgraben"), ("lichtgraben", "trassenkontor")):
        supplier["parent_id"][supplier.where(supplier_id=one)] = other
    words = "two providers of lines who are said to control each other"
    ground.note("DAT-006", "needs_review", ["lichtgraben", "trassenkontor"], words)
    supplier["lei"][supplier.where(supplier_id="zirbelwerk")] = None
    ground.note("TRUST-008", "no_evidence", ["zirbelwerk"], "no legal entity identifier is recorded")
