"""What of a file's surroundings goes into the log: signatures that hold, and what is about these very bytes."""

from __future__ import annotations

import base64
import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from netproof.errors import SourceError
from netproof.integrity.register.entries import SupplierSignature
from netproof.integrity.register.evidence import Kept, Looked, look
from netproof.integrity.signatures import Trust, Verdict, read_trust
from netproof.integrity.signatures.artifact import Bytes
from netproof.integrity.signatures.dsse import Envelope
from tests.registers import DAY, IMAGE, KELMARO, fingerprint, signed_file, supplier_key, trust_folder
from tests.unit.integrity.signatures.authority import AT, folder, revocations
from tests.unit.integrity.signatures.test_csar import ROOT, SIGNER, WHOLE, package

if TYPE_CHECKING:
    from pathlib import Path

IMAGE_SHA = sha256(IMAGE).hexdigest()


def looked(path: Path, trust: Path | None, *signatures: Path) -> Looked:
    known = read_trust(trust) if trust else Trust()
    (one,) = look([(path, signatures)], at=DAY, trust=known, threads=2)
    return one


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def sbom(subject: str | None, *, complete: bool = True) -> bytes:
    root: dict[str, Any] = {"type": "firmware", "name": "image", "bom-ref": "root"}
    if subject:
        root["hashes"] = [{"alg": "SHA-256", "content": subject}]
    document: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "metadata": {"component": root},
        "components": [],
    }
    if complete:
        document["compositions"] = [{"aggregate": "complete", "assemblies": ["root"]}]
    return json.dumps(document).encode()


def provenance(subject: str, kind: str = "https://slsa.dev/provenance/v1") -> bytes:
    payload = json.dumps(
        {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": "image.bin", "digest": {"sha256": subject}}],
            "predicateType": kind,
            "predicate": {"runDetails": {"builder": {"id": "https://build.example"}}},
        }
    ).encode()
    kind_ = "application/vnd.in-toto+json"
    signed = Envelope(kind_, payload, ()).signed
    assert isinstance(signed, Bytes)
    text = base64.b64encode(payload).decode()
    signature = base64.b64encode(KELMARO.sign(signed.content)).decode()
    return json.dumps({"payloadType": kind_, "payload": text, "signatures": [{"sig": signature}]}).encode()


def test_a_signature_that_holds_is_named_by_its_file_and_its_key(tmp_path: Path) -> None:
    path = signed_file(tmp_path / "files")
    got = looked(path, trust_folder(tmp_path / "trust"))

    assert (got.verdict, got.reason, got.notes) == (Verdict.VERIFIED, "", ())
    assert got.evidence is not None
    signature = digest(KELMARO.sign(IMAGE))
    assert got.evidence.signatures == (SupplierSignature("raw", signature, fingerprint(KELMARO)),)
    assert (got.evidence.size, got.evidence.digests["sha256"]) == (len(IMAGE), IMAGE_SHA)
    assert got.keep == (Kept(path.with_name("image.bin.sig"), signature),)
    assert got.keep[0].content() == KELMARO.sign(IMAGE)


def test_a_file_that_nobody_trusted_signed_keeps_its_digests_and_no_signature(tmp_path: Path) -> None:
    path = signed_file(tmp_path / "files", key=supplier_key("stranger"))
    got = looked(path, trust_folder(tmp_path / "trust"))

    assert got.verdict is Verdict.NOT_VERIFIED or got.verdict is Verdict.UNKNOWN_SIGNER
    assert got.reason
    assert got.evidence is not None
    assert (got.evidence.signatures, got.keep) == ((), ())


def test_one_signature_that_does_not_hold_leaves_out_those_that_do(tmp_path: Path) -> None:
    path = signed_file(tmp_path / "files")
    path.with_name("image.bin.sig").rename(path.with_name("image.bin.sign"))
    path.with_name("image.bin.dsse").write_bytes(provenance("0" * 64))
    got = looked(path, trust_folder(tmp_path / "trust"))

    assert got.verdict is Verdict.NOT_VERIFIED
    assert got.evidence is not None
    assert got.evidence.signatures == ()


def test_a_file_that_cannot_be_read_is_told_and_has_no_evidence(tmp_path: Path) -> None:
    got = looked(tmp_path / "none.bin", None)

    assert (got.verdict, got.evidence) == (None, None)
    assert "none.bin: expected a file that can be read" in got.reason


def test_a_signed_list_of_digests_is_kept_with_its_signature(tmp_path: Path) -> None:
    path = tmp_path / "image.bin"
    path.write_bytes(IMAGE)
    listed = f"{IMAGE_SHA}  image.bin\n".encode()
    (tmp_path / "SHA256SUMS").write_bytes(listed)
    (tmp_path / "SHA256SUMS.sig").write_bytes(KELMARO.sign(listed))
    got = looked(path, trust_folder(tmp_path / "trust"))

    assert got.evidence is not None
    assert [(one.format, one.sha256) for one in got.evidence.signatures] == [
        ("raw", digest(KELMARO.sign(listed))),
        ("checksum-list", digest(listed)),
    ]
    assert {one.content() for one in got.keep} == {listed, KELMARO.sign(listed)}


