"""Was a certificate on the way to the signer revoked, after the lists that were given?

pyHanko asks a list only where the certificate names where lists are to be fetched. A list that lies there is
asked here in any case, an old one too: what it says of the past stays true.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509 import load_der_x509_certificate, load_der_x509_crl

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from asn1crypto import crl, x509


def revoked_on(
    certificates: Sequence[x509.Certificate], lists: Iterable[crl.CertificateList]
) -> tuple[int, datetime] | None:
    """Return which certificate was revoked first by its issuer, and when.

    Args:
        certificates: From the trust anchor to the signer.
        lists: Revocation lists; one that its issuer did not sign is not believed.

    Returns:
        The position, and the time; None: none of them.
    """
    found: list[tuple[datetime, int]] = []
    pairs = list(enumerate(pairwise(certificates), start=1))
    for item in lists:
        for place, (issuer, certificate) in pairs:
            if item.issuer == issuer.subject and _signed_by(item, issuer):
                found += [(when, place) for when in _dates(item, certificate)]
    if not found:
        return None
    when, place = min(found)
    return place, when


def _signed_by(item: crl.CertificateList, issuer: x509.Certificate) -> bool:
    """Return whether a list bears its issuer's signature."""
    try:
        key = load_der_x509_certificate(issuer.dump()).public_key()
        return load_der_x509_crl(item.dump()).is_signature_valid(key)  # type: ignore[arg-type] # it refuses others
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False


def _dates(item: crl.CertificateList, certificate: x509.Certificate) -> list[datetime]:
    """Return when a list says that a certificate was revoked."""
    return [
        row["revocation_date"].native
        for row in item["tbs_cert_list"]["revoked_certificates"] or ()
        if row["user_certificate"].native == certificate.serial_number
    ]
