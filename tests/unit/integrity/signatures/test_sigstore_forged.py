"""Sigstore bundles that were forged, mixed or never well made do not hold, and the reason says why."""

from __future__ import annotations

import base64
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from netproof.integrity.signatures import Verdict
from tests.unit.integrity.signatures import fulcio
from tests.unit.integrity.signatures.fulcio import ISSUER, NOW, SAN, of_file, packed
from tests.unit.integrity.signatures.sigstore_desk import CONTENT, Bundle, Desk, changed, needs_library

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def unsigned_checkpoint(_bundle: Bundle, entry: Bundle) -> None:
    proof = entry["inclusionProof"]
    text = proof["checkpoint"]["envelope"].partition("\n\n")[0]
    proof["checkpoint"]["envelope"] = f"{text}\n"


def checkpoint_of_another_log(_bundle: Bundle, entry: Bundle) -> None:
    proof = entry["inclusionProof"]
    root = base64.b64decode(proof["rootHash"])
    proof["checkpoint"]["envelope"] = fulcio.checkpoint(2, root, fulcio.new_log(), fulcio.SIGNATURES)


def checkpoint_of_another_size(_bundle: Bundle, entry: Bundle) -> None:
    proof = entry["inclusionProof"]
    root = base64.b64decode(proof["rootHash"])
    proof["checkpoint"]["envelope"] = fulcio.checkpoint(3, root)


def checkpoint_of_another_tree(_bundle: Bundle, entry: Bundle) -> None:
    entry["inclusionProof"]["checkpoint"]["envelope"] = fulcio.checkpoint(2, bytes(32))


def another_path(_bundle: Bundle, entry: Bundle) -> None:
    entry["inclusionProof"]["hashes"] = [fulcio.b64(bytes(32))]


def another_place(_bundle: Bundle, entry: Bundle) -> None:
    entry["inclusionProof"]["logIndex"] = "0"


def no_checkpoint(_bundle: Bundle, entry: Bundle) -> None:
    del entry["inclusionProof"]["checkpoint"]


def another_log(_bundle: Bundle, entry: Bundle) -> None:
    entry["logId"] = {"keyId": fulcio.b64(bytes(32))}


def no_proof(_bundle: Bundle, entry: Bundle) -> None:
    del entry["inclusionProof"]


@needs_library
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (unsigned_checkpoint, "expected a text, an empty line and signature lines"),
        (checkpoint_of_another_log, "checkpoint: invalid signature"),
        (checkpoint_of_another_size, "expected the size and root of the inclusion proof"),
        (checkpoint_of_another_tree, "expected the size and root of the inclusion proof"),
        (another_path, "inclusion proof: expected root"),
        (another_place, "inclusion proof: expected root"),
        (no_checkpoint, "got one without 'checkpoint'"),
        (another_log, "its log is none that the trusted root names for its time"),
        (no_proof, "got one without 'inclusionProof'"),
    ],
)
def test_15_a_log_entry_without_a_true_path_to_a_signed_checkpoint_is_refused(
    desk: Desk, change: Callable[[Bundle, Bundle], None], reason: str
) -> None:
    release = desk.release(changed(of_file(CONTENT), change))

    assert release.verdict == Verdict.NOT_VERIFIED
    assert reason in release.reason


def no_promise(_bundle: Bundle, entry: Bundle) -> None:
    del entry["inclusionPromise"]


def another_time(_bundle: Bundle, entry: Bundle) -> None:
    entry["integratedTime"] = str(int(entry["integratedTime"]) + 1)


@needs_library
@pytest.mark.parametrize(
    ("change", "reason"),
    [(no_promise, "nothing in it proves a time"), (another_time, "SET: invalid inclusion promise")],
)
def test_37_a_time_that_the_log_does_not_sign_proves_nothing(
    desk: Desk, change: Callable[[Bundle, Bundle], None], reason: str
) -> None:
    release = desk.release(changed(of_file(CONTENT), change))

    assert release.verdict == Verdict.NOT_VERIFIED
    assert reason in release.reason


@needs_library
def test_a_time_after_the_date_of_judgement_is_refused(desk: Desk) -> None:
    release = desk.release(of_file(CONTENT), at=date(2026, 3, 1))

    assert release.verdict == Verdict.NOT_VERIFIED
    assert release.reason == "its time is 2026-03-02 10:00 UTC, after the date of judgement"


OTHERS: dict[str, tuple[Callable[[], Bundle], str]] = {
    "another file": (lambda: of_file(b"another image"), "Bundle message digest mismatch"),
    "another authority": (lambda: of_file(CONTENT, authority=fulcio.new_authority()), "certificate chain"),
    "another log of certificates": (lambda: of_file(CONTENT, certificates=fulcio.new_log()), "SCT"),
    "another log of signatures": (lambda: of_file(CONTENT, log=fulcio.new_log()), "its log is none"),
    "after the certificate": (lambda: of_file(CONTENT, at=NOW + timedelta(minutes=20)), "not valid"),
    "signature of another bundle": (
        lambda: {**of_file(CONTENT), "messageSignature": of_file(CONTENT)["messageSignature"]},
        "Signature is invalid for input",
    ),
    "entry of another bundle": (
        lambda: {
            **(one := of_file(CONTENT)),
            "verificationMaterial": {
                **one["verificationMaterial"],
                "tlogEntries": of_file(CONTENT)["verificationMaterial"]["tlogEntries"],
            },
        },
        "transparency log entry is inconsistent",
    ),
}


