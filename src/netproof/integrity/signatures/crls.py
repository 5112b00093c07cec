"""Was a certificate revoked, after the lists that were given?

RFC 5280 §5. What any list says that its issuer signed is believed, an old one too: it stays true of the past.
But only a list that is current on the date shows that a certificate was *not* revoked; where there are only
older ones, that is said. A list of after a certificate's end may have dropped it (§3.3) and clears nobody.
An entry counts from the day from which the key is suspected, where it names one (invalidityDate).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509 import (
    CertificateRevocationList,
    CRLReason,
    DeltaCRLIndicator,
    DuplicateExtension,
    ExtensionNotFound,
    InvalidityDate,
    IssuingDistributionPoint,
    KeyUsage,
    ReasonFlags,
    UnrecognizedExtension,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from cryptography.x509 import Certificate, RevokedCertificate

_HASHES = ("sha256", "sha384", "sha512", "sha3-256", "sha3-384", "sha3-512")
_KEY_SAFE = (
    ReasonFlags.unspecified, ReasonFlags.affiliation_changed, ReasonFlags.superseded,
    ReasonFlags.cessation_of_operation,
)  # fmt: skip
"""Reasons for which a timestamp authority's older tokens stay good (RFC 3161 §4)."""


@dataclass(frozen=True, slots=True)
class Revocation:
    """What the lists say of a chain.

    Attributes:
        reason: What speaks against it: somebody was revoked, or the lists are too old; else empty.
        missing: Whose revocation could not be looked up at all.
    """

    reason: str = ""
    missing: tuple[str, ...] = ()


def look_up(
    chain: Sequence[Certificate], lists: Iterable[CertificateRevocationList], moment: datetime
) -> Revocation:
    """Return what revocation lists say of a chain.

    Args:
        chain: From the signer to the trust anchor.
        lists: All that are at hand; one that its issuer did not sign is not believed.
        moment: The time of judgement.
    """
    lists, missing, old = list(lists), [], []
    for certificate, issuer in pairwise(chain):
        own = [found for found in lists if _issued(found, issuer)]
        dates = [found for item in own if (found := _revoked(item, certificate)) is not None]
        name = certificate.subject.rfc4514_string()
        if dates and min(dates) <= moment:
            return Revocation(f"the certificate {name} was revoked on {min(dates).date()}")
        complete = [item for item in own if _complete(item) and _may_list(item, certificate)]
        if not complete:
            missing.append(f"a revocation list of {issuer.subject.rfc4514_string()}")
        elif not any(_current(item, moment) for item in complete):
            newest = max(item.last_update_utc for item in complete)
            old.append(f"the newest revocation list for {name} is of {newest.date()}, too old for the date")
    return Revocation(old[0] if old else "", tuple(dict.fromkeys(missing)))


def look_up_timestamping(
    chain: Sequence[Certificate], lists: Sequence[CertificateRevocationList], made: datetime
) -> Revocation:
    """Return what revocation lists say of a timestamp authority's chain.

    A key that may have been stolen can date tokens back, so that the day of its revocation does not matter.

    Args:
        chain: From the authority to the trust anchor.
        lists: All that are at hand.
        made: When its token says that it was made.

    Source: RFC 3161 §4, items 1 and 2.
    """
    missing = []
    for certificate, issuer in pairwise(chain):
        own = [found for found in lists if _issued(found, issuer)]
        name = certificate.subject.rfc4514_string()
        for item in own:
            row = item.get_revoked_certificate_by_serial_number(certificate.serial_number)
            if row is None:
                continue
            if _reason(row) not in _KEY_SAFE:
                return Revocation(
                    f"the certificate {name} was revoked, for what its key may have been stolen"
                )
            if _since(row) <= made:
                return Revocation(f"the certificate {name} was revoked on {_since(row).date()}")
        if not any(_complete(item) and _may_list(item, certificate) and _current(item, made) for item in own):
            missing.append(f"a revocation list of {issuer.subject.rfc4514_string()}, for timestamps")
    return Revocation("", tuple(dict.fromkeys(missing)))


def _issued(item: CertificateRevocationList, issuer: Certificate) -> bool:
    """Return whether a list bears its issuer's signature."""
    if item.issuer != issuer.subject:
        return False
    try:
        algorithm = item.signature_hash_algorithm
        if algorithm is not None and algorithm.name not in _HASHES:
            return False
        if not _may_sign_lists(issuer):
            return False
        return item.is_signature_valid(issuer.public_key())  # type: ignore[arg-type] # it refuses others
    except (ValueError, TypeError, UnsupportedAlgorithm, DuplicateExtension):
        return False


def _may_sign_lists(issuer: Certificate) -> bool:
    """Return whether a certificate's key may sign lists (RFC 5280 §4.2.1.3); without a word it may."""
    try:
        return issuer.extensions.get_extension_for_class(KeyUsage).value.crl_sign
    except ExtensionNotFound:
        return True


def _revoked(item: CertificateRevocationList, certificate: Certificate) -> datetime | None:
    """Return since when a list says that a certificate was revoked; None: it does not."""
    row = item.get_revoked_certificate_by_serial_number(certificate.serial_number)
    return None if row is None else _since(row)


def _since(row: RevokedCertificate) -> datetime:
    """Return since when an entry of a list counts: its date, or the earlier one of suspicion (§5.3.2)."""
    try:
        suspected = row.extensions.get_extension_for_class(InvalidityDate).value.invalidity_date_utc
    except ExtensionNotFound:
        return row.revocation_date_utc
    return min(row.revocation_date_utc, suspected)


def _reason(row: RevokedCertificate) -> ReasonFlags | None:
    """Return why a certificate was revoked; None: not said."""
    try:
        return row.extensions.get_extension_for_class(CRLReason).value.reason
    except ExtensionNotFound:
        return None


def _may_list(item: CertificateRevocationList, certificate: Certificate) -> bool:
    """Return whether a list would still name a certificate that was revoked."""
    return item.last_update_utc <= certificate.not_valid_after_utc


def _complete(item: CertificateRevocationList) -> bool:
    """Return whether a list is of all that its issuer revoked, as far as its extensions tell."""
    try:
        extensions = item.extensions
    except (ValueError, DuplicateExtension):
        return False
    for extension in extensions:
        value = extension.value
        if isinstance(value, DeltaCRLIndicator):
            return False
        if isinstance(value, IssuingDistributionPoint) and (
            value.indirect_crl
            or value.only_contains_attribute_certs
            or value.only_contains_ca_certs
            or value.only_contains_user_certs
            or value.only_some_reasons
        ):
            return False
        if extension.critical and isinstance(value, UnrecognizedExtension):
            return False
    return True


def _current(item: CertificateRevocationList, moment: datetime) -> bool:
    """Return whether a list reaches to a moment: valid on it, or issued later."""
    return item.last_update_utc > moment or (
        item.next_update_utc is not None and moment <= item.next_update_utc
    )
