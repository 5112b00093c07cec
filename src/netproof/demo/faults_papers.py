"""Which papers are wrong? Faults for the checks of certificates (CERT) and of trust (TRUST)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netproof.demo.equipment import days
from netproof.demo.market import UNCERTIFIED

if TYPE_CHECKING:
    from netproof.demo.faults import Ground

UNDOCUMENTED = ("UDR", "NSSF")
"""Core functions whose products are certified, though no document is admitted for them."""

NO_DOCUMENT = (
    *UNDOCUMENTED, "CHF", "LI", "FIREWALL", "HOST", "DNS", "AAA", "MANO", "EMS", "RAN_MGMT",
)  # fmt: skip
"""All critical functions in the example for which no requirement document is admitted."""


def _certificate(ground: Ground, product_id: str) -> int:
    """Return the position of the certificate of a product that is valid in the baseline."""
    rows = ground.frames["certificate"].where(product_id=product_id, status="valid")
    return int(rows[0])


def _settle(ground: Ground, product_id: str) -> list[str]:
    """Make a product's components older than every deadline; return their identities."""
    component = ground.frames["component"]
    rows = component.where(product_id=product_id)
    component["first_used_on"][rows] = np.minimum(component["first_used_on"][rows], days(2025, 10, 1))
    return ground.named(rows)


def _lapse(ground: Ground) -> None:
    """Plant certificates that do not count: expired, suspended, of another scheme."""
    certificate = ground.frames["certificate"]
    row = _certificate(ground, "kelmaro-n3iwf")
    certificate["issued_on"][row] = days(2024, 10, 1)
    certificate["expires_on"][row] = days(2026, 9, 30)
    ground.note("CERT-001", "fail", _settle(ground, "kelmaro-n3iwf"), "the certificate expired on 2026-09-30")
    row = _certificate(ground, "ostrevan-nwdaf")
    certificate["status"][row] = "suspended"
    ground.note("CERT-001", "fail", _settle(ground, "ostrevan-nwdaf"), "the certificate is suspended")
    row = _certificate(ground, "ostrevan-sepp")
    certificate["scheme"][row] = "CC"
    ground.note("CERT-001", "fail", _settle(ground, "ostrevan-sepp"), "the certificate is of another scheme")


def _update(ground: Ground) -> None:
    """Plant versions that no certificate covers."""
    component = ground.frames["component"]
    amf = int(component.where(product_id="ostrevan-amf")[0])
    component["first_used_on"][amf] = days(2023, 5, 8)
    version = ground.run(amf, UNCERTIFIED, recorded=True)
    words = f"updated to {version}, which the certificate does not cover"
    ground.note("CERT-001", "fail", ground.named(np.array([amf])), words)
    upf = int(component.where(function="UPF")[-1])
    component["first_used_on"][upf] = days(2024, 2, 12)
    version = ground.run(upf, UNCERTIFIED, recorded=False)
    words = f"{version} runs, which nobody recorded and no certificate covers"
    ground.note("CERT-001", "fail", ground.named(np.array([upf])), words)
    ground.note("INT-002", "fail", ground.named(np.array([upf])), words)


def _documents(ground: Ground) -> None:
    """Plant certificates whose documents are not admitted, and note functions that have none."""
    component, certificate = ground.frames["component"], ground.frames["certificate"]
    row = _certificate(ground, "kelmaro-nef")
    certificate["requirement_documents"][row] = "TS 33.117"
    rows = component.where(product_id="kelmaro-nef")
    ground.note("CERT-002", "fail", ground.named(rows), "certified against the general document only")
    for function in UNDOCUMENTED:
        rows = component.where(function=function)
        ground.note(
            "CERT-002", "needs_review", ground.named(rows), "no document is admitted for this function"
        )
    rows = component.where(function="CHF")
    words = "not certified, and no document is admitted for this function"
    ground.note("CERT-001", "needs_review", ground.named(rows), words)
    words = "no requirement document is admitted for these functions"
    ground.note("CERT-004", "needs_review", list(NO_DOCUMENT), words)