@needs_library
@pytest.mark.parametrize("case", OTHERS)
def test_a_bundle_of_which_a_part_is_of_somebody_else_does_not_hold(desk: Desk, case: str) -> None:
    make, reason = OTHERS[case]

    release = desk.release(make())

    assert release.verdict == Verdict.NOT_VERIFIED
    assert reason in release.reason


def two_entries(bundle: Bundle, _entry: Bundle) -> None:
    bundle["verificationMaterial"]["tlogEntries"] *= 2


def two_kinds(bundle: Bundle, _entry: Bundle) -> None:
    bundle["dsseEnvelope"] = {}


def a_bare_key(bundle: Bundle, _entry: Bundle) -> None:
    bundle["verificationMaterial"]["publicKey"] = {"hint": "x"}
    del bundle["verificationMaterial"]["certificate"]


def no_certificate(bundle: Bundle, _entry: Bundle) -> None:
    bundle["verificationMaterial"]["certificate"]["rawBytes"] = "AAAA"


def loose_base64(bundle: Bundle, _entry: Bundle) -> None:
    bundle["messageSignature"]["signature"] += "!"


def a_time_beyond_calendars(_bundle: Bundle, entry: Bundle) -> None:
    entry["integratedTime"] = "9" * 18


def a_token_that_is_none(bundle: Bundle, _entry: Bundle) -> None:
    tokens = [{"signedTimestamp": "AAAA"}]
    bundle["verificationMaterial"]["timestampVerificationData"] = {"rfc3161Timestamps": tokens}


def too_many_tokens(bundle: Bundle, _entry: Bundle) -> None:
    tokens = [{"signedTimestamp": "AAAA"}] * 33
    bundle["verificationMaterial"]["timestampVerificationData"] = {"rfc3161Timestamps": tokens}


def lists_for_objects(bundle: Bundle, _entry: Bundle) -> None:
    bundle["verificationMaterial"] = []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (two_entries, "2 log entries"),
        (two_kinds, "not one signature"),
        (a_bare_key, "a key in place of a certificate"),
        (no_certificate, "expected a Sigstore bundle, got: error parsing"),
        (loose_base64, "signature: expected"),
        (a_time_beyond_calendars, "expected a Sigstore bundle"),
        (a_token_that_is_none, "ASN.1"),
        (too_many_tokens, "33 timestamps"),
        (lists_for_objects, "expected a Sigstore bundle"),
    ],
)
def test_a_malformed_bundle_is_refused_and_says_why(
    desk: Desk, change: Callable[[Bundle, Bundle], None], reason: str
) -> None:
    release = desk.release(changed(of_file(CONTENT), change))

    assert release.verdict == Verdict.NOT_VERIFIED
    assert reason in release.reason


HOSTILE = {
    "cut": (packed(of_file(CONTENT))[:-40], "expected well-formed text"),
    "twice": (b'{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","a":1,"a":2}', "key"),
    "a word": (b'{"x":{"mediaType":"application/vnd.dev.sigstore.bundle"}}', "verificationMaterial"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_json_that_is_no_bundle_is_refused(desk: Desk, case: str) -> None:
    content, reason = HOSTILE[case]

    release = desk.release(content)

    assert (release.verdict, release.signatures[0].format) == (Verdict.NOT_VERIFIED, "sigstore")
    assert "expected a Sigstore bundle" in release.reason or reason in release.reason


@needs_library
def test_what_only_the_library_reads_is_refused_as_well(tmp_path: Path) -> None:
    def unknown_version(bundle: Bundle, _entry: Bundle) -> None:
        bundle["mediaType"] = "application/vnd.dev.sigstore.bundle.v9+json"

    def unknown_field(bundle: Bundle, _entry: Bundle) -> None:
        bundle["verificationMaterial"]["other"] = 1

    got = []
    for number, change in enumerate((unknown_version, unknown_field)):
        (tmp_path / str(number)).mkdir()
        release = Desk(tmp_path / str(number)).release(changed(of_file(CONTENT), change))
        got.append((release.verdict, release.reason[:17]))

    assert got == [(Verdict.NOT_VERIFIED, "it does not hold:")] * 2


@needs_library
def test_a_certificate_with_a_key_that_sigstore_does_not_use_is_refused(desk: Desk) -> None:
    other = fulcio.leaf(ed25519.Ed25519PrivateKey.generate())

    def another_key(bundle: Bundle, _entry: Bundle) -> None:
        bundle["verificationMaterial"]["certificate"]["rawBytes"] = fulcio.b64(fulcio.der(other))

    release = desk.release(changed(of_file(CONTENT), another_key))

    assert release.verdict == Verdict.NOT_VERIFIED
    assert release.reason == "it does not hold: a certificate whose key is not ECDSA"


@needs_library
def test_a_certificate_without_a_name_is_of_nobody() -> None:
    from netproof.integrity.signatures import sigstore_library
    from netproof.integrity.signatures.sigstore_trust import Identity

    bare = fulcio.leaf(ec.generate_private_key(ec.SECP256R1()), named=False)

    assert sigstore_library.name_of(bare) == "(a name that cannot be read)"
    with pytest.raises(ValueError, match=r"No .* extension"):
        sigstore_library.is_one_of(bare, [Identity(SAN, ISSUER)])