def test_a_signature_inside_a_package_is_named_by_the_package_itself(tmp_path: Path) -> None:
    path = package(tmp_path / "vnf.zip", WHOLE)
    trust = folder(tmp_path / "trust", root__pem=ROOT.pem, root__crl=revocations(ROOT))
    (got,) = look([(path, ())], at=AT, trust=read_trust(trust), threads=1)

    assert got.evidence is not None
    assert got.evidence.signatures == (
        SupplierSignature("csar", digest(path.read_bytes()), digest(SIGNER.der)),
    )
    assert got.keep == ()


def test_of_very_many_signatures_the_log_names_sixteen(tmp_path: Path) -> None:
    keys = [supplier_key(f"key {number}") for number in range(17)]
    path = tmp_path / "image.bin"
    path.write_bytes(IMAGE)
    named = []
    for number, key in enumerate(keys):
        signature = tmp_path / f"{number}.sig"
        signature.write_bytes(key.sign(IMAGE))
        named.append(signature)
    got = looked(path, trust_folder(tmp_path / "trust", *keys), *named)

    assert got.evidence is not None
    assert len(got.evidence.signatures) == 16
    assert got.notes == ("17 signatures hold; the log names 16 of them",)


def test_provenance_that_is_signed_and_about_the_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "image.bin"
    path.write_bytes(IMAGE)
    content = provenance(IMAGE_SHA)
    path.with_name("image.bin.intoto.json").write_bytes(content)
    got = looked(path, trust_folder(tmp_path / "trust"))

    assert got.verdict is Verdict.VERIFIED
    assert got.evidence is not None
    assert got.evidence.provenance == digest(content)
    assert [one.format for one in got.evidence.signatures] == ["dsse"]


def test_a_signed_statement_of_another_kind_is_no_provenance(tmp_path: Path) -> None:
    path = tmp_path / "image.bin"
    path.write_bytes(IMAGE)
    path.with_name("image.bin.dsse").write_bytes(
        provenance(IMAGE_SHA, "https://in-toto.io/attestation/vulns")
    )
    got = looked(path, trust_folder(tmp_path / "trust"))

    assert got.evidence is not None
    assert (got.verdict, got.evidence.provenance) == (Verdict.VERIFIED, "")


@pytest.mark.parametrize("name", ["image.bin.cdx.json", "image.cdx.json", "image.bin.spdx.json"])
def test_a_bill_of_materials_about_the_file_is_kept(tmp_path: Path, name: str) -> None:
    path = signed_file(tmp_path / "files")
    content = sbom(IMAGE_SHA)
    path.with_name(name).write_bytes(content)
    got = looked(path, trust_folder(tmp_path / "trust"))

    assert got.evidence is not None
    assert (got.evidence.sbom, got.notes) == (digest(content), ())
    assert got.keep[-1].content() == content


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (sbom("0" * 64), "is about sha256 0000"),
        (sbom(None), "is not about any digest"),
        (b"{}", "is not about any digest"),
        (b'{"a":1,"a":2}', "expected strict JSON"),
        (b"[" * 100_000, "expected strict JSON"),
    ],
)
def test_a_bill_about_something_else_is_left_out_and_told(tmp_path: Path, content: bytes, note: str) -> None:
    path = signed_file(tmp_path / "files")
    path.with_name("image.bin.cdx.json").write_bytes(content)
    got = looked(path, trust_folder(tmp_path / "trust"))

    assert got.evidence is not None
    assert (got.verdict, got.evidence.sbom, len(got.notes)) == (Verdict.VERIFIED, "", 1)
    assert note in got.notes[0]


def test_a_bill_that_does_not_say_that_it_is_complete_is_kept_and_told(tmp_path: Path) -> None:
    path = signed_file(tmp_path / "files")
    path.with_name("image.bin.cdx.json").write_bytes(sbom(IMAGE_SHA, complete=False))
    got = looked(path, trust_folder(tmp_path / "trust"))

    assert got.evidence is not None
    assert got.evidence.sbom
    assert "does not say that it is complete" in got.notes[0]


def test_what_changed_since_it_was_looked_at_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"1")
    kept = Kept(path, digest(b"1"))
    path.write_bytes(b"2")

    with pytest.raises(SourceError, match="changes while read"):
        kept.content()


def test_files_are_told_in_their_order_however_many_are_read_at_once(tmp_path: Path) -> None:
    paths = [signed_file(tmp_path / "files", f"{number}.bin", b"%d" % number) for number in range(40)]
    done: list[str] = []
    got = list(
        look(
            [(path, ()) for path in paths],
            at=DAY,
            trust=read_trust(trust_folder(tmp_path / "trust")),
            threads=4,
            progress=done.append,
        )
    )

    assert [one.evidence and one.evidence.digests["sha256"] for one in got] == [
        digest(b"%d" % number) for number in range(40)
    ]
    assert done == [path.name for path in paths]
