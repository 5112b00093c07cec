"""A made-up timestamp authority: tokens by openssl, and tokens of every kind that openssl does not make."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from asn1crypto import cms as asn1_cms
from asn1crypto import core, parser, tsp
from asn1crypto.x509 import Name
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.unit.integrity.signatures.authority import Holder, holder, signed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FAR = datetime(2090, 1, 1, tzinfo=UTC)
PURPOSE = (ExtendedKeyUsageOID.TIME_STAMPING,)
STAMPED = datetime(2026, 3, 1, 12, tzinfo=UTC)
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


def authority(  # noqa: PLR0913
    name: str,
    issuer: Holder,
    *,
    purposes: Sequence[x509.ObjectIdentifier] = PURPOSE,
    critical: bool = True,
    begin: datetime = LONG_AGO,
    end: datetime = FAR,
    number: int = 0,
) -> Holder:
    """Return a timestamp authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(number or x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage(purposes), critical=critical)
    )
    return Holder(builder.sign(issuer.key, hashes.SHA256()), key)


ROOT = holder("Root of Time", ca=True, begin=LONG_AGO, end=FAR)
CLOCK = authority("Clock of Veldraum", ROOT)
FALSE_ROOT = holder("Root of Time", ca=True, begin=LONG_AGO, end=FAR)
SOON = datetime(2026, 2, 1, tzinfo=UTC)
"""Before the tokens are made."""


def by_openssl(
    folder: Path,
    by: Holder,
    content: bytes,
    *,
    digest: str = "sha256",
    certificate: bool = True,
    bare: bool = False,
) -> bytes:
    """Return a token by `openssl ts`, of the moment at which the test runs."""
    folder.mkdir(exist_ok=True)
    (folder / "signer.pem").write_bytes(by.pem)
    private = by.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "signer.key").write_bytes(private)
    (folder / "content").write_bytes(content)
    (folder / "serial").write_text("01\n")
    (folder / "settings").write_text(
        "[tsa]\ndefault_tsa = one\n[one]\nserial = serial\nsigner_cert = signer.pem\nsigner_key = signer.key\n"
        "signer_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha1, sha256, sha384, sha512\n"
        "ess_cert_id_alg = sha256\n"
    )
    asked = ["-query", "-data", "content", f"-{digest}", "-out", "query", *(["-cert"] if certificate else [])]
    given = ["-reply", "-config", "settings", "-queryfile", "query", "-out", "token"]
    for words in (asked, [*given, *(["-token_out"] if bare else [])]):
        subprocess.run(["openssl", "ts", *words], cwd=folder, check=True, capture_output=True, timeout=60)
    return (folder / "token").read_bytes()


def token(  # noqa: PLR0913
    content: bytes,
    by: Holder = CLOCK,
    *,
    at: datetime = STAMPED,
    digest: str = "sha256",
    seconds: int | None = None,
    status: str = "granted",
    bare: bool = False,
    names: Holder | None = None,
    content_type: str = "tst_info",
    brings: Sequence[Holder] | None = None,
    signers: int = 1,
    by_key_id: bool = False,
) -> bytes:
    """Return a token of any moment, well made unless told otherwise."""
    said: dict[str, Any] = {
        "version": "v1",
        "policy": "1.2.3.4.1",
        "message_imprint": {
            "hash_algorithm": {"algorithm": digest},
            "hashed_message": hashlib.new(digest, content).digest(),
        },
        "serial_number": 1,
        "gen_time": at,
    }
    if seconds is not None:
        said["accuracy"] = {"seconds": seconds}
    inner = tsp.TSTInfo(said).dump()
    named = {
        "hash_algorithm": {"algorithm": "sha256"},
        "cert_hash": hashlib.sha256((names or by).der).digest(),
    }
    attributes = asn1_cms.CMSAttributes(
        [
            {"type": "content_type", "values": [content_type]},
            {"type": "message_digest", "values": [hashlib.sha256(inner).digest()]},
            {"type": "signing_certificate_v2", "values": [{"certs": [named]}]},
        ]
    )
    who = asn1_cms.IssuerAndSerialNumber(
        {
            "issuer": Name.load(by.certificate.issuer.public_bytes()),
            "serial_number": by.certificate.serial_number,
        }
    )
    sid: dict[str, Any] = {"subject_key_identifier": b"x"} if by_key_id else {"issuer_and_serial_number": who}
    info = {
        "version": "v1",
        "sid": asn1_cms.SignerIdentifier(sid),
        "digest_algorithm": {"algorithm": "sha256"},
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signature": signed(by, attributes.dump()),
    }
    whole = {
        "version": "v3",
        "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": {"content_type": content_type, "content": core.ParsableOctetString(inner)},
        "certificates": [
            asn1_cms.CertificateChoices.load(one.der) for one in (brings if brings is not None else [by])
        ],
        "signer_infos": [info] * signers,
    }
    made = asn1_cms.ContentInfo({"content_type": "signed_data", "content": asn1_cms.SignedData(whole)})
    if bare:
        return bytes(made.dump())
    return bytes(tsp.TimeStampResp({"status": {"status": status}, "time_stamp_token": made}).dump())


def revocations(*rows: tuple[Holder, datetime, x509.ReasonFlags | None, datetime | None]) -> bytes:
    """Return a list by `ROOT` of who was revoked when, why, and since when that was suspected."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(ROOT.certificate.subject)
        .last_update(datetime(2026, 10, 1, tzinfo=UTC))
        .next_update(datetime(2027, 1, 1, tzinfo=UTC))
    )
    for one, on, why, suspected in rows:
        row = (
            x509.RevokedCertificateBuilder().serial_number(one.certificate.serial_number).revocation_date(on)
        )
        if why:
            row = row.add_extension(x509.CRLReason(why), critical=False)
        if suspected:
            row = row.add_extension(x509.InvalidityDate(suspected.replace(tzinfo=None)), critical=False)
        builder = builder.add_revoked_certificate(row.build())
    return builder.sign(ROOT.key, hashes.SHA256()).public_bytes(Encoding.PEM)


def stamped_inside(signature: bytes, *tokens: bytes) -> bytes:
    """Return a CMS signature with bare tokens as an unsigned attribute of its first signer."""
    kind = asn1_cms.CMSAttributeType("signature_time_stamp_token").dump()
    values = parser.emit(0, 1, 17, b"".join(tokens))
    attributes = parser.emit(2, 1, 1, parser.emit(0, 1, 16, kind + values))
    return _appended(signature, 4, attributes)  # ContentInfo, [0], SignedData, signerInfos, SignerInfo


def _appended(der: bytes, depth: int, extra: bytes) -> bytes:
    """Return DER with more bytes at the end of the last value that many levels below."""
    kind, method, tag, _, content, _ = parser.parse(der)
    if depth == 0:
        return bytes(parser.emit(kind, method, tag, content + extra))
    at = last = 0
    while at < len(content):
        _, _, _, header, inner, trailer = parser.parse(content[at:])
        last, at = at, at + len(header) + len(inner) + len(trailer)
    return bytes(parser.emit(kind, method, tag, content[:last] + _appended(content[last:], depth - 1, extra)))


def value_of(signature: bytes) -> bytes:
    """Return the signature value of a CMS signature's first signer."""
    value: bytes = asn1_cms.ContentInfo.load(signature)["content"]["signer_infos"][0]["signature"].native
    return value


def now() -> datetime:
    """Return the test's own time, for tokens that openssl makes."""
    return datetime.now(UTC) + timedelta(minutes=1)
