"""Lists of digests: what they show, and what they never show (attack 41)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from pysequoia import SignatureMode, Tsk, sign

from netproof.errors import SourceError
from netproof.integrity.signatures import Verdict, read_trust, verify
from netproof.integrity.signatures.checksums import Line, read
from tests.unit.integrity.signatures.authority import AT, folder, holder, signed

if TYPE_CHECKING:
    from pathlib import Path

CONTENT = b"an image of a router\n"
OTHER = "0" * 64


def digest(algorithm: str = "sha256") -> str:
    return hashlib.new(algorithm, CONTENT).hexdigest()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "image.bin"
    found.write_bytes(CONTENT)
    return found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SHA256SUMS", f"{OTHER}  other.bin\n{digest()}  image.bin\n"),
        ("SHA256SUMS", f"# made by a machine\n\n{digest().upper()} *./image.bin\r\n"),
        ("CHECKSUM", f"SHA256 (other.bin) = {OTHER}\nSHA512 (image.bin) = {digest('sha512')}\n"),
        ("image.bin.sha256", digest() + "\n"),
        ("image.bin.sha512", f"{digest('sha512')}  image.bin\n"),
    ],
)
def test_a_digest_alone_is_never_verified(path: Path, name: str, text: str) -> None:
    path.with_name(name).write_text(text)
    got = verify([path], at=AT).releases[0]

    assert got.verdict is Verdict.DIGEST_ONLY
    assert "a signature of the file or of the list" in got.missing


def test_another_digest_is_not_verified(path: Path) -> None:
    path.with_name("SHA256SUMS").write_text(f"{OTHER}  image.bin\n")
    got = verify([path], at=AT).releases[0]

    assert (got.verdict, got.reason) == (
        Verdict.NOT_VERIFIED,
        "the file's sha256 is not the one that it names",
    )


def test_one_of_two_digests_of_a_name_that_differs_is_enough(path: Path) -> None:
    path.with_name("SHA256SUMS").write_text(f"{digest()}  image.bin\n{OTHER}  ./image.bin\n")

    assert verify([path], at=AT).releases[0].verdict is Verdict.NOT_VERIFIED


def test_a_list_that_does_not_name_the_file_says_nothing_unless_it_was_asked(path: Path) -> None:
    listed = path.with_name("SHA256SUMS")
    listed.write_text(f"{digest()}  sub/image.bin\n")

    assert verify([path], at=AT).releases[0].verdict is Verdict.UNSIGNED
    assert verify([path], at=AT, signatures=[listed]).releases[0].reason == "it does not name image.bin"


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha224"])
def test_a_weak_digest_is_recorded_and_never_verified_even_if_signed(path: Path, algorithm: str) -> None:
    key = holder("Releases")
    text = f"{digest(algorithm)}  image.bin\n".encode()
    path.with_name("CHECKSUMS").write_bytes(text)
    path.with_name("CHECKSUMS.sig").write_bytes(signed(key, text))
    trust = read_trust(folder(path.parent / "trust", key__pem=key.public_pem))
    got = verify([path], at=AT, trust=trust).releases[0]

    assert got.verdict is Verdict.DIGEST_ONLY
    assert f"{algorithm}, which is weak" in got.reason


def test_a_signed_list_is_worth_its_signature(path: Path) -> None:
    at = datetime.now(UTC).date() + timedelta(days=1)
    key = Tsk.generate("Releases")
    text = f"{digest()}  image.bin\n".encode()
    path.with_name("SHA256SUMS").write_bytes(text)
    path.with_name("SHA256SUMS.asc").write_bytes(sign(key.signer(), text, mode=SignatureMode.DETACHED))
    trust = read_trust(folder(path.parent / "trust", key__pgp=bytes(key.extract_certificate())))
    good = verify([path], at=at, trust=trust).releases[0]

    assert good.verdict is Verdict.VERIFIED
    assert good.signatures[0].notes[-1].endswith("SHA256SUMS, which has the file's sha256")
    assert verify([path], at=at).releases[0].verdict is Verdict.UNKNOWN_SIGNER

    path.with_name("SHA256SUMS").write_bytes(text + b"\n")

    assert verify([path], at=at, trust=trust).releases[0].verdict is Verdict.NOT_VERIFIED


def test_a_list_of_lists_signs_nothing(path: Path) -> None:
    text = f"{digest()}  image.bin\n"
    path.with_name("SHA256SUMS").write_text(text)
    path.with_name("SHA256SUMS.sig").write_text(hashlib.sha256(text.encode()).hexdigest() + "  SHA256SUMS\n")

    assert verify([path], at=AT).releases[0].verdict is Verdict.DIGEST_ONLY


def test_a_digest_without_a_name_is_of_the_file_that_the_list_is_named_after(path: Path) -> None:
    path.with_name("SHA256SUMS").write_text(OTHER + "\n")

    assert verify([path], at=AT).releases[0].verdict is Verdict.UNSIGNED


def test_names_that_coreutils_escaped_are_read() -> None:
    assert read("S", f"\\{digest()}  a\\nb\\\\c\n".encode()) == [
        Line("a\nb\\c", "sha256", bytes.fromhex(digest()))
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "abc\n",
        f"{digest()[:-1]}  x\n",
        f"{digest()}\n{OTHER}\n",
        f"SHA512 (x) = {digest()}\n",
    ],
)
def test_what_is_no_list_is_refused_by_name(text: str) -> None:
    with pytest.raises(SourceError, match=r"SUMS.*expected"):
        read("SUMS", text.encode())
