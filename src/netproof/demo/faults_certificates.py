"""Which certificate records are wrong? Faults for the checks of certificates from CERT-007 on.

The records that are added are archived ones, or stand beside a good certificate of the same product,
so that they touch no component.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netproof.demo.equipment import days
from netproof.demo.frames import UNKNOWN

if TYPE_CHECKING:
    from netproof.demo.faults import Ground


def _beside(ground: Ground, product_id: str, word: str, **values: object) -> str:
    """Add a certificate like the valid one of a product; return its identity."""
    certificate = ground.frames["certificate"]
    row = int(certificate.where(product_id=product_id, status="valid")[0])
    name = f"MADE-UP-{word}-0001"
    like = {column: certificate[column][row] for column in certificate.columns}
    certificate.append(**{**like, "certificate_id": name, **values})
    return name


def _records(ground: Ground) -> None:
    """Plant records that are incomplete or contradict themselves."""
    name = _beside(
        ground, "zirbelwerk-switch", "LONG", status="archived",
        issued_on=days(2022, 1, 10), expires_on=days(2025, 1, 9),
    )  # fmt: skip
    ground.note("CERT-007", "fail", [name], "runs three years, the scheme allows two")
    name = _beside(ground, "kelmaro-smf", "OPEN", status="archived", expires_on=UNKNOWN)
    ground.note("CERT-008", "no_evidence", [name], "its last valid day is not recorded")
    versions = ground.product("kelmaro-ausf").versions
    swapped = {"version_from": versions[2], "version_to": versions[0]}
    name = _beside(ground, "kelmaro-ausf", "SWAPPED", status="archived", **swapped)
    ground.note("CERT-009", "fail", [name], "its versions run backwards")
    name = _beside(ground, "kelmaro-udm", "BARE", requirement_documents=None)
    ground.note("CERT-010", "no_evidence", [name], "names no requirement document")


def _early(ground: Ground) -> None:
    """Plant a certificate that is older than the admission of its document."""
    dates = {"issued_on": days(2024, 3, 4), "expires_on": days(2029, 3, 3)}
    name = _beside(ground, "kelmaro-pcf", "EARLY", scheme="EUCC", **dates)
    ground.note("CERT-017", "needs_review", [name], "issued before TS 33.528 was admitted on 2024-06-01")
    ground.note("CERT-015", "needs_review", [name], "of a scheme that is not asked for")


def _known_faults(ground: Ground) -> None:
    """Note what else is wrong with the certificates of `faults_papers`."""
    certificate = ground.frames["certificate"]
    row = int(certificate.where(product_id="ostrevan-sepp", scheme="CC")[0])
    certificate["issued_on"][row] = days(2026, 3, 16)
    certificate["expires_on"][row] = days(2028, 3, 15)
    name = str(certificate["certificate_id"][row])
    ground.note("CERT-011", "fail", [name], "a national certificate that came too late")
    ground.note("CERT-015", "needs_review", [name], "of a scheme that is not asked for")
    row = int(certificate.where(status="suspended")[0])
    name = str(certificate["certificate_id"][row])
    ground.note("CERT-012", "needs_review", [name], "suspended while the product is in use")
    row = int(certificate.where(product_id="kelmaro-scp", status="valid")[0])
    name = str(certificate["certificate_id"][row])
    ground.note("CERT-013", "needs_review", [name], "ends before the next audit")


def plant_certificates(ground: Ground) -> None:
    """Plant faults for the checks CERT-007 to CERT-017, but CERT-016: no deadline is near on the date."""
    _records(ground)
    _early(ground)
    _known_faults(ground)
    product = ground.frames["product"]
    product["function"][product.where(product_id="talwinkel-aaa")] = "DNS"
    rows = ground.frames["component"].where(product_id="talwinkel-aaa")
    ground.note("CERT-014", "needs_review", ground.named(rows), "a name server that runs as an access server")
