"""Suppliers' keys: which they are, whose, and that a compromised one never comes back."""

from __future__ import annotations

from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pysequoia import Tsk

from netproof.errors import LogError, SourceError
from netproof.integrity.register.standing import Standing
from netproof.integrity.register.supplier_keys import SupplierKey, is_news, key_statement, keys_in
from tests.registers import KELMARO, NOW, fingerprint, public_pem, supplier_key
from tests.unit.integrity.signatures.authority import holder, revocations

OTHER = supplier_key("other")
ONE = SupplierKey("raw", fingerprint(KELMARO), "Ed25519")


def logged(*claims: tuple[str, str]) -> Standing:
    return Standing.of(
        (index, key_statement(ONE, b"pem", supplier, status, NOW).entry)
        for index, (supplier, status) in enumerate(claims)
    )


def test_a_bare_key_is_named_as_its_signatures_name_it() -> None:
    assert keys_in("k.pem", public_pem(KELMARO) * 2 + public_pem(OTHER)) == [
        ONE,
        SupplierKey("raw", fingerprint(OTHER), "Ed25519"),
    ]


def test_a_certificate_and_a_lattice_key_are_named_so_too() -> None:
    certificate = holder("Releases of Kelmaro")
    lattice = MLDSA44PrivateKey.from_seed_bytes(b"s" * 32).public_key()
    der = lattice.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    assert keys_in("c.pem", certificate.pem) == [
        SupplierKey("cms", sha256(certificate.der).hexdigest(), "Releases of Kelmaro")
    ]
    assert keys_in("k.der", der) == [SupplierKey("ml-dsa", sha256(der).hexdigest(), "ML-DSA-44")]


def test_a_key_statement_says_whose_key_it_is_and_what_it_replaces() -> None:
    said = key_statement(ONE, b"pem", "kelmaro", "trusted", NOW, replaces="F").values

    assert said == {
        "v": 1,
        "kind": "supplier-key",
        "supplier": "kelmaro",
        "format": "raw",
        "key_sha256": sha256(b"pem").hexdigest(),
        "signer": ONE.signer,
        "status": "trusted",
        "replaces": "F",
        "time": "2026-11-01T12:00:00Z",
    }


def test_an_openpgp_key_is_named_by_its_whole_fingerprint() -> None:
    cert = Tsk.generate("Releases <releases@kelmaro.example>").extract_certificate()

    assert keys_in("k.asc", bytes(cert)) == [
        SupplierKey("openpgp", cert.fingerprint, "Releases <releases@kelmaro.example>")
    ]


def test_a_revocation_list_is_no_key() -> None:
    with pytest.raises(SourceError, match="got a revocation list"):
        keys_in("root.crl", revocations(holder("Root", ca=True)))


@pytest.mark.parametrize(
    "content", [b"", b"text", b"-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n"]
)
def test_what_is_no_public_key_is_refused(content: bytes) -> None:
    with pytest.raises(SourceError):
        keys_in("k", content)


@pytest.mark.parametrize(
    ("claims", "status", "want"),
    [
        ((), "trusted", True),
        ((("kelmaro", "trusted"),), "trusted", False),
        ((("kelmaro", "trusted"),), "retired", True),
        ((("kelmaro", "retired"),), "trusted", True),
        ((("kelmaro", "trusted"), ("kelmaro", "compromised")), "compromised", False),
        ((), "compromised", True),
    ],
)
def test_only_what_the_log_does_not_say_yet_is_news(
    claims: tuple[tuple[str, str], ...], status: str, want: bool
) -> None:
    assert is_news(logged(*claims), ONE, "kelmaro", status, "") is want


@pytest.mark.parametrize(
    ("claims", "status", "replaces", "message"),
    [
        ((("nordfunk", "trusted"),), "trusted", "", "is nordfunk's, not kelmaro's"),
        ((("kelmaro", "compromised"),), "trusted", "", "that is final"),
        ((("kelmaro", "compromised"),), "retired", "", "that is final"),
        ((), "trusted", "F", "expected a logged key of kelmaro to replace"),
    ],
)
def test_a_key_of_another_or_a_compromised_one_is_refused(
    claims: tuple[tuple[str, str], ...], status: str, replaces: str, message: str
) -> None:
    with pytest.raises(LogError, match=message):
        is_news(logged(*claims), ONE, "kelmaro", status, replaces)
