"""DER that is whole, and DER that only looks so."""

from __future__ import annotations

import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from asn1crypto import parser
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from netproof.errors import SourceError
from netproof.integrity.signatures import Verdict, read_trust, verify
from netproof.integrity.signatures import cms as signatures
from netproof.integrity.signatures.der import DEPTH_MAX, assert_whole
from tests.unit.integrity.signatures import stamping
from tests.unit.integrity.signatures.authority import AT, cms_signature, folder, holder

if TYPE_CHECKING:
    from pathlib import Path

SIGNER = holder("Kelmaro Releases")


@pytest.mark.parametrize(
    "text",
    ["", "0500", "30020500", "308005000000", "308200020500", "1f810100", "a080308000000000"],
)
def test_values_that_are_as_long_as_they_say_are_whole(text: str) -> None:
    assert_whole(bytes.fromhex(text))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("30", "cut off"),
        ("3002", "reaches beyond"),
        ("300205", "reaches beyond"),
        ("3003040200", "reaches beyond"),
        ("30800500", "cut off"),
        ("04800000", "reaches beyond"),
        ("3084ffffffff", "reaches beyond"),
        ("30ff", "cut off"),
        ("1fff", "cut off"),
        ("30013000", "cut off"),
    ],
)
def test_values_that_are_cut_off_are_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        assert_whole(bytes.fromhex(text))


def test_values_that_lie_too_deep_are_refused() -> None:
    deep = b""
    for _ in range(DEPTH_MAX):
        deep = parser.emit(0, 1, 16, deep)
    assert_whole(deep)

    with pytest.raises(ValueError, match="nested deeper than 48"):
        assert_whole(parser.emit(0, 1, 16, deep))


def test_a_signature_with_timestamps_inside_timestamps_does_not_take_long() -> None:
    signature = cms_signature(b"x", [SIGNER])
    for _ in range(3):
        signature = stamping.stamped_inside(cms_signature(b"x", [SIGNER]), signature)
    begin = time.process_time()
    with suppress(SourceError):
        signatures.read("deep.cms", signature)

    assert time.process_time() - begin < 1.0


@stamping.needs_openssl
def test_signed_attributes_are_verified_as_they_were_written(tmp_path: Path) -> None:
    """openssl leaves out the parameters of the digest that names the certificate; asn1crypto would add them."""
    image = tmp_path / "image.bin"
    image.write_bytes(b"an image")
    (tmp_path / "signer.pem").write_bytes(SIGNER.pem)
    private = SIGNER.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "signer.key").write_bytes(private)
    words = (
        "openssl cms -sign -cades -binary -md sha512 -in image.bin -signer signer.pem -inkey signer.key "
        "-outform DER -out image.bin.cms"
    )
    subprocess.run(words.split(), cwd=tmp_path, check=True, capture_output=True, timeout=60)
    trust = folder(tmp_path / "trust", signer__pem=SIGNER.pem)
    (got,) = verify([image], at=AT, trust=read_trust(trust)).releases

    assert (got.verdict, got.reason) == (Verdict.VERIFIED, "")
