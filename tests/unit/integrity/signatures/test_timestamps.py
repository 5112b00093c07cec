"""Timestamps (RFC 3161): a proven time counts, every other one does not and a note says why."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from pysequoia import SignatureMode, Tsk, sign

from netproof.errors import SourceError
from netproof.integrity.signatures import Verdict, read_trust
from tests.unit.integrity.signatures import stamping
from tests.unit.integrity.signatures.authority import (
    cms_signature,
    folder,
    holder,
    revocations,
    signed,
)
from tests.unit.integrity.signatures.stamped import (
    CONTENT,
    ROOT,
    SIGNATURE,
    SIGNER,
    judged,
    only,
    stamp,
)
from tests.unit.integrity.signatures.stamping import CLOCK, STAMPED, token

if TYPE_CHECKING:
    from pathlib import Path


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
        token(SIGNATURE, stamping.authority("C", stamping.ROOT, end=stamping.SOON)),
        "do not lead to a trusted authority at its time: certificate has expired",
    ),
    "not yet valid at its own time": (
        token(SIGNATURE, stamping.authority("C", stamping.ROOT, begin=datetime(2026, 5, 1, tzinfo=UTC))),
        "certificate is not yet valid",
    ),
    "false root of the same name": (
        token(SIGNATURE, stamping.authority("C", stamping.FALSE_ROOT)),
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
    "two signers": (token(SIGNATURE, signers=2), "expected one signer, got 2"),
    "signer by key": (token(SIGNATURE, by_key_id=True), "by a key identifier, which is not read"),
    "two of one number": (
        token(
            SIGNATURE,
            seven := stamping.authority("C", stamping.ROOT, number=7),
            brings=(seven, stamping.authority("C", stamping.ROOT, number=7)),
        ),
        "two certificates of one issuer and number",
    ),
    "many certificates": (token(SIGNATURE, brings=[CLOCK] * 51), "it brings more than 50 certificates"),
    "a rejection without a token": (bytes.fromhex("30053003020102"), "it cannot be read"),
    "granted without a token": (bytes.fromhex("30053003020100"), "it cannot be read"),
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


def test_a_signature_with_too_many_timestamps_inside_is_refused(image: Path) -> None:
    inside = token(stamping.value_of(SIGNATURE), bare=True)
    image.with_name("image.bin.cms").write_bytes(stamping.stamped_inside(SIGNATURE, *[inside] * 11))

    assert "more than 10 timestamps" in judged(image).reason


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


def test_an_openpgp_key_that_has_expired_is_judged_for_the_proven_time(image: Path) -> None:
    key = Tsk.generate("Releases", validity_seconds=30 * 86_400)
    made = sign(key.signer(), CONTENT, mode=SignatureMode.DETACHED)
    image.with_name("image.bin.cms").unlink()
    image.with_name("image.bin.asc").write_bytes(made)
    folder(image.parent / "trust", key__asc=bytes(key.extract_certificate()))
    today = stamping.now()
    at = (today + timedelta(days=90)).date()
    assert "the key expired on" in judged(image, at).reason

    late = token(made, at=today + timedelta(days=40))
    image.with_name("image.bin.asc.tsr").write_bytes(late)
    assert "the key expired on" in judged(image, at).reason

    image.with_name("image.bin.asc.tsr").write_bytes(token(made, at=today))
    assert judged(image, at).verdict is Verdict.VERIFIED


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


def test_a_flipped_byte_in_a_token_never_moves_its_time(image: Path) -> None:
    good = token(SIGNATURE)
    times = set()
    for place in range(0, len(good), 5):
        bad = bytearray(good)
        bad[place] ^= 1
        times.add(only(stamp(image, bytes(bad))).proven_at)

    assert times <= {None, STAMPED}
