"""An authority, those whom it certified, and documents that they signed; made once for all tests."""

from __future__ import annotations

from datetime import date

from netproof.sources.documents.signature import read_trust
from tests.unit.sources.signing import cms_signature, identity, signed_pdf

AS_OF = date(2026, 11, 1)
CA = identity("Authority")
SUPPLIER = identity("Supplier", CA)
ENDED = identity("Ended", CA, end=date(2025, 12, 31))
STAMP = identity("Stamp", CA, stamping=True)
STRANGER = identity("Stranger", identity("Other authority"))
TRUST = read_trust([("ca.pem", CA.pem)])
TEXT = b"declares"
PDF = signed_pdf(SUPPLIER)
CMS = cms_signature(SUPPLIER, TEXT)
