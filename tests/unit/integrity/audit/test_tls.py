"""A log behind TLS: a certificate that the system trusts is accepted, any other refused."""

from __future__ import annotations

import ssl
from contextlib import closing
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from netproof.errors import SourceError
from netproof.integrity.audit.web import Patience, Web
from tests.unit.integrity.audit.logs import written
from tests.unit.integrity.audit.serving import files, serving

if TYPE_CHECKING:
    from pathlib import Path

QUICK = Patience(read_s=2, whole_s=4, tries=1)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificate and key of a server at 127.0.0.1, in one file."""
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "log.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(made.public_bytes(Encoding.PEM) + secret)
    return path


def context(certificate: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate)
    return made


def test_a_trusted_certificate_is_accepted_and_the_connection_kept(
    certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    written(tmp_path)
    with serving(files(tmp_path), tls=context(certificate)) as server, closing(Web(server.url, QUICK)) as web:
        got = {web.checkpoint() for _ in range(3)}

        assert got == {(tmp_path / "checkpoint").read_bytes()}
        assert (server.connections, server.url[:6]) == (1, "https:")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_another_certificate_is_refused(
    certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    """Not trusted, or trusted and of another name."""
    if host == "localhost":
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    written(tmp_path)
    with serving(files(tmp_path), tls=context(certificate)) as server:
        url = server.url.replace("127.0.0.1", host)
        with (
            closing(Web(url, QUICK)) as web,
            pytest.raises(SourceError, match="expected a trusted certificate"),
        ):
            web.checkpoint()
        assert server.asked == []
