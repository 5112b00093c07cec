"""Who signed the made-up declarations?

A made-up certification authority, its certificates and detached CMS signatures (Ed25519, RFC 8419): the same
bytes on every machine. The keys follow from words in this file; they protect nothing.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko_certvalidator.registry import SimpleCertificateStore

from netproof.demo.faults_documents import CHANGED, OTHER_DAY, STRANGER

if TYPE_CHECKING:
    from netproof.demo.frames import Frames

AUTHORITY = "Made-up certification authority"
NOBODY = "Made-up authority that nobody trusts"
_FROM, _TO = datetime(2020, 1, 1, tzinfo=UTC), datetime(2039, 12, 31, tzinfo=UTC)


def signatures(frames: Frames, files: dict[str, bytes]) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return the files of documents/ with their signatures beside them, and those of trust/.

    Args:
        frames: All tables, with their faults.
        files: The documents as they were signed, by name.
    """
    declaration = frames["declaration"]
    documents = dict(files)
    rows = zip(*(declaration[name] for name in ("supplier_id", "document", "signed_on")), strict=True)
    for supplier, document, signed_on in rows:
        if document not in files:
            continue
        authority = NOBODY if supplier == STRANGER else AUTHORITY
        day = int(signed_on) - (supplier == OTHER_DAY)
        documents[f"{document}.p7s"] = _signature(str(supplier), authority, files[document], day)
        if supplier == CHANGED:
            documents[document] = files[document].replace(b"- audit access\n", b"")
    anchor = _certificate(AUTHORITY, AUTHORITY).public_bytes(Encoding.PEM)
    return documents, {"made-up-authority.pem": anchor}


def _key(name: str) -> Ed25519PrivateKey:
    """Return the key of a made-up name."""
    return Ed25519PrivateKey.from_private_bytes(sha256(f"netproof example: {name}".encode()).digest())


def _certificate(name: str, issuer: str) -> x509.Certificate:
    """Return the certificate of a made-up name."""
    root = name == issuer
    builder = (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(issuer))
        .public_key(_key(name).public_key())
        .serial_number(int.from_bytes(sha256(f"{issuer}/{name}".encode()).digest()[:8]) + 1)
        .not_valid_before(_FROM)
        .not_valid_after(_TO)
        .add_extension(x509.BasicConstraints(ca=root, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not root,
                content_commitment=not root,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=root,
                crl_sign=root,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    return builder.sign(_key(issuer), None)


def _named(name: str) -> x509.Name:
    """Return a distinguished name."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _signature(name: str, authority: str, content: bytes, day: int) -> bytes:
    """Return a detached CMS signature of that day (days since 1970), at noon."""
    certificate = _certificate(f"{name} (made up)", authority)
    private = _key(f"{name} (made up)").private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    store = SimpleCertificateStore.from_certs([])  # type: ignore[no-untyped-call] # pyHanko's own gap
    signer = SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=store,
    )
    noon = datetime(1970, 1, 1, 12, tzinfo=UTC) + timedelta(days=day)
    made = signer.async_sign_general_data(
        content, "sha512", signed_attr_settings=PdfCMSSignedAttributes(signing_time=noon)
    )
    return bytes(asyncio.run(made).dump())
