"""A Sigstore of our own: an authority, a log of certificates, a log of signatures; and bundles by them."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from netproof.tlog.canonical import canonical
from netproof.tlog.merkle import leaf_hash, tree_hash

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
"""When bundles are signed."""
SAN = "https://code.example.org/kelmaro/router/release.yml@refs/heads/main"
ISSUER = "https://login.example.org"
ORIGIN = "rekor.example.org - 17"
_BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
_ROOT = "application/vnd.dev.sigstore.trustedroot+json;version=0.1"
_SCT_LIST = x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
_ISSUER = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.1")
_SHA256 = ec.ECDSA(hashes.SHA256())
STATEMENT = "application/vnd.in-toto+json"


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


@dataclass(frozen=True)
class Log:
    """A log with a key of its own."""

    key: ec.EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self.der).digest()

    def trusted(self, url: str, **period: str) -> dict[str, Any]:
        return {
            "baseUrl": url,
            "hashAlgorithm": "SHA2_256",
            "publicKey": {
                "rawBytes": b64(self.der),
                "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                "validFor": period or {"start": "2026-01-01T00:00:00Z"},
            },
            "logId": {"keyId": b64(self.id)},
        }


@dataclass(frozen=True)
class Authority:
    """Issues certificates of ten minutes."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def new_log() -> Log:
    return Log(ec.generate_private_key(ec.SECP256R1()))


def new_authority() -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "an authority")])
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 7)
        .not_valid_before(NOW - timedelta(days=60))
        .not_valid_after(NOW + timedelta(days=3000))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Authority(key, certificate)


AUTHORITY, CERTIFICATES, SIGNATURES = new_authority(), new_log(), new_log()


def trusted_root(**changed: Any) -> dict[str, Any]:
    """Return a trusted root, with some parts changed."""
    authority = {
        "subject": {"organization": "example.org", "commonName": "an authority"},
        "certChain": {"certificates": [{"rawBytes": b64(AUTHORITY.certificate.public_bytes(Encoding.DER))}]},
        "validFor": {"start": "2026-01-01T00:00:00Z"},
    }
    return {
        "mediaType": _ROOT,
        "tlogs": [SIGNATURES.trusted("https://rekor.example.org")],
        "certificateAuthorities": [authority],
        "ctlogs": [CERTIFICATES.trusted("https://ctfe.example.org")],
        "timestampAuthorities": [],
        **changed,
    }


def leaf(
    key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey,
    authority: Authority = AUTHORITY,
    log: Log = CERTIFICATES,
    *,
    named: bool = True,
) -> x509.Certificate:
    """Return a signer's certificate, in the log of certificates."""
    issuer_key = authority.key.public_key()
    usage = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
    bare = (
        x509.CertificateBuilder(authority.certificate.subject, x509.Name([]), key.public_key(), 11)
        .not_valid_before(NOW - timedelta(minutes=1))
        .not_valid_after(NOW + timedelta(minutes=9))
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
        .add_extension(x509.UnrecognizedExtension(_ISSUER, ISSUER.encode()), critical=False)
    )
    if named:
        names = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(SAN)])
        bare = bare.add_extension(names, critical=True)
    before = bare.sign(authority.key, hashes.SHA256()).tbs_certificate_bytes
    held = issuer_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    millis = int(NOW.timestamp() * 1000)
    entry = hashlib.sha256(held).digest() + len(before).to_bytes(3, "big") + before
    signed = log.key.sign(struct.pack("!BBQH", 0, 0, millis, 1) + entry + b"\0\0", _SHA256)
    sct = b"\0" + log.id + struct.pack("!QHBBH", millis, 0, 4, 3, len(signed)) + signed
    listed = struct.pack("!HH", len(sct) + 2, len(sct)) + sct
    octets = (
        b"\x04" + (bytes([len(listed)]) if len(listed) < 128 else b"\x81" + bytes([len(listed)])) + listed
    )
    final = bare.add_extension(x509.UnrecognizedExtension(_SCT_LIST, octets), critical=False)
    return final.sign(authority.key, hashes.SHA256())


