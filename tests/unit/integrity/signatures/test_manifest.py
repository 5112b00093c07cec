"""Packages whose manifest is signed (ETSI NFV-SOL004, option 1; attack 34)."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from netproof.integrity.signatures import Release, Verdict, read_trust, verify
from tests.unit.integrity.signatures.authority import AT, cms_signature, folder, holder, revocations
from tests.unit.integrity.signatures.test_csar import package

if TYPE_CHECKING:
    from pathlib import Path

ROOT = holder("Root", ca=True)
SIGNER = holder("Vendor of functions", ROOT)
META = b"""TOSCA-Meta-File-Version: 1.1
CSAR-Version: 1.1
Created-by: a vendor
Entry-Definitions: Definitions/main.yaml
ETSI-Entry-Manifest: main.mf
ETSI-Entry-Certificate: main.cert
"""
FILES = {"Definitions/main.yaml": b"topology: {}\n", "Scripts/install.sh": b"#!/bin/sh\n"}


def source(name: str, content: bytes, algorithm: str = "SHA-256") -> str:
    digest = hashlib.new(algorithm.replace("-", ""), content).hexdigest()
    return f"Source: {name}\nAlgorithm: {algorithm}\nHash: {digest}\n\n"


def listed(files: dict[str, bytes], extra: str = "") -> bytes:
    blocks = "".join(source(name, content) for name, content in files.items())
    return f"metadata:\n  vnfd_id: 1\n\n{blocks}{extra}".encode()


def pem(der: bytes) -> bytes:
    return b"-----BEGIN CMS-----\n" + base64.encodebytes(der) + b"-----END CMS-----\n"


def signed(text: bytes, over: bytes | None = None) -> bytes:
    return text + pem(cms_signature(text if over is None else over, [SIGNER], certificates=[]))


def members(
    manifest: bytes, files: dict[str, bytes] | None = None, meta: bytes = META
) -> list[tuple[str, bytes]]:
    held = FILES if files is None else files
    return [
        ("TOSCA-Metadata/TOSCA.meta", meta),
        ("main.mf", manifest),
        ("main.cert", SIGNER.pem),
        *held.items(),
    ]


def judged(path: Path) -> Release:
    trust = folder(path.parent / "trust", root__pem=ROOT.pem, root__crl=revocations(ROOT))
    return verify([path], at=AT, trust=read_trust(trust)).releases[0]


def test_a_package_is_verified_by_its_manifest(tmp_path: Path) -> None:
    got = judged(package(tmp_path / "vnf.csar", members(signed(listed(FILES)))))

    assert (got.verdict, got.reason, got.missing) == (Verdict.VERIFIED, "", ())
    assert (got.signatures[0].format, got.signatures[0].notes) == (
        "csar-manifest",
        ("signed is the list main.mf, which has the digest of every file",),
    )


def test_files_elsewhere_are_counted_and_not_compared(tmp_path: Path) -> None:
    text = listed(FILES, source("https://vendor.example/image.qcow2", b"far away", "SHA-512"))
    got = judged(package(tmp_path / "vnf.csar", members(signed(text))))

    assert got.verdict is Verdict.VERIFIED
    assert "1 files of the list lie outside the package" in got.signatures[0].notes[0]


def test_a_manifest_without_metadata_file_is_found_by_its_name(tmp_path: Path) -> None:
    whole = members(signed(listed(FILES)))[1:]

    assert judged(package(tmp_path / "vnf.csar", whole)).verdict is Verdict.VERIFIED


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_34_lines_may_end_as_mail_ends_them_and_nothing_else_may_differ(
    tmp_path: Path, ending: bytes
) -> None:
    text = listed(FILES)
    over = text.replace(b"\n", ending)
    good = judged(package(tmp_path / "good.csar", members(signed(text, over))))
    bad = judged(package(tmp_path / "bad.csar", members(signed(text, over + b" "))))

    assert (good.verdict, bad.verdict) == (Verdict.VERIFIED, Verdict.NOT_VERIFIED)
    assert "another than the one that was signed" in bad.reason


@pytest.mark.parametrize(
    ("files", "meta", "reason"),
    [
        (FILES | {"Scripts/install.sh": b"#!/bin/sh\nrm\n"}, META, "is another than the one in the signed"),
        (
            FILES | {"Scripts/more.sh": b""},
            META,
            "Scripts/more.sh is in the package and not in the signed list",
        ),
        (
            {"Definitions/main.yaml": b"topology: {}\n"},
            META,
            "Scripts/install.sh is in the signed list and not",
        ),
        (FILES, META.replace(b"main.mf", b"main.cert"), "names another manifest"),
        (
            FILES,
            META.replace(b"main.yaml", b"other.yaml"),
            "Definitions/other.yaml, which is not in the signed",
        ),
    ],
)
def test_34_the_signed_list_is_what_is_used(
    tmp_path: Path, files: dict[str, bytes], meta: bytes, reason: str
) -> None:
    got = judged(package(tmp_path / "vnf.csar", members(signed(listed(FILES)), files, meta)))

    assert got.verdict is Verdict.NOT_VERIFIED
    assert reason in got.reason.replace("'", "")


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [
        (signed(listed(FILES)) + b"Source: late\n", "expected one signature, at its end"),
        (signed(listed(FILES)) + pem(b"x"), "expected one signature, at its end"),
        (signed(listed(FILES, "Source: a\nHash: 00\n")), "expected SHA-256, SHA-384 or SHA-512, got none"),
        (signed(listed(FILES, "Source: a\nAlgorithm: MD5\nHash: 00\n")), "got MD5"),
        (
            signed(listed(FILES, "Source: a\nAlgorithm: SHA-256\nHash: 00\n")),
            "expected a hash by sha256, got 00",
        ),
        (signed(listed(FILES, source("Scripts/install.sh", b"other"))), "expected each file once"),
        (signed(listed(FILES, "Hash: 00\n")), "expected Source, then Algorithm and Hash once each"),
        (signed(b"Hash: 00\n"), "expected Source, then Algorithm and Hash once each"),
        (signed(b"metadata:\n"), "expected a list of files with their hashes, got none"),
        (signed(listed(FILES) + b"\xff"), "expected UTF-8"),
        (listed(FILES) + pem(b"x"), "expected a detached CMS signature"),
    ],
)
def test_34_a_manifest_that_can_be_read_two_ways_is_refused(
    tmp_path: Path, manifest: bytes, reason: str
) -> None:
    got = judged(package(tmp_path / "vnf.csar", members(manifest)))

    assert got.verdict is Verdict.NOT_VERIFIED
    assert reason in got.reason.replace("'", "")


def test_a_manifest_without_signature_vouches_for_nothing(tmp_path: Path) -> None:
    got = judged(package(tmp_path / "vnf.csar", members(listed(FILES))))

    assert got.verdict is Verdict.UNSIGNED


def test_links_have_no_place_in_a_signed_package(tmp_path: Path) -> None:
    path = package(tmp_path / "vnf.csar", members(signed(listed(FILES))))
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("Scripts/link")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "install.sh")
    got = judged(path)

    assert (got.verdict, "got a link" in got.reason) == (Verdict.NOT_VERIFIED, True)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
@pytest.mark.parametrize("binary", [["-binary"], []], ids=["as it is", "as mail"])
def test_what_openssl_signed_is_verified(tmp_path: Path, binary: list[str]) -> None:
    key = SIGNER.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(key)
    (tmp_path / "cert.pem").write_bytes(SIGNER.pem)
    text = listed(FILES)
    (tmp_path / "list").write_bytes(text)
    command = ["openssl", "cms", "-sign", *binary, "-in", "list", "-signer", "cert.pem", "-inkey", "key.pem"]
    made = subprocess.run(
        [*command, "-outform", "PEM"], cwd=tmp_path, capture_output=True, check=True, timeout=60
    ).stdout
    got = judged(package(tmp_path / "vnf.csar", members(text + made)))

    assert (got.verdict, got.reason) == (Verdict.VERIFIED, "")
