"""CMS signatures: what holds, and the ways in which they fail (attack 35)."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID

from netproof.integrity.signatures import Release, Verdict, read_trust, verify
from tests.unit.integrity.signatures.authority import (
    AT,
    Holder,
    cms_signature,
    folder,
    holder,
    revocations,
    signed,
)

if TYPE_CHECKING:
    from pathlib import Path

CONTENT = b"an image of a router\n" * 1000
ROOT = holder("Root of Kelmaro", ca=True)
SIGNER = holder("Kelmaro Releases", ROOT)


@dataclass
class Bench:
    """A file, its signature, and a trust folder."""

    path: Path
    trust: Path

    def judged(self, signature: bytes, *, at: date = AT, name: str = "image.bin.cms") -> Release:
        self.path.with_name(name).write_bytes(signature)
        answer = verify([self.path], at=at, trust=read_trust(self.trust))
        return answer.releases[0]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    path = tmp_path / "image.bin"
    path.write_bytes(CONTENT)
    return Bench(path, folder(tmp_path / "trust", root__pem=ROOT.pem, root__crl=revocations(ROOT)))


def test_a_signature_that_leads_to_the_trusted_root_is_verified(bench: Bench) -> None:
    got = bench.judged(cms_signature(CONTENT, [SIGNER]))

    assert (got.verdict, got.reason, got.missing) == (Verdict.VERIFIED, "", ())
    assert got.signatures[0].signer is not None
    assert got.signatures[0].signer.name == "Kelmaro Releases"
    assert got.signatures[0].claimed_on == date(2026, 3, 1)


def test_an_intermediate_certificate_in_the_signature_is_followed(bench: Bench) -> None:
    middle = holder("Issuing CA", ROOT, ca=True)
    leaf = holder("Leaf", middle)
    folder(bench.trust, middle__crl=revocations(middle))
    got = bench.judged(cms_signature(CONTENT, [leaf], certificates=[leaf, middle]))

    assert (got.verdict, got.missing) == (Verdict.VERIFIED, ())


def test_without_a_revocation_list_it_is_said_what_is_missing(bench: Bench) -> None:
    (bench.trust / "root.crl").unlink()
    got = bench.judged(cms_signature(CONTENT, [SIGNER]))

    assert got.verdict is Verdict.VERIFIED
    assert got.missing == ("a revocation list of CN=Root of Kelmaro",)


def test_pem_and_rsa_are_read_too(bench: Bench) -> None:
    leaf = holder("RSA", ROOT, key=rsa.generate_private_key(65537, 2048))
    der = cms_signature(CONTENT, [leaf])
    import base64

    pem = b"-----BEGIN CMS-----\n" + base64.encodebytes(der) + b"-----END CMS-----\n"

    assert bench.judged(pem).verdict is Verdict.VERIFIED


def test_another_file_is_not_verified(bench: Bench) -> None:
    bench.path.write_bytes(CONTENT + b"x")
    got = bench.judged(cms_signature(CONTENT, [SIGNER]))

    assert (got.verdict, got.reason) == (
        Verdict.NOT_VERIFIED,
        "the file is another than the one that was signed",
    )


def test_a_certificate_of_no_known_version_is_refused(bench: Bench) -> None:
    good = cms_signature(CONTENT, [SIGNER])
    version = bytes.fromhex("a003020102")

    assert good.count(version) == 1

    got = bench.judged(good.replace(version, bytes.fromhex("a003020103")))

    assert got.verdict is Verdict.NOT_VERIFIED
    assert "is not a valid X509 version" in got.reason


def test_a_flipped_byte_in_the_signature_never_verifies(bench: Bench) -> None:
    good = cms_signature(CONTENT, [SIGNER])
    verdicts = set()
    for place in range(0, len(good), 7):
        bad = bytearray(good)
        bad[place] ^= 1
        verdicts.add((bench.judged(bytes(bad)).verdict, place))

    # The certificate's serial, say, may change into an unknown signer's; bytes nobody signs may not matter.
    unsigned = {place for verdict, place in verdicts if verdict is Verdict.VERIFIED}
    assert len(unsigned) <= 5, unsigned


@pytest.mark.parametrize(
    ("signer", "reason"),
    [
        (holder("Early", ROOT, end=datetime(2026, 10, 1, tzinfo=UTC)), "valid from 2026-01-01 to 2026-10-01"),
        (holder("Late", ROOT, begin=datetime(2026, 12, 1, tzinfo=UTC)), "valid from 2026-12-01"),
        (holder("Web", ROOT, purposes=[ExtendedKeyUsageOID.SERVER_AUTH]), "not for signing software (EKU)"),
        (holder("Mute", ROOT, purposes=None), "no EKU"),
        (
            holder("Short", ROOT, key=rsa.generate_private_key(65537, 1024)),  # noqa: S505
            "expected RSA of at least 2,048 bits, got 1,024",
        ),
        (holder("Below", SIGNER), "no valid path"),
    ],
    ids=lambda value: value.certificate.subject.rfc4514_string() if isinstance(value, Holder) else "",
)
def test_a_certificate_that_may_not_sign_is_refused(bench: Bench, signer: Holder, reason: str) -> None:
    got = bench.judged(cms_signature(CONTENT, [signer], certificates=[signer, SIGNER]))

    assert got.verdict is Verdict.NOT_VERIFIED
    assert reason in got.reason


def test_an_expired_certificate_is_refused_whatever_time_the_signer_claims(bench: Bench) -> None:
    good = cms_signature(CONTENT, [SIGNER])

    assert bench.judged(good, at=date(2027, 1, 1)).verdict is Verdict.NOT_VERIFIED


def test_a_revoked_certificate_is_refused_from_its_day_on(bench: Bench) -> None:
    folder(bench.trust, root__crl=revocations(ROOT, [SIGNER]))
    good = cms_signature(CONTENT, [SIGNER])

    assert "was revoked on 2026-06-01" in bench.judged(good).reason
    assert bench.judged(good, at=date(2026, 5, 31)).verdict is Verdict.VERIFIED


def test_a_list_that_another_signed_revokes_nobody_and_clears_nobody(bench: Bench) -> None:
    false_root = holder("Root of Kelmaro", ca=True)
    folder(bench.trust, root__crl=revocations(false_root, [SIGNER]))
    got = bench.judged(cms_signature(CONTENT, [SIGNER]))

    assert got.verdict is Verdict.VERIFIED
    assert got.missing == ("a revocation list of CN=Root of Kelmaro",)


def test_an_old_list_does_not_show_that_nobody_was_revoked(bench: Bench) -> None:
    folder(bench.trust, root__crl=revocations(ROOT, made=datetime(2026, 2, 1, tzinfo=UTC)))
    got = bench.judged(cms_signature(CONTENT, [SIGNER]))

    assert got.verdict is Verdict.NOT_VERIFIED
    assert "is of 2026-02-01, too old" in got.reason


def test_nobody_trusted_means_that_the_signer_is_unknown(bench: Bench) -> None:
    for path in bench.trust.iterdir():
        path.unlink()
    got = bench.judged(cms_signature(CONTENT, [SIGNER]))

    assert got.verdict is Verdict.UNKNOWN_SIGNER
    assert "keys or certificates to trust (--trust)" in got.missing


def test_a_false_root_of_the_same_name_is_unknown(bench: Bench) -> None:
    other = holder("Kelmaro Releases", holder("Root of Kelmaro", ca=True))

    assert bench.judged(cms_signature(CONTENT, [other])).verdict is Verdict.UNKNOWN_SIGNER


def test_a_certificate_outside_is_asked_for_and_found_beside(bench: Bench) -> None:
    bare = cms_signature(CONTENT, [SIGNER], certificates=[])

    assert bench.judged(bare).missing == ("the signer's certificate",)
    assert bench.judged(bare).verdict is Verdict.UNKNOWN_SIGNER

    bench.path.with_name("image.bin.cert").write_bytes(SIGNER.pem)

    assert bench.judged(bare).verdict is Verdict.VERIFIED


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ((), "no signed attributes"),
        (("content_type",), "expected one signed attribute message digest, got none"),
        (("message_digest",), "expected one signed attribute content type, got none"),
        (("content_type", "message_digest", "message_digest"), "message digest, got 2"),
    ],
)
def test_signed_attributes_stand_there_exactly_once(
    bench: Bench, attributes: tuple[str, ...], reason: str
) -> None:
    got = bench.judged(cms_signature(CONTENT, [SIGNER], attributes=attributes))

    assert got.verdict is Verdict.NOT_VERIFIED
    assert reason in got.reason


def test_a_signature_made_for_another_certificate_is_refused(bench: Bench) -> None:
    wanted = ("content_type", "message_digest", "signing_certificate_v2")
    other = holder("Kelmaro Releases", ROOT, key=SIGNER.key)
    good = bench.judged(cms_signature(CONTENT, [SIGNER], attributes=wanted))
    bad = bench.judged(cms_signature(CONTENT, [SIGNER], attributes=wanted, names=other))

    assert good.verdict is Verdict.VERIFIED
    assert (bad.verdict, bad.reason) == (Verdict.NOT_VERIFIED, "it was made for another certificate")


PARTIAL = x509.IssuingDistributionPoint(
    full_name=[x509.UniformResourceIdentifier("http://kelmaro.example/crl")],
    relative_name=None,
    only_contains_user_certs=False,
    only_some_reasons=None,
    indirect_crl=False,
    only_contains_attribute_certs=False,
    only_contains_ca_certs=True,
)


@pytest.mark.parametrize("extension", [PARTIAL, x509.DeltaCRLIndicator(3)], ids=["partial", "delta"])
def test_a_list_of_a_part_can_revoke_and_clears_nobody(bench: Bench, extension: x509.ExtensionType) -> None:
    good = cms_signature(CONTENT, [SIGNER])
    folder(bench.trust, root__crl=revocations(ROOT, extensions=[extension]))

    assert bench.judged(good).missing == ("a revocation list of CN=Root of Kelmaro",)

    folder(bench.trust, root__crl=revocations(ROOT, [SIGNER], extensions=[extension]))

    assert "was revoked" in bench.judged(good).reason


def test_a_content_type_of_another_kind_is_refused(bench: Bench) -> None:
    got = bench.judged(cms_signature(CONTENT, [SIGNER], content_type="signed_data"))

    assert got.verdict is Verdict.NOT_VERIFIED
    assert "content type" in got.reason


def test_sha1_is_refused(bench: Bench) -> None:
    got = bench.judged(cms_signature(CONTENT, [SIGNER], algorithm="sha1"))

    assert (got.verdict, got.reason) == (
        Verdict.NOT_VERIFIED,
        "made with sha1, which shows nothing any more",
    )


def test_each_of_two_signers_is_judged(bench: Bench) -> None:
    second = holder("Second", ROOT)
    stranger = holder("Stranger")
    both = bench.judged(cms_signature(CONTENT, [SIGNER, second]))
    mixed = bench.judged(cms_signature(CONTENT, [SIGNER, stranger]))

    assert [one.verdict for one in both.signatures] == [Verdict.VERIFIED] * 2
    assert {one.verdict for one in mixed.signatures} == {Verdict.VERIFIED, Verdict.UNKNOWN_SIGNER}
    assert mixed.verdict is Verdict.VERIFIED


def test_one_bad_signer_is_not_outvoted(bench: Bench) -> None:
    late = holder("Late", ROOT, begin=datetime(2026, 12, 1, tzinfo=UTC))

    assert bench.judged(cms_signature(CONTENT, [SIGNER, late])).verdict is Verdict.NOT_VERIFIED


def test_a_signature_with_content_of_its_own_is_refused(bench: Bench) -> None:
    got = bench.judged(cms_signature(CONTENT, [SIGNER], inside=CONTENT))

    assert got.verdict is Verdict.NOT_VERIFIED
    assert "content of its own" in got.reason


def test_a_pinned_certificate_needs_no_issuer(bench: Bench) -> None:
    alone = holder("Alone")
    folder(bench.trust, alone__pem=alone.pem)

    assert bench.judged(cms_signature(CONTENT, [alone])).verdict is Verdict.VERIFIED
    assert bench.judged(cms_signature(CONTENT, [alone]), at=date(2027, 2, 1)).verdict is Verdict.NOT_VERIFIED


def test_a_pinned_certificate_that_is_no_ca_admits_nobody_else(bench: Bench) -> None:
    alone = holder("Alone")
    folder(bench.trust, alone__pem=alone.pem)
    child = holder("Child", alone)
    got = bench.judged(cms_signature(CONTENT, [child], certificates=[child, alone]))

    assert got.verdict is Verdict.NOT_VERIFIED
    assert "basicConstraints.cA" in got.reason


def test_an_issuer_for_other_purposes_is_refused(bench: Bench) -> None:
    middle = holder("Web CA", ROOT, ca=True, purposes=[ExtendedKeyUsageOID.SERVER_AUTH])
    leaf = holder("Leaf", middle)
    got = bench.judged(cms_signature(CONTENT, [leaf], certificates=[leaf, middle]))

    assert got.verdict is Verdict.NOT_VERIFIED
    assert got.reason == "the issuer CN=Web CA is not for signing software (EKU)"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_and_netproof_agree(bench: Bench, tmp_path: Path) -> None:
    key, cert, sig = tmp_path / "key.pem", tmp_path / "leaf.pem", tmp_path / "image.bin.p7s"
    key.write_bytes(SIGNER.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    cert.write_bytes(SIGNER.pem)
    made = ["openssl", "cms", "-sign", "-binary", "-in", str(bench.path), "-signer", str(cert)]
    subprocess.run(
        [*made, "-inkey", str(key), "-outform", "DER", "-out", str(sig), "-md", "sha384"],
        check=True,
        capture_output=True,
    )

    assert bench.judged(sig.read_bytes(), name=sig.name).verdict is Verdict.VERIFIED
    for signature, content, good in (
        (cms_signature(CONTENT, [SIGNER]), CONTENT, True),
        (cms_signature(CONTENT, [SIGNER]), CONTENT + b"x", False),
        (cms_signature(CONTENT, [holder("Stranger")]), CONTENT, False),
    ):
        sig.write_bytes(signature)
        bench.path.write_bytes(content)
        asked = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", str(sig), "-content"]
        said = subprocess.run(
            [*asked, str(bench.path), "-CAfile", str(bench.trust / "root.pem"), "-purpose", "any",
             "-attime", "1793491200", "-out", str(tmp_path / "out")],
            check=False,
            capture_output=True,
        )  # fmt: skip

        assert (said.returncode == 0) is good
        assert (bench.judged(signature, name=sig.name).verdict is Verdict.VERIFIED) is good


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
@pytest.mark.parametrize(
    ("options", "want"),
    [
        (("-keyopt", "rsa_padding_mode:pss", "-md", "sha512"), "verified"),
        (("-keyid",), "verified"),
        (("-cades",), "verified"),
        (("-nocerts",), "unknown_signer"),
        (("-noattr",), "not_verified"),
        (("-nodetach",), "not_verified"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_what_openssl_makes_is_read(
    bench: Bench, tmp_path: Path, options: tuple[str, ...], want: str
) -> None:
    leaf = holder("RSA", ROOT, key=rsa.generate_private_key(65537, 2048))
    key, cert, sig = tmp_path / "key.pem", tmp_path / "leaf.pem", tmp_path / "image.bin.p7s"
    key.write_bytes(leaf.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    cert.write_bytes(leaf.pem)
    made = ["openssl", "cms", "-sign", "-binary", "-in", str(bench.path), "-signer", str(cert), *options]
    subprocess.run(
        [*made, "-inkey", str(key), "-outform", "PEM", "-out", str(sig)], check=True, capture_output=True
    )

    assert bench.judged(sig.read_bytes(), name=sig.name).verdict == want


def test_the_bytes_of_attributes_are_no_file(bench: Bench) -> None:
    """Attributes of a good signature, presented as a file that was signed without attributes."""
    from asn1crypto import cms

    parsed = cms.ContentInfo.load(cms_signature(CONTENT, [SIGNER]))["content"]
    attributes = parsed["signer_infos"][0]["signed_attrs"].untag().dump()
    bench.path.write_bytes(attributes)
    bare = cms_signature(attributes, [SIGNER], attributes=())

    assert bench.judged(bare).verdict is Verdict.NOT_VERIFIED
    assert signed(SIGNER, attributes)
