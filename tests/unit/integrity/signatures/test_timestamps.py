"""Timestamps (RFC 3161): a proven time counts, every other one does not and a note says why."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from netproof.errors import SourceError
from netproof.integrity.signatures import Release, Signature, Verdict, read_trust, verify
from tests.unit.integrity.signatures import stamping
from tests.unit.integrity.signatures.authority import (
    Holder,
    cms_signature,
    folder,
    holder,
    revocations,
    signed,
)
from tests.unit.integrity.signatures.stamping import CLOCK, STAMPED, needs_openssl, token

if TYPE_CHECKING:
    from pathlib import Path

CONTENT = b"an image of a router"
ROOT = holder("Root of Kelmaro", ca=True, end=datetime(2040, 1, 1, tzinfo=UTC))
SIGNER = holder("Kelmaro Releases", ROOT, end=datetime(2026, 6, 1, tzinfo=UTC))
SIGNATURE = cms_signature(CONTENT, [SIGNER])
LATER = date(2026, 11, 1)
"""The certificate has expired by then."""


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "image.bin"
    path.write_bytes(CONTENT)
    path.with_name("image.bin.cms").write_bytes(SIGNATURE)
    made = datetime(2026, 4, 1, tzinfo=UTC)
    folder(tmp_path / "trust", root__pem=ROOT.pem, root__crl=revocations(ROOT, made=made))
    folder(tmp_path / "trust" / "timestamps", root__pem=stamping.ROOT.pem, root__crl=stamping.revocations())
    return path


def judged(image: Path, at: date = LATER) -> Release:
    return verify([image], at=at, trust=read_trust(image.parent / "trust")).releases[0]


def stamp(image: Path, content: bytes, suffix: str = ".tsr") -> Release:
    image.with_name(f"image.bin.cms{suffix}").write_bytes(content)
    return judged(image)


def only(got: Release) -> Signature:
    (one,) = got.signatures
    return one


@pytest.mark.parametrize(
    ("suffix", "bare"), [(".tsr", False), (".tst", True), (".tsr", True), (".tst", False)]
)
def test_an_expired_certificate_is_judged_for_the_time_that_a_timestamp_proves(
    image: Path, suffix: str, bare: bool
) -> None:
    assert judged(image).verdict is Verdict.NOT_VERIFIED

    got = stamp(image, token(SIGNATURE, bare=bare), suffix)

    assert (got.verdict, got.reason, got.missing) == (Verdict.VERIFIED, "", ())
    assert only(got).proven_at == STAMPED
    (note,) = only(got).notes
    assert note == (
        f"the timestamp {image}.cms{suffix} of Clock of Veldraum proves that it existed by "
        "2026-03-01 12:00:00 UTC, for which it is judged"
    )


def test_a_timestamp_inside_the_signature_counts(image: Path) -> None:
    inside = token(stamping.value_of(SIGNATURE), bare=True)
    image.with_name("image.bin.cms").write_bytes(stamping.stamped_inside(SIGNATURE, inside))
    got = judged(image)

    assert (got.verdict, only(got).proven_at) == (Verdict.VERIFIED, STAMPED)


def test_a_timestamp_inside_is_of_the_signature_value_and_nothing_else(image: Path) -> None:
    inside = token(SIGNATURE, bare=True)
    image.with_name("image.bin.cms").write_bytes(stamping.stamped_inside(SIGNATURE, inside))
    got = judged(image)

    assert (got.verdict, only(got).proven_at) == (Verdict.NOT_VERIFIED, None)
    assert "does not count: it is a timestamp of other bytes" in only(got).notes[0]


def test_37_the_time_that_a_signer_claims_proves_nothing(image: Path) -> None:
    got = judged(image)

    assert (got.verdict, only(got).proven_at) == (Verdict.NOT_VERIFIED, None)
    assert only(got).claimed_on == date(2026, 3, 1)
    assert "is valid from 2026-01-01 to 2026-06-01 only" in got.reason


def test_37_a_supplier_that_is_trusted_for_software_is_not_trusted_for_the_time(image: Path) -> None:
    own = stamping.authority("Clock of Kelmaro", ROOT)
    got = stamp(image, token(SIGNATURE, own))

    assert (got.verdict, only(got).proven_at) == (Verdict.NOT_VERIFIED, None)
    assert "do not lead to a trusted authority" in only(got).notes[0]


def test_who_is_trusted_for_the_time_is_not_trusted_for_software(image: Path) -> None:
    other = holder("Somebody", stamping.ROOT)
    image.with_name("image.bin.cms").write_bytes(cms_signature(CONTENT, [other]))

    assert judged(image).verdict is Verdict.UNKNOWN_SIGNER


_CODE = [ExtendedKeyUsageOID.CODE_SIGNING]
_BOTH = [ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CODE_SIGNING]
_SOON = datetime(2026, 2, 1, tzinfo=UTC)
_FALSE = holder("Root of Time", ca=True, end=stamping.FAR, begin=stamping.LONG_AGO)
REFUSED = {
    "another file": (token(b"other"), "it is a timestamp of other bytes"),
    "sha1": (token(SIGNATURE, digest="sha1"), "its digest is sha1; expected SHA-256, SHA-384 or SHA-512"),
    "future": (
        token(SIGNATURE, at=datetime(2026, 11, 2, tzinfo=UTC)),
        "it is of 2026-11-02 00:00:00 UTC, after the date of judgement",
    ),
    "accuracy reaches the future": (
        token(SIGNATURE, at=datetime(2026, 11, 1, tzinfo=UTC), seconds=90_000),
        "after the date of judgement",
    ),
    "not for time": (
        token(SIGNATURE, stamping.authority("C", stamping.ROOT, purposes=_CODE)),
        "unsuitable certificate purpose",
    ),
    "for more than time": (
        token(SIGNATURE, stamping.authority("C", stamping.ROOT, purposes=_BOTH)),
        "purpose",
    ),
    "purpose not critical": (
        token(SIGNATURE, stamping.authority("C", stamping.ROOT, critical=False)),
        "unsuitable certificate purpose",
    ),
    "expired at its own time": (
        token(SIGNATURE, stamping.authority("C", stamping.ROOT, end=_SOON)),
        "do not lead to a trusted authority at its time: certificate has expired",
    ),
    "not yet valid at its own time": (
        token(SIGNATURE, stamping.authority("C", stamping.ROOT, begin=datetime(2026, 5, 1, tzinfo=UTC))),
        "certificate is not yet valid",
    ),
    "false root of the same name": (
        token(SIGNATURE, stamping.authority("C", _FALSE)),
        "do not lead to a trusted authority",
    ),
    "issued by one who is no CA": (
        token(SIGNATURE, stamping.authority("C", CLOCK), brings=()),
        "neither in it nor in the folder",
    ),
    "by one who is no CA": (
        token(SIGNATURE, below := stamping.authority("C", CLOCK), brings=(below, CLOCK)),
        "do not lead to a trusted authority",
    ),
    "names another certificate": (token(SIGNATURE, names=SIGNER), "it was made for another certificate"),
    "not granted": (token(SIGNATURE, status="rejection"), "did not grant it (rejection)"),
    "no time in it": (token(SIGNATURE, content_type="data"), "something else than a time"),
    "empty": (b"", "it cannot be read"),
    "no ASN.1": (b"abc", "it cannot be read"),
    "too large": (bytes(300_000), "expected at most 200,000 bytes"),
    "another CMS": (SIGNATURE, "something else than a time"),
}


@pytest.mark.parametrize(("content", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_timestamp_that_does_not_hold_is_told_and_counts_for_nothing(
    image: Path, content: bytes, reason: str
) -> None:
    got = stamp(image, content)

    assert (got.verdict, only(got).proven_at) == (Verdict.NOT_VERIFIED, None)
    assert "is valid from 2026-01-01 to 2026-06-01 only" in got.reason
    assert "does not count: " in only(got).notes[0]
    assert reason in only(got).notes[0]


def test_a_timestamp_that_does_not_hold_does_not_spoil_a_signature_that_does(image: Path) -> None:
    folder(image.parent / "trust", root__crl=revocations(ROOT, made=datetime(2026, 4, 1, tzinfo=UTC)))
    image.with_name("image.bin.cms.tsr").write_bytes(token(b"other"))
    got = judged(image, date(2026, 4, 15))

    assert (got.verdict, only(got).proven_at) == (Verdict.VERIFIED, None)
    assert "other bytes" in only(got).notes[0]


def test_of_several_timestamps_the_first_time_counts_and_each_is_told(image: Path) -> None:
    image.with_name("image.bin.cms.tst").write_bytes(token(SIGNATURE, at=STAMPED - timedelta(days=9)))
    got = stamp(image, token(SIGNATURE))

    assert only(got).proven_at == STAMPED - timedelta(days=9)
    assert len(only(got).notes) == 2


def test_the_accuracy_of_a_timestamp_makes_it_later(image: Path) -> None:
    got = stamp(image, token(SIGNATURE, seconds=60))

    assert only(got).proven_at == STAMPED + timedelta(minutes=1)


def test_without_anybody_trusted_for_the_time_it_is_said_what_is_missing(image: Path) -> None:
    for path in (image.parent / "trust" / "timestamps").iterdir():
        path.unlink()
    got = stamp(image, token(SIGNATURE))

    assert (got.verdict, only(got).proven_at) == (Verdict.NOT_VERIFIED, None)
    assert "nobody is trusted for the time" in only(got).notes[0]
    assert got.missing == ("certificates of timestamp authorities (folder `timestamps` in the trust folder)",)


def test_a_token_without_its_certificate_takes_it_from_the_folder(image: Path) -> None:
    bare = token(SIGNATURE, brings=())
    assert stamp(image, bare).verdict is Verdict.NOT_VERIFIED

    folder(image.parent / "trust" / "timestamps", clock__pem=CLOCK.pem)

    assert stamp(image, bare).verdict is Verdict.VERIFIED


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


# The other formats, and the folder.


def test_bare_signatures_and_lists_are_judged_for_the_proven_time_too(image: Path) -> None:
    image.with_name("image.bin.cms").unlink()
    bare = signed(SIGNER, CONTENT)
    folder(image.parent / "trust", signer__pem=SIGNER.pem)
    image.with_name("image.bin.sig").write_bytes(bare)
    assert judged(image).verdict is Verdict.NOT_VERIFIED

    image.with_name("image.bin.sig.tsr").write_bytes(token(bare))
    assert judged(image).verdict is Verdict.VERIFIED

    image.with_name("image.bin.sig").unlink()
    listed = f"{hashlib.sha256(CONTENT).hexdigest()}  image.bin\n".encode()
    over = signed(SIGNER, listed)
    image.with_name("SHA256SUMS").write_bytes(listed)
    image.with_name("SHA256SUMS.sig").write_bytes(over)
    assert judged(image).verdict is Verdict.NOT_VERIFIED

    image.with_name("SHA256SUMS.sig.tsr").write_bytes(token(over))
    got = judged(image)

    assert (got.verdict, only(got).proven_at) == (Verdict.VERIFIED, STAMPED)


def test_the_folder_of_authorities_holds_certificates_and_lists_only(image: Path) -> None:
    trust = image.parent / "trust"
    folder(trust / "timestamps", key__pem=SIGNER.public_pem)
    with pytest.raises(
        SourceError, match="timestamps: expected certificates and revocation lists, got a bare"
    ):
        read_trust(trust)
    for path in (trust / "timestamps").iterdir():
        path.unlink()
    (trust / "timestamps").rmdir()
    (trust / "timestamps").write_bytes(SIGNER.pem)
    with pytest.raises(SourceError, match="timestamps: expected a folder"):
        read_trust(trust)


def test_authorities_are_counted_and_alone_are_nobody_to_trust(image: Path) -> None:
    trust = image.parent / "trust"
    assert read_trust(trust).counts()["timestamping"] == 1

    for path in (trust / "root.pem", trust / "root.crl"):
        path.unlink()
    got = judged(image)

    assert "keys or certificates to trust (--trust)" in got.missing


# Real tokens.


def now_signed(path: Path) -> tuple[bytes, date]:
    """Lay a signature whose certificate ends tomorrow beside a file, and return it and a day in a month."""
    moment = stamping.now()
    short = holder("Short", ROOT, begin=moment - timedelta(days=3), end=moment + timedelta(days=1))
    signature = cms_signature(CONTENT, [short])
    path.with_name("image.bin.cms").write_bytes(signature)
    folder(path.parent / "trust", root__crl=revocations(ROOT, made=moment - timedelta(days=1)))
    (path.parent / "trust" / "timestamps" / "root.crl").unlink()
    return signature, (moment + timedelta(days=30)).date()


@needs_openssl
@pytest.mark.parametrize(
    ("digest", "certificate", "bare"),
    [("sha256", True, False), ("sha512", True, True), ("sha384", False, False)],
)
def test_openssl_tokens_prove_the_time(
    image: Path, tmp_path: Path, digest: str, certificate: bool, bare: bool
) -> None:
    signature, at = now_signed(image)
    folder(image.parent / "trust" / "timestamps", clock__pem=CLOCK.pem)
    assert judged(image, at).verdict is Verdict.NOT_VERIFIED

    made = stamping.by_openssl(
        tmp_path / "tsa", CLOCK, signature, digest=digest, certificate=certificate, bare=bare
    )
    image.with_name("image.bin.cms.tsr").write_bytes(made)
    got = judged(image, at)
    proven = only(got).proven_at

    assert got.verdict is Verdict.VERIFIED
    assert proven is not None
    assert abs(proven - stamping.now()) < timedelta(minutes=10)


@needs_openssl
def test_an_openssl_token_inside_the_signature_proves_the_time(image: Path, tmp_path: Path) -> None:
    signature, at = now_signed(image)
    inside = stamping.by_openssl(tmp_path / "tsa", CLOCK, stamping.value_of(signature), bare=True)
    image.with_name("image.bin.cms").write_bytes(stamping.stamped_inside(signature, inside))

    assert judged(image, at).verdict is Verdict.VERIFIED


@needs_openssl
@pytest.mark.parametrize(
    ("by", "content", "digest", "reason"),
    [
        (CLOCK, b"other", "sha256", "other bytes"),
        (CLOCK, None, "sha1", "its digest is sha1"),
        (stamping.authority("C", _FALSE), None, "sha256", "do not lead to a trusted authority"),
        (stamping.authority("C", stamping.ROOT, end=_SOON), None, "sha256", "certificate has expired"),
    ],
    ids=["other file", "sha1", "not trusted", "expired"],
)
def test_openssl_tokens_that_prove_nothing_are_told(
    image: Path, tmp_path: Path, by: Holder, content: bytes | None, digest: str, reason: str
) -> None:
    signature, at = now_signed(image)
    made = stamping.by_openssl(tmp_path / "tsa", by, content or signature, digest=digest)
    image.with_name("image.bin.cms.tsr").write_bytes(made)
    got = judged(image, at)

    assert (got.verdict, only(got).proven_at) == (Verdict.NOT_VERIFIED, None)
    assert reason in only(got).notes[0]


def test_a_flipped_byte_in_a_token_never_moves_its_time(image: Path) -> None:
    good = token(SIGNATURE)
    times = set()
    for place in range(0, len(good), 5):
        bad = bytearray(good)
        bad[place] ^= 1
        times.add(only(stamp(image, bytes(bad))).proven_at)

    assert times <= {None, STAMPED}
