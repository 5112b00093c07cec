"""The door: which files, which folder, which verdict of several, and what hostile input does."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from netproof.errors import SourceError
from netproof.integrity.signatures import Signature, Trust, Verdict, as_model, read_trust, verify
from netproof.integrity.signatures.answer import together
from netproof.integrity.signatures.artifact import Artifact
from netproof.integrity.signatures.kinds import kind_of
from tests.unit.integrity.signatures.authority import AT, cms_signature, folder, holder, signed

if TYPE_CHECKING:
    from pathlib import Path

KEY = holder("Releases")


def test_digests_of_a_file_in_several_blocks_are_those_of_hashlib(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netproof.integrity.signatures.artifact._BLOCK", 1000)
    content = os.urandom(10_001)
    path = tmp_path / "f"
    path.write_bytes(content)
    found = Artifact(path)

    for algorithm in ("sha256", "sha512", "sha384", "md5"):
        assert found.digest(algorithm) == hashlib.new(algorithm, content).digest()
    assert found.size == 10_001


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"one")
    found = Artifact(path)
    path.write_bytes(b"another")

    with pytest.raises(SourceError, match="a file at rest"):
        found.digest("sha384")


@pytest.mark.parametrize("kind", ["absent", "folder", "pipe"])
def test_what_is_no_file_is_refused_by_name(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "thing"
    if kind == "folder":
        path.mkdir()
    if kind == "pipe":
        os.mkfifo(path)

    with pytest.raises(SourceError, match="thing: expected a file"):
        verify([path], at=AT)


def test_an_empty_file_has_a_verdict(tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.touch()
    got = verify([path], at=AT).releases[0]

    assert (got.verdict, got.kind, got.size) == (Verdict.UNSIGNED, "empty file", 0)
    assert "a signature beside the file, or named by --signature" in got.missing


def test_a_named_signature_is_the_only_one_that_counts(tmp_path: Path) -> None:
    path = tmp_path / "image.bin"
    path.write_bytes(b"image")
    other = tmp_path / "elsewhere.sig"
    other.write_bytes(signed(KEY, b"image"))
    path.with_name("image.bin.sig").write_bytes(signed(KEY, b"something else"))
    trust = read_trust(folder(tmp_path / "trust", key__pem=KEY.public_pem))

    assert verify([path], at=AT, trust=trust).releases[0].verdict is Verdict.NOT_VERIFIED
    got = verify([path], at=AT, trust=trust, signatures=[other])
    assert got.verified
    with pytest.raises(SourceError, match="absent"):
        verify([path], at=AT, trust=trust, signatures=[tmp_path / "absent"])


def test_a_signature_too_large_to_be_one_does_not_hold_and_stops_nothing(tmp_path: Path) -> None:
    path = tmp_path / "image.bin"
    path.write_bytes(b"image")
    path.with_name("image.bin.asc").write_bytes(bytes(5_000_000))
    second = tmp_path / "second.bin"
    second.write_bytes(b"second")
    got = verify([path, second], at=AT)

    assert [one.verdict for one in got.releases] == [Verdict.NOT_VERIFIED, Verdict.UNSIGNED]
    assert "expected at most 4,000,000 bytes" in got.releases[0].reason


@pytest.mark.parametrize(
    ("verdicts", "want"),
    [
        ((), "unsigned"),
        (("digest_only",), "digest_only"),
        (("unknown_signer", "digest_only"), "unknown_signer"),
        (("verified", "unknown_signer", "digest_only"), "verified"),
        (("verified", "not_verified"), "not_verified"),
    ],
)
def test_a_signature_that_does_not_hold_is_never_outvoted(verdicts: tuple[str, ...], want: str) -> None:
    found = [Signature("s", "raw", Verdict(verdict)) for verdict in verdicts]

    assert together(found)[0] == want
    assert together(found[::-1])[0] == want


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"hello", "expected keys, certificates or CRLs"),
        (b"", "expected keys, certificates or CRLs"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "expected keys"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n", "damaged PEM"),
        (
            b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----\n",
            "expected keys",
        ),
        (
            KEY.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
            "expected public keys, got a private one",
        ),
    ],
)
def test_a_file_of_the_trust_folder_that_is_no_key_is_refused_by_name(
    tmp_path: Path, content: bytes, why: str
) -> None:
    with pytest.raises(SourceError, match=f"odd.pem: .*{why}"):
        read_trust(folder(tmp_path / "trust", odd__pem=content))


def test_hidden_files_of_the_trust_folder_are_let_be_and_folders_are_not(tmp_path: Path) -> None:
    trust = folder(tmp_path / "trust", __keep=b"x", key__pem=KEY.public_pem + KEY.pem, cert__der=KEY.der)

    assert read_trust(trust).counts() == {
        "openpgp": 0,
        "certificates": 1,
        "keys": 1,
        "crls": 0,
        "timestamping": 0,
        "identities": 0,
    }

    (trust / "below").mkdir()
    with pytest.raises(SourceError, match="below: expected a file"):
        read_trust(trust)
    with pytest.raises(SourceError, match="expected a folder"):
        read_trust(tmp_path / "nowhere")


def test_a_name_that_is_no_utf8_is_told_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"image\xff.bin")
    path.write_bytes(b"image")
    model = as_model(verify([path], at=AT, trust=Trust()))

    assert model["files"][0]["file"].encode().endswith(b"image\\udcff.bin")


def test_a_file_is_what_its_bytes_say() -> None:
    assert kind_of(b"\x7fELF\x02") == "ELF program"
    assert kind_of(bytes(257) + b"ustar") == "tar archive"
    assert kind_of("grüße\n".encode()) == "text"
    assert kind_of("grüß".encode()[:-1]) == "text"
    assert kind_of(b"\x00\x01\xff") == "data"


def test_progress_names_each_file(tmp_path: Path) -> None:
    paths = [tmp_path / "a", tmp_path / "b"]
    for path in paths:
        path.write_bytes(b"x")
    told: list[tuple[str, int, int]] = []
    verify(paths, at=AT, progress=lambda *what: told.append(what))

    assert told == [("a", 0, 2), ("b", 1, 2)]


def test_a_cms_file_named_by_its_stem_is_found(tmp_path: Path) -> None:
    path = tmp_path / "image.bin"
    path.write_bytes(b"image")
    path.with_name("image.cms").write_bytes(cms_signature(b"image", [KEY]))
    trust = read_trust(folder(tmp_path / "trust", cert__pem=KEY.pem))

    assert verify([path], at=AT, trust=trust).verified
