"""Bare signatures under keys and certificates, and keys that say nothing (attacks 13 and 14)."""

from __future__ import annotations

import base64
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, mldsa, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from netproof.errors import SourceError
from netproof.integrity.signatures import Release, Verdict, raw, read_trust, verify
from netproof.integrity.signatures.companions import Format, guess
from netproof.integrity.signatures.keys import usable
from tests.unit.integrity.signatures.authority import AT, folder, holder, revocations, signed

if TYPE_CHECKING:
    from pathlib import Path

CONTENT = b"an image of a router\n" * 1000
RSA = rsa.generate_private_key(65537, 2048)
EC = ec.generate_private_key(ec.BrainpoolP384R1())
ED = ed25519.Ed25519PrivateKey.generate()
PSS = padding.PSS(padding.MGF1(hashes.SHA512()), padding.PSS.MAX_LENGTH)
LATTICE = mldsa.MLDSA87PrivateKey.generate()
ED448 = ed448.Ed448PrivateKey.generate()


def public(key: object) -> bytes:
    found: bytes = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined]
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "image.bin"
    found.write_bytes(CONTENT)
    folder(tmp_path / "trust")
    return found


def judged(path: Path, signature: bytes, **trusted: bytes) -> Release:
    path.with_name("image.bin.sig").write_bytes(signature)
    trust = read_trust(folder(path.parent / "trust", **trusted))
    return verify([path], at=AT, trust=trust).releases[0]


GOOD = [
    (RSA, RSA.sign(CONTENT, padding.PKCS1v15(), hashes.SHA256()), "RSA-2048 with sha256, PKCS #1 v1.5"),
    (RSA, RSA.sign(CONTENT, PSS, hashes.SHA512()), "RSA-2048 with sha512, PSS"),
    (EC, EC.sign(CONTENT, ec.ECDSA(hashes.SHA384())), "ECDSA brainpoolP384r1 with sha384"),
    (ED, ED.sign(CONTENT), "Ed25519"),
    (ED448, ED448.sign(CONTENT), "Ed448"),
    (LATTICE, LATTICE.sign(CONTENT), "ML-DSA-87"),
]


@pytest.mark.parametrize(("key", "signature", "algorithm"), GOOD, ids=[row[2] for row in GOOD])
def test_a_bare_key_verifies_the_file_and_no_other(
    path: Path, key: object, signature: bytes, algorithm: str
) -> None:
    got = judged(path, signature, key__pem=public(key))

    assert (got.verdict, got.signatures[0].algorithm) == (Verdict.VERIFIED, algorithm)
    assert judged(path, base64.encodebytes(signature)).verdict is Verdict.VERIFIED

    path.write_bytes(CONTENT + b"x")

    assert judged(path, signature).verdict is Verdict.NOT_VERIFIED

    path.write_bytes(CONTENT)
    changed = bytearray(signature)
    changed[-1] ^= 1

    assert judged(path, bytes(changed)).verdict is Verdict.NOT_VERIFIED


def test_a_bare_signature_may_begin_with_any_byte() -> None:
    seen: dict[int, bytes] = {}
    for number in range(100_000):
        made = ED.sign(b"%d" % number)
        seen.setdefault(made[0], made)
        if len(seen) == 256:
            break

    assert {guess("image.bin.sig", made) for made in seen.values()} == {Format.RAW}
    assert all(raw.read("image.bin.sig", made) == made for made in seen.values())


def test_a_key_of_another_kind_cannot_have_made_it(path: Path) -> None:
    got = judged(path, ED.sign(CONTENT), key__pem=public(RSA))

    assert (got.verdict, got.reason) == (Verdict.UNKNOWN_SIGNER, "no key at hand could have made it")


def test_sha1_is_refused_by_name(path: Path) -> None:
    made = signed(holder("Old", key=RSA), CONTENT, "sha1")
    got = judged(path, made, key__pem=public(RSA))

    assert (got.verdict, got.reason) == (
        Verdict.NOT_VERIFIED,
        "made with SHA-1, which shows nothing any more",
    )


def test_a_certificate_beside_the_file_must_lead_to_the_trust_folder(path: Path) -> None:
    root = holder("Root", ca=True)
    leaf = holder("Releases", root)
    path.with_name("image.bin.crt").write_bytes(leaf.pem)

    assert judged(path, signed(leaf, CONTENT)).verdict is Verdict.UNKNOWN_SIGNER
    got = judged(path, signed(leaf, CONTENT), root__pem=root.pem)
    assert got.verdict is Verdict.VERIFIED
    assert got.missing == ("a revocation list of CN=Root",)
    revoked = judged(path, signed(leaf, CONTENT), root__crl=revocations(root, [leaf]))
    assert "was revoked" in revoked.reason


def test_a_false_certificate_beside_the_file_hides_no_trusted_key(path: Path) -> None:
    leaf = holder("Releases")
    path.with_name("image.bin.crt").write_bytes(holder("Another").pem)

    assert judged(path, signed(leaf, CONTENT), key__pem=leaf.public_pem).verdict is Verdict.VERIFIED


WEAK = [
    rsa.generate_private_key(65537, 1024).public_key(),  # noqa: S505
    ec.generate_private_key(ec.SECP256K1()).public_key(),
    ed25519.Ed25519PublicKey.from_public_bytes(bytes(32)),
    ed25519.Ed25519PublicKey.from_public_bytes(b"\x01" + bytes(31)),
    dsa.generate_private_key(1024).public_key(),  # noqa: S505
]


@pytest.mark.parametrize("key", WEAK, ids=lambda key: type(key).__name__)
def test_a_weak_key_is_refused_when_it_is_read(path: Path, key: object) -> None:
    with pytest.raises(ValueError, match="expected"):
        usable(key)  # type: ignore[arg-type]
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined]
    with pytest.raises(SourceError, match=r"key.pem: expected"):
        judged(path, b"x", key__pem=pem)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_signs_what_netproof_verifies(path: Path) -> None:
    key, public_file = path.with_name("key.pem"), path.parent / "trust" / "key.pem"
    run = ["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384", "-out", str(key)]
    subprocess.run(run, check=True, capture_output=True)
    subprocess.run(
        ["openssl", "pkey", "-in", str(key), "-pubout", "-out", str(public_file)],
        check=True,
        capture_output=True,
    )
    made = subprocess.run(
        ["openssl", "dgst", "-sha512", "-sign", str(key), str(path)], check=True, capture_output=True
    ).stdout
    got = judged(path, made)

    assert (got.verdict, got.signatures[0].algorithm) == (Verdict.VERIFIED, "ECDSA secp384r1 with sha512")
