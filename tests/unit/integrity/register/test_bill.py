"""What a bill of materials lists as releases; what it lists otherwise is counted, what lacks something is told."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from netproof.errors import SourceError
from netproof.integrity.register.bill import Item, read_bill
from netproof.integrity.register.candidates import Terms, from_sbom
from netproof.integrity.register.entries import Named
from netproof.integrity.register.naming import Known, called
from netproof.integrity.signatures import Trust, read_trust
from tests.registers import DAY, KELMARO, trust_folder

if TYPE_CHECKING:
    from pathlib import Path

A, B = "a" * 64, "b" * 64
LONG = "c" * 128


def cyclonedx(*components: dict[str, Any], **more: Any) -> bytes:
    document = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": list(components), **more}
    return json.dumps(document).encode()


def spdx(*packages: dict[str, Any], **more: Any) -> bytes:
    listed = [{"downloadLocation": "NONE", **one} for one in packages]
    made = {"created": "2026-10-26T04:53:20Z", "creators": ["Tool: x"]}
    whole = {
        "spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "x", "dataLicense": "CC0-1.0",
        "documentNamespace": "https://kelmaro.example/x", "creationInfo": made, "packages": listed,
    }  # fmt: skip
    return json.dumps({**whole, **more}).encode()


def part(name: str, kind: str = "firmware", digest: str = A, **more: Any) -> dict[str, Any]:
    hashes = [{"alg": "SHA-256", "content": digest}] if digest else []
    return {"type": kind, "name": name, "version": "1", "hashes": hashes, **more}


def test_software_that_is_delivered_as_such_is_a_release_and_the_rest_is_counted() -> None:
    bill = read_bill(
        "bill.json",
        cyclonedx(
            part("boot", supplier={"name": "Kelmaro"}, components=[part("driver", "device-driver", B)]),
            part("zlib", "library"),
            part("openssl", "library"),
            part("notes.txt", "file"),
            part("os", "operating-system", group="rt", publisher="Another", version=""),
            part("agent", "application", ""),
            metadata={
                "supplier": {"name": "Whole"},
                "component": {
                    "type": "firmware",
                    "name": "all",
                    "hashes": [{"alg": "SHA-512", "content": LONG}],
                },
            },
        ),
    )

    assert bill.items == [
        Item("firmware", "Whole", "all", "", {"sha512": LONG}),
        Item("firmware", "Kelmaro", "boot", "1", {"sha256": A}),
        Item("device-driver", "Whole", "driver", "1", {"sha256": B}),
        Item("operating-system", "Another", "rt/os", "", {"sha256": A}),
        Item("application", "Whole", "agent", "1", {}),
    ]
    assert bill.left_out == {"library": 2, "file": 1}
    assert [item.lacks for item in bill.items] == [
        "the bill gives it no version",
        "",
        "",
        "the bill gives it no version",
        "the bill gives it no SHA-256",
    ]


def test_packages_of_spdx_are_releases_by_their_purpose_or_as_what_the_document_is_about() -> None:
    sums = [{"algorithm": "SHA256", "checksumValue": A.upper()}]
    bill = read_bill(
        "bill.spdx.json",
        spdx(
            {"SPDXID": "a", "name": "os", "versionInfo": "7", "primaryPackagePurpose": "OPERATING_SYSTEM",
             "supplier": "Organization: Kelmaro Networks (info@kelmaro.example)", "checksums": sums},
            {"SPDXID": "b", "name": "image", "versionInfo": "7", "originator": "Person: A B", "supplier": "NOASSERTION",
             "checksums": sums},
            {"SPDXID": "c", "name": "whole", "versionInfo": "7", "checksums": sums},
            {"SPDXID": "d", "name": "zlib", "versionInfo": "1", "primaryPackagePurpose": "LIBRARY"},
            documentDescribes=["b"],
            relationships=[{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "c"}],
        ),
    )  # fmt: skip

    assert [(item.name, item.supplier, item.digests) for item in bill.items] == [
        ("os", "Kelmaro Networks", {"sha256": A}),
        ("image", "", {"sha256": A}),
        ("whole", "", {"sha256": A}),
    ]
    assert bill.left_out == {"library": 1}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{}", "expected a bill of materials"),
        (b"[]", "expected a bill of materials"),
        (b'{"bomFormat":"CycloneDX","specVersion":"9.9"}', "expected CycloneDX"),
        (cyclonedx(part("a", digest="xyz")), "SHA-256"),
        (
            cyclonedx(part("a", supplier="text")),
            "/components/0/supplier: expected CycloneDX 1.6 by its schema",
        ),
        (
            cyclonedx(part("a", supplier={"name": 5})),
            "/components/0/supplier/name: expected CycloneDX 1.6 by its schema",
        ),
        (
            cyclonedx(part("a", hashes=[{"alg": "SHA-256", "content": A}, {"alg": "SHA-256", "content": B}])),
            "expected one sha256 a component",
        ),
        (cyclonedx(part("a", hashes=[{"alg": "SHA-512", "content": A}])), "expected a sha512"),
    ],
)
def test_a_bill_that_is_none_or_contradicts_itself_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        read_bill("bill.json", data)


KNOWN = Known(
    suppliers={"core-9": "kelmaro", "core-9b": "kelmaro", "radio-5": "nordfunk"},
    releases={("core-9", "1"): bytes.fromhex(A), ("core-9", "2"): None},
    names={
        called("Kelmaro Networks"): frozenset({"kelmaro"}),
        called("Twice"): frozenset({"a", "b"}),
        called("Nordfunk"): frozenset({"nordfunk"}),
    },
    products={
        called("Core Router 9"): frozenset({"core-9"}),
        called("Radio"): frozenset({"radio-5", "core-9"}),
        called("Same"): frozenset({"core-9", "core-9b"}),
    },
)


TERMS = Terms(DAY, Trust())


def candidates(folder: Path, *components: dict[str, Any], supplier: str = "") -> list[Any]:
    path = folder / "bill.json"
    path.write_bytes(cyclonedx(*components))
    return list(from_sbom(path, KNOWN, supplier, TERMS, Counter()))


def test_names_become_the_ids_of_the_tables_where_they_know_them(tmp_path: Path) -> None:
    got = candidates(
        tmp_path,
        part("core router  9", supplier={"name": "KELMARO networks"}),
        part("Radio", supplier={"name": "Nordfunk"}),
        part("Other", supplier={"name": "Stranger"}),
    )

    assert [one.named for one in got] == [
        Named("kelmaro", "core-9", "1"),
        Named("nordfunk", "radio-5", "1"),
        Named("Stranger", "Other", "1"),
    ]
    assert [len(one.notes) for one in got] == [0, 0, 2]
    assert {one.evidence.sbom for one in got} == {sha256((tmp_path / "bill.json").read_bytes()).hexdigest()}
    assert {one.refused for one in got} == {""}


def test_the_supplier_that_the_user_names_goes_before_the_bill_s(tmp_path: Path) -> None:
    (got,) = candidates(tmp_path, part("Other", supplier={"name": "Stranger"}), supplier="nordfunk")

    assert got.named == Named("nordfunk", "Other", "1")


@pytest.mark.parametrize(
    ("component", "reason"),
    [
        (part("x", digest="", supplier={"name": "Kelmaro Networks"}), "the bill gives it no SHA-256"),
        (part("x"), "does not say whose it is"),
        (part("x", supplier={"name": "Twice"}), "call 2 suppliers Twice: a, b"),
        (part("Same", supplier={"name": "Kelmaro Networks"}), "call 2 products of kelmaro so"),
        (part("Core Router 9", digest=B, supplier={"name": "Kelmaro Networks"}), "table release says"),
    ],
)
def test_a_component_that_cannot_be_logged_is_told_with_the_reason(
    tmp_path: Path, component: dict[str, Any], reason: str
) -> None:
    (got,) = candidates(tmp_path, component)

    assert reason in got.refused


def test_releases_of_a_bill_have_the_verdict_of_its_own_signature(tmp_path: Path) -> None:
    path = tmp_path / "bill.json"
    path.write_bytes(cyclonedx(part("x", supplier={"name": "Nordfunk"})))
    trusting = Terms(DAY, read_trust(trust_folder(tmp_path / "trust")))
    got = {}
    for name, signed in (("good", path.read_bytes()), ("bad", b"another bill")):
        (tmp_path / "bill.json.sig").write_bytes(KELMARO.sign(signed))
        (got[name],) = from_sbom(path, KNOWN, "", trusting, Counter())
    (tmp_path / "bill.json.asc").write_text("-----BEGIN PGP SIGNATURE-----")
    (broken,) = from_sbom(path, KNOWN, "", trusting, Counter())
    (allowed,) = from_sbom(path, KNOWN, "", Terms(DAY, Trust(), allow_unverified=True), Counter())

    assert (got["good"].verdict, got["good"].refused) == ("verified", "")
    assert got["bad"].verdict != "verified"
    assert broken.refused.startswith("the bill is not verified")
    assert (allowed.verdict, allowed.refused) == ("not_verified", "")