def _dates(ground: Ground) -> None:
    """Plant a certificate that ends soon, and one that came too late."""
    component, certificate = ground.frames["component"], ground.frames["certificate"]
    row = _certificate(ground, "kelmaro-scp")
    certificate["issued_on"][row] = days(2025, 2, 1)
    certificate["expires_on"][row] = days(2027, 1, 31)
    name = str(certificate["certificate_id"][row])
    ground.note("CERT-003", "needs_review", [name], "the certificate ends on 2027-01-31")
    row = _certificate(ground, "zirbelwerk-ims")
    certificate["issued_on"][row] = days(2026, 5, 18)
    certificate["expires_on"][row] = days(2028, 5, 17)
    _settle(ground, "zirbelwerk-ims")
    late = component.where(product_id="zirbelwerk-ims")[:1]
    component["first_used_on"][late] = days(2026, 3, 9)
    words = "in use since 2026-03-09, certified on 2026-05-18"
    ground.note("CERT-005", "fail", ground.named(late), words)


def _unknown(ground: Ground) -> None:
    """Plant components of which nobody says what they do, or who delivered them."""
    component = ground.frames["component"]
    site = component["site_id"][ground.csr[11]]
    row = {"site_id": site, "supplier_id": "ampelmoor", "first_used_on": days(2022, 4, 4)}
    component.append(component_id=f"{site}-X-1", name="grey box beside the rack", **row)
    ground.note("CERT-006", "no_evidence", [f"{site}-X-1"], "nobody recorded what it does")
    component.append(component_id=f"{site}-X-2", name="box with four lamps", function="OTHER", **row)
    ground.note("CERT-006", "needs_review", [f"{site}-X-2"], "its function is recorded as OTHER")
    dns = component.where(function="DNS")[:1]
    component["product_id"][dns] = None
    component["supplier_id"][dns] = None
    words = "neither product nor supplier is recorded"
    for check in ("TRUST-005", "INT-001", "INT-002", "INT-003", "RES-001"):
        ground.note(check, "no_evidence", ground.named(dns), words)
    ground.note("DIV-001", "no_evidence", ["DNS"], "the maker of one of two is not recorded")


def _declarations(ground: Ground) -> None:
    """Plant declarations that are missing, ended, unverified or incomplete."""
    declaration, commitment = ground.frames["declaration"], ground.frames["commitment"]
    declaration.drop(declaration.where(supplier_id="wolkenstieg"))
    commitment.drop(commitment.where(declaration_id="D-wolkenstieg"))
    ground.note("TRUST-001", "fail", ["wolkenstieg"], "no declaration")
    row = declaration.where(supplier_id="talwinkel")
    declaration["signed_on"][row] = days(2023, 9, 1)
    declaration["valid_to"][row] = days(2026, 8, 31)
    ground.note("TRUST-002", "fail", ["talwinkel"], "the declaration ended on 2026-08-31")
    commitment.drop(commitment.where(declaration_id="D-ostrevan", clause="security_tests"))
    ground.note("TRUST-003", "fail", ["ostrevan"], "the declaration leaves out security tests")
    commitment.drop(commitment.where(declaration_id="D-zirbelwerk", clause="lapse_notice"))
    words = "the declaration leaves out notice of a lapse, a clause that is remembered only"
    ground.note("TRUST-003", "needs_review", ["zirbelwerk"], words)
    declaration["signature"][declaration.where(supplier_id="perlgrund")] = "unverified"
    ground.note("TRUST-004", "no_evidence", ["kelmaro"], "the signature of a sub-supplier is not verified")
    sub = ground.frames["sub_supplier"]
    sub.drop(sub.where(supplier_id="talwinkel"))
    ground.note("TRUST-004", "needs_review", ["talwinkel"], "no sub-supplier is recorded")


def plant_papers(ground: Ground) -> None:
    """Plant faults for the checks CERT and TRUST."""
    _lapse(ground)
    _update(ground)
    _documents(ground)
    _dates(ground)
    _unknown(ground)
    _declarations(ground)
