"""A made-up certificate authority, its signers and revocation lists, and CMS signatures of every kind."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from asn1crypto import cms as asn1_cms
from asn1crypto import core
from asn1crypto.x509 import Name
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

AT = date(2026, 11, 1)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2027, 1, 1, tzinfo=UTC)
SIGNING = (ExtendedKeyUsageOID.CODE_SIGNING,)
Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class Holder:
    """A certificate and its key."""

    def __init__(self, certificate: x509.Certificate, key: Private) -> None:
        self.certificate = certificate
        self.key = key

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def public_pem(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def holder(  # noqa: PLR0913
    name: str,
    issuer: Holder | None = None,
    *,
    ca: bool = False,
    begin: datetime = BEGIN,
    end: datetime = END,
    purposes: Sequence[x509.ObjectIdentifier] | None = SIGNING,
    key: Private | None = None,
) -> Holder:
    """Return a new certificate, by an issuer or by itself."""
    own = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
        .add_extension(_usage(ca=ca), critical=True)
    )
    if issuer:
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
        builder = builder.add_extension(above, critical=False)
    if purposes is not None and (not ca or purposes is not SIGNING):
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    return Holder(builder.sign((issuer.key if issuer else own), hashes.SHA256()), own)


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


def revocations(
    issuer: Holder,
    revoked: Sequence[Holder] = (),
    *,
    on: datetime = datetime(2026, 6, 1, tzinfo=UTC),
    made: datetime = datetime(2026, 10, 20, tzinfo=UTC),
    days: int = 30,
    extensions: Sequence[x509.ExtensionType] = (),
) -> bytes:
    """Return a revocation list in PEM."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(made)
        .next_update(made + timedelta(days=days))
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=True)
    for one in revoked:
        row = x509.RevokedCertificateBuilder().serial_number(one.certificate.serial_number)
        builder = builder.add_revoked_certificate(row.revocation_date(on).build())
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.PEM)


def signed(holder_: Holder, content: bytes, algorithm: str = "sha256") -> bytes:
    """Return a bare signature."""
    made = {"sha256": hashes.SHA256(), "sha1": hashes.SHA1(), "sha384": hashes.SHA384()}[algorithm]  # noqa: S303 - to be refused
    if isinstance(holder_.key, rsa.RSAPrivateKey):
        return holder_.key.sign(content, padding.PKCS1v15(), made)
    return holder_.key.sign(content, ec.ECDSA(made))


def cms_signature(  # noqa: PLR0913
    content: bytes,
    signers: Sequence[Holder],
    *,
    algorithm: str = "sha256",
    attributes: Sequence[str] = ("content_type", "message_digest", "signing_time"),
    certificates: Sequence[Holder] | None = None,
    inside: bytes | None = None,
    content_type: str = "data",
    names: Holder | None = None,
) -> bytes:
    """Return a CMS signature in DER, well made unless told otherwise."""
    enclosed = signers if certificates is None else certificates
    infos = [_info(content, one, algorithm, attributes, content_type, (names or one).der) for one in signers]
    encapsulated: dict[str, Any] = {"content_type": "data"}
    if inside is not None:
        encapsulated["content"] = inside
    data = {
        "version": "v1",
        "digest_algorithms": [{"algorithm": algorithm}],
        "encap_content_info": encapsulated,
        "certificates": [asn1_cms.CertificateChoices.load(one.der) for one in enclosed],
        "signer_infos": infos,
    }
    parsed = asn1_cms.SignedData(data)
    return bytes(asn1_cms.ContentInfo({"content_type": "signed_data", "content": parsed}).dump())


def _info(
    content: bytes, one: Holder, algorithm: str, attributes: Sequence[str], content_type: str, names: bytes
) -> asn1_cms.SignerInfo:
    named = {"hash_algorithm": {"algorithm": "sha256"}, "cert_hash": hashlib.sha256(names).digest()}
    values: dict[str, Any] = {
        "signing_certificate_v2": {"certs": [named]},
        "content_type": content_type,
        "message_digest": hashlib.new(algorithm, content).digest(),
        "signing_time": asn1_cms.Time({"utc_time": datetime(2026, 3, 1, tzinfo=UTC)}),
    }
    attrs = asn1_cms.CMSAttributes([{"type": name, "values": [values[name]]} for name in attributes])
    to_sign = attrs.dump() if attributes else content
    name = asn1_cms.IssuerAndSerialNumber(
        {
            "issuer": Name.load(one.certificate.issuer.public_bytes()),
            "serial_number": one.certificate.serial_number,
        }
    )
    kind = "ecdsa" if isinstance(one.key, ec.EllipticCurvePrivateKey) else "rsa"
    info: dict[str, Any] = {
        "version": "v1",
        "sid": asn1_cms.SignerIdentifier({"issuer_and_serial_number": name}),
        "digest_algorithm": {"algorithm": algorithm},
        "signature_algorithm": {"algorithm": f"{algorithm}_{kind}"},
        "signature": core.OctetString(signed(one, to_sign, algorithm)).native,
    }
    if attributes:
        info["signed_attrs"] = attrs
    return asn1_cms.SignerInfo(info)


def folder(at: Path, **files: bytes) -> Path:
    """Return a folder with some files; `__` in a name is a dot."""
    at.mkdir(exist_ok=True)
    for name, content in files.items():
        (at / name.replace("__", ".")).write_bytes(content)
    return at
