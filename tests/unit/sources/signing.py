"""Makes certificates, signed PDFs and CMS signatures for tests; everything with a fixed day."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfSigningSession
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyhanko.pdf_utils.writer import BasePdfFileWriter

FROM, TO = date(2024, 1, 1), date(2028, 12, 31)


def at(day: date) -> datetime:
    """Noon of a day."""
    return datetime.combine(day, time(12), UTC)


@dataclass(frozen=True)
class Identity:
    """A certificate with its key, and who issued it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    issuer: Identity | None = None

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def plain(self) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(self.der)

    @property
    def plain_key(self) -> keys.PrivateKeyInfo:
        return keys.PrivateKeyInfo.load(
            self.key.private_bytes(
                serialization.Encoding.DER,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )

    def signer(self) -> signers.SimpleSigner:
        """A pyHanko signer."""
        known = [self.issuer.plain] if self.issuer else []
        store = SimpleCertificateStore.from_certs(known)  # type: ignore[no-untyped-call] # pyHanko's own gap
        return signers.SimpleSigner(signing_cert=self.plain, signing_key=self.plain_key, cert_registry=store)


def identity(
    name: str, issuer: Identity | None = None, *, start: date = FROM, end: date = TO, stamping: bool = False
) -> Identity:
    """Make a certificate; without an issuer it is a root."""
    # pyHanko's stamper for tests knows RSA only.
    key = rsa.generate_private_key(65537, 2048) if stamping else ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = {
        "digital_signature": issuer is not None,
        "content_commitment": issuer is not None and not stamping,
    }
    root = issuer is None
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at(start) - timedelta(hours=12))
        .not_valid_after(at(end) + timedelta(hours=11))
        .add_extension(x509.BasicConstraints(ca=root, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                key_encipherment=False, data_encipherment=False, key_agreement=False,
                key_cert_sign=root, crl_sign=root, encipher_only=False, decipher_only=False, **usage,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )  # fmt: skip
    if stamping:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        )
    certificate = builder.sign(issuer.key if issuer else key, hashes.SHA256())
    return Identity(certificate, key, issuer)


def crl(issuer: Identity, revoked: Iterable[tuple[Identity, date]], *, issued: date) -> bytes:
    """Make a list of revoked certificates, in DER."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(at(issued))
        .next_update(at(issued + timedelta(days=365)))
    )
    for item, day in revoked:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(item.certificate.serial_number)
            .revocation_date(at(day))
            .build()
        )
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def plain_pdf(words: str = "declares") -> bytes:
    """A PDF of one page."""
    stream = f"BT /F1 12 Tf 50 700 Td ({words}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.7\n", []
    for number, item in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start


class _OnADay(PdfSigner):
    """Signs at noon of a day, whatever the clock says."""

    day: date

    def init_signing_session(
        self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False
    ) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = at(self.day)
        return session


def signed_pdf(
    who: Identity, *, day: date = date(2026, 3, 2), stamp: Identity | None = None, pdf: bytes | None = None
) -> bytes:
    """A PDF signed on a day, with a timestamp of that day where one is asked for."""
    number = len(pdf) if pdf else 0
    stamper = (
        DummyTimeStamper(tsa_cert=stamp.plain, tsa_key=stamp.plain_key, fixed_dt=at(day)) if stamp else None
    )
    signer = _OnADay(
        PdfSignatureMetadata(field_name=f"Signature{number}", md_algorithm="sha256"),
        signer=who.signer(),
        timestamper=stamper,
    )
    signer.day = day
    out = BytesIO()
    signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf or plain_pdf())), output=out)
    return out.getvalue()


def cms_signature(who: Identity, content: bytes, *, day: date = date(2026, 3, 2)) -> bytes:
    """A detached CMS signature, in DER."""
    made = who.signer().async_sign_general_data(
        content, "sha256", signed_attr_settings=PdfCMSSignedAttributes(signing_time=at(day))
    )
    return bytes(asyncio.run(made).dump())
