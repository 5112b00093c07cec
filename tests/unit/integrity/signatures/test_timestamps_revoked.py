"""Timestamps and revocation: of the signer by the proven time, of the authority whatever the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from netproof.integrity.signatures import Release, Verdict
from tests.unit.integrity.signatures import stamping
from tests.unit.integrity.signatures.authority import (
    folder,
    revocations,
)
from tests.unit.integrity.signatures.stamped import (
    ROOT,
    SIGNATURE,
    SIGNER,
    only,
    stamp,
)
from tests.unit.integrity.signatures.stamping import CLOCK, STAMPED, token

if TYPE_CHECKING:
    from pathlib import Path


# Revocation of the signer, at the proven time.


def revoked(image: Path, on: datetime, suspected: datetime | None = None) -> Release:
    row = x509.RevokedCertificateBuilder().serial_number(SIGNER.certificate.serial_number).revocation_date(on)
    if suspected:
        row = row.add_extension(x509.InvalidityDate(suspected.replace(tzinfo=None)), critical=False)
    made = datetime(2026, 5, 1, tzinfo=UTC)
    builder = x509.CertificateRevocationListBuilder().issuer_name(ROOT.certificate.subject)
    builder = builder.last_update(made).next_update(made + timedelta(days=30))
    made_list = builder.add_revoked_certificate(row.build()).sign(ROOT.key, hashes.SHA256())
    folder(image.parent / "trust", root__crl=made_list.public_bytes(Encoding.PEM))
    return stamp(image, token(SIGNATURE))


def test_a_revocation_after_the_proven_time_does_not_undo_the_signature(image: Path) -> None:
    assert revoked(image, STAMPED + timedelta(days=1)).verdict is Verdict.VERIFIED


@pytest.mark.parametrize("on", [STAMPED, STAMPED - timedelta(days=1)])
def test_a_revocation_by_the_proven_time_refuses(image: Path, on: datetime) -> None:
    got = revoked(image, on)

    assert got.verdict is Verdict.NOT_VERIFIED
    assert f"was revoked on {on.date()}" in got.reason


def test_a_key_that_is_suspected_from_before_the_proven_time_refuses(image: Path) -> None:
    got = revoked(image, STAMPED + timedelta(days=30), suspected=STAMPED - timedelta(days=3))

    assert got.verdict is Verdict.NOT_VERIFIED
    assert "was revoked on 2026-02-26" in got.reason


def test_a_list_of_after_the_certificates_end_clears_nobody(image: Path) -> None:
    made = datetime(2026, 10, 1, tzinfo=UTC)
    folder(image.parent / "trust", root__crl=revocations(ROOT, made=made))
    got = stamp(image, token(SIGNATURE))

    assert got.verdict is Verdict.VERIFIED
    assert got.missing == ("a revocation list of CN=Root of Kelmaro",)


# Revocation of the authority (RFC 3161 §4).


@pytest.mark.parametrize(
    ("on", "why", "verdict"),
    [
        (STAMPED + timedelta(days=1), x509.ReasonFlags.superseded, Verdict.VERIFIED),
        (STAMPED + timedelta(days=1), x509.ReasonFlags.cessation_of_operation, Verdict.VERIFIED),
        (STAMPED - timedelta(days=1), x509.ReasonFlags.superseded, Verdict.NOT_VERIFIED),
        (STAMPED + timedelta(days=1), x509.ReasonFlags.key_compromise, Verdict.NOT_VERIFIED),
        (STAMPED + timedelta(days=1), None, Verdict.NOT_VERIFIED),
    ],
)
def test_an_authority_whose_key_may_be_stolen_proves_nothing_whenever_it_was_revoked(
    image: Path, on: datetime, why: x509.ReasonFlags | None, verdict: Verdict
) -> None:
    folder(image.parent / "trust" / "timestamps", root__crl=stamping.revocations((CLOCK, on, why, None)))
    got = stamp(image, token(SIGNATURE))

    assert got.verdict is verdict
    assert ("was revoked" in only(got).notes[0]) is (verdict is Verdict.NOT_VERIFIED)


def test_without_a_list_for_the_authority_it_is_said(image: Path) -> None:
    (image.parent / "trust" / "timestamps" / "root.crl").unlink()
    got = stamp(image, token(SIGNATURE))

    assert got.verdict is Verdict.VERIFIED
    assert got.missing == ("a revocation list of CN=Root of Time, for timestamps",)
