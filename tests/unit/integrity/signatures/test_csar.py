"""Packages with their signature inside (ETSI NFV-SOL004, option 2; attack 34)."""

from __future__ import annotations

import hashlib
import warnings
import zipfile
from typing import TYPE_CHECKING

import pytest

from netproof.integrity.signatures import Release, Verdict, read_trust, verify
from tests.unit.integrity.signatures.authority import AT, cms_signature, folder, holder, revocations

if TYPE_CHECKING:
    from pathlib import Path

INNER = b"PK\x03\x04 the inner package" * 500
ROOT = holder("Root", ca=True)
SIGNER = holder("Vendor of functions", ROOT)
SIGNED = cms_signature(INNER, [SIGNER], certificates=[])


def package(path: Path, members: list[tuple[str, bytes]]) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of a name that comes twice, which is the point here
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members:
                archive.writestr(name, content)
    return path


def judged(path: Path) -> Release:
    trust = folder(path.parent / "trust", root__pem=ROOT.pem, root__crl=revocations(ROOT))
    return verify([path], at=AT, trust=read_trust(trust)).releases[0]


WHOLE = [("vnf.csar", INNER), ("vnf.cms", SIGNED), ("vnf.cert", SIGNER.pem)]


def test_the_signed_member_is_told_with_its_digest(tmp_path: Path) -> None:
    got = judged(package(tmp_path / "vnf.zip", WHOLE))

    assert (got.verdict, got.kind, got.missing) == (Verdict.VERIFIED, "zip archive", ())
    assert got.signatures[0].format == "csar"
    assert got.signatures[0].notes == (
        f"signed is the member vnf.csar, sha256 {hashlib.sha256(INNER).hexdigest()}",
    )


def test_without_the_certificate_the_signer_is_unknown(tmp_path: Path) -> None:
    assert judged(package(tmp_path / "vnf.zip", WHOLE[:2])).verdict is Verdict.UNKNOWN_SIGNER


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ([("vnf.csar", INNER + b"x"), *WHOLE[1:]], "the file is another"),
        ([*WHOLE, ("run-me.sh", b"x")], "got also run-me.sh, unsigned"),
        ([*WHOLE, ("vnf.csar", b"another")], "duplicate name"),
        ([*WHOLE, ("VNF.csar", b"another")], "case clash"),
        ([*WHOLE, ("other.csar", b"another")], "got also other.csar, unsigned"),
        ([*WHOLE, ("../other.cert", b"another")], "path traversal"),
        ([*WHOLE, ("other.cms", SIGNED)], "got also other.cms, unsigned"),
        ([WHOLE[0], ("vnf.cms", b"x"), WHOLE[2]], "expected a detached CMS signature"),
        ([*WHOLE[:2], ("vnf.cert", b"x")], "vnf.cert: expected keys"),
    ],
)
def test_a_package_of_another_shape_is_not_verified(
    tmp_path: Path, members: list[tuple[str, bytes]], reason: str
) -> None:
    got = judged(package(tmp_path / "vnf.zip", members))

    assert got.verdict is Verdict.NOT_VERIFIED
    assert reason in got.reason


def test_any_other_zip_is_just_a_file(tmp_path: Path) -> None:
    plain = package(tmp_path / "a.zip", [("a.csar", INNER)])
    many = package(tmp_path / "b.zip", [*WHOLE, *((f"{n}.txt", b"") for n in range(30))])

    assert [judged(plain).verdict, judged(many).verdict] == [Verdict.UNSIGNED] * 2


def test_a_package_whose_headers_differ_is_refused(tmp_path: Path) -> None:
    path = package(tmp_path / "vnf.zip", WHOLE)
    content = bytearray(path.read_bytes())
    content[content.index(b"vnf.csar")] ^= 1
    path.write_bytes(bytes(content))
    got = judged(path)

    assert got.verdict is Verdict.NOT_VERIFIED
    assert "differing headers" in got.reason


def test_bytes_that_no_header_lists_are_refused(tmp_path: Path) -> None:
    path = package(tmp_path / "vnf.zip", WHOLE)
    hidden = package(tmp_path / "hidden.zip", [("vnf.csar", b"another")]).read_bytes()
    path.write_bytes(hidden + path.read_bytes())

    assert judged(path).verdict is not Verdict.VERIFIED