def checkpoint(size: int, root: bytes, log: Log = SIGNATURES, claimed: Log = SIGNATURES) -> str:
    """Return a checkpoint that one log signs in the name of another."""
    text = f"{ORIGIN}\n{size}\n{b64(root)}\n"
    line = b64(claimed.id[:4] + log.key.sign(text.encode(), _SHA256))
    return f"{text}\n— rekor.example.org {line}\n"


def logged(body: dict[str, Any], kind: str, at: datetime = NOW, log: Log = SIGNATURES) -> dict[str, Any]:
    """Return a log entry with promise and proof."""
    data = canonical(body)
    leaves = [leaf_hash(b"another entry"), leaf_hash(data)]
    root = tree_hash(leaves)
    seconds = int(at.timestamp())
    promise = {"body": b64(data), "integratedTime": seconds, "logID": log.id.hex(), "logIndex": 1}
    return {
        "logIndex": "1",
        "logId": {"keyId": b64(log.id)},
        "kindVersion": {"kind": kind, "version": "0.0.1"},
        "integratedTime": str(seconds),
        "inclusionPromise": {"signedEntryTimestamp": b64(log.key.sign(canonical(promise), _SHA256))},
        "inclusionProof": {
            "logIndex": "1",
            "rootHash": b64(root),
            "treeSize": "2",
            "hashes": [b64(leaves[0])],
            "checkpoint": {"envelope": checkpoint(2, root, log, log)},
        },
        "canonicalizedBody": b64(data),
    }


def _material(certificate: x509.Certificate, entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "mediaType": _BUNDLE,
        "verificationMaterial": {
            "certificate": {"rawBytes": b64(certificate.public_bytes(Encoding.DER))},
            "tlogEntries": [entry],
        },
    }


def of_file(
    content: bytes,
    *,
    authority: Authority = AUTHORITY,
    certificates: Log = CERTIFICATES,
    at: datetime = NOW,
    log: Log = SIGNATURES,
) -> dict[str, Any]:
    """Return a bundle that signs a file."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = leaf(key, authority, certificates)
    digest, signature = hashlib.sha256(content).digest(), key.sign(content, _SHA256)
    pem = b64(certificate.public_bytes(Encoding.PEM))
    spec = {
        "data": {"hash": {"algorithm": "sha256", "value": digest.hex()}},
        "signature": {"content": b64(signature), "publicKey": {"content": pem}},
    }
    body = {"apiVersion": "0.0.1", "kind": "hashedrekord", "spec": spec}
    return {
        **_material(certificate, logged(body, "hashedrekord", at, log)),
        "messageSignature": {
            "messageDigest": {"algorithm": "SHA2_256", "digest": b64(digest)},
            "signature": b64(signature),
        },
    }


def of_statement(payload: bytes, kind: str = STATEMENT) -> dict[str, Any]:
    """Return a bundle that signs a statement."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = leaf(key)
    signature = key.sign(b"DSSEv1 %d %b %d %b" % (len(kind), kind.encode(), len(payload), payload), _SHA256)
    envelope = {"payload": b64(payload), "payloadType": kind, "signatures": [{"sig": b64(signature)}]}
    hashed = {"algorithm": "sha256", "value": hashlib.sha256(payload).hexdigest()}
    spec = {
        "envelopeHash": {"algorithm": "sha256", "value": hashlib.sha256(canonical(envelope)).hexdigest()},
        "payloadHash": hashed,
        "signatures": [
            {"signature": b64(signature), "verifier": b64(certificate.public_bytes(Encoding.PEM))}
        ],
    }
    body = {"apiVersion": "0.0.1", "kind": "dsse", "spec": spec}
    return {**_material(certificate, logged(body, "dsse")), "dsseEnvelope": envelope}


def packed(bundle: dict[str, Any]) -> bytes:
    return json.dumps(bundle).encode()
