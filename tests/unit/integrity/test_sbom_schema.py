"""Bills of materials by their official schemas, and SPDX 3.0.1 by what is used of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from netproof.errors import SourceError
from netproof.integrity.sbom import CYCLONEDX, Listed, Sbom, read_sbom
from netproof.integrity.sbom_schema import schema
from netproof.integrity.sbom_spdx3 import CONTEXT
from tests.unit.integrity.test_sbom import component, cyclonedx, spdx

if TYPE_CHECKING:
    from pathlib import Path

DIGEST = "ab" * 32
ID = "https://kelmaro.example/router#"


def read(document: Any) -> Sbom | None:
    return read_sbom("bom.json", json.dumps(document).encode())


@pytest.mark.parametrize("version", CYCLONEDX)
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"serialNumber": "1"}, r"^bom.json:/serialNumber: expected CycloneDX"),
        ({"components": [component("a") | {"type": "planet"}]}, r"^bom.json:/components/0/type: "),
        (
            {"components": [component("a") | {"hashes": [{"alg": "SHA-512", "content": "xx"}]}]},
            r"/hashes/0/content: ",
        ),
        ({"invented": 1}, r"^bom.json: expected CycloneDX .* by its schema, got: Additional properties"),
        ({"components": [component("a") | {"licenses": [{"license": {"id": "No-Such"}}]}]}, r"/licenses"),
        ({"metadata": {"timestamp": 5}}, r"^bom.json:/metadata/timestamp: "),
        ({"signature": {}}, r"^bom.json:/signature: "),
    ],
)
def test_a_bill_that_breaks_its_schema_is_refused_with_the_place(
    version: str, change: dict[str, Any], why: str
) -> None:
    assert read(cyclonedx(component("a"), version=version)) is not None
    with pytest.raises(SourceError, match=why):
        read(cyclonedx(component("a"), version=version) | change)


def test_what_a_later_version_brought_breaks_the_schema_of_an_earlier() -> None:
    device = component("a") | {"type": "device-driver"}

    assert read(cyclonedx(device, version="1.5")) is not None
    with pytest.raises(SourceError, match=r"/components/0/type: expected CycloneDX 1\.4 by its schema"):
        read(cyclonedx(device, version="1.4"))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"creationInfo": {}}, r"^bom.json:/creationInfo: expected SPDX 2.3 by its schema"),
        ({"dataLicense": 1}, r"^bom.json:/dataLicense: "),
        ({"packages": [{"name": "a", "SPDXID": "b"}]}, r"^bom.json:/packages/0: .*downloadLocation"),
    ],
)
def test_a_bill_that_breaks_the_schema_of_spdx_is_refused(change: dict[str, Any], why: str) -> None:
    assert read(spdx({"name": "a"})) is not None
    with pytest.raises(SourceError, match=why):
        read(spdx({"name": "a"}) | change)


def test_a_place_and_a_reason_cannot_steer_the_terminal() -> None:
    with pytest.raises(SourceError) as caught:
        read(cyclonedx(component("a", properties=[{"name": "x", "value": "y", "\x1b[2J~/": 1}])))

    assert str(caught.value).isprintable()


@pytest.mark.parametrize("name", ["bom-1.4", "bom-1.7", "spdx-2.3", "jsf-0.82", "spdx", "cryptography-defs"])
def test_the_schemas_ship_as_their_authors_wrote_them(name: str) -> None:
    found = schema(name)

    assert found["$id"].startswith(("http://cyclonedx.org/schema/", "http://spdx.org/rdf/terms/2.3"))


def test_public_examples_are_read(shared_data: Path) -> None:
    got = {}
    for path in sorted((shared_data / "cyclonedx").glob("*.json")):
        bill = read_sbom(path.name, path.read_bytes())
        got[path.stem] = bill and (bill.form, len(bill.components))

    assert got == {
        "hbom-pcie-sata": ("CycloneDX 1.4", 6),
        "obom": ("CycloneDX 1.4", 1),
        "valid-dependency-1.7": ("CycloneDX 1.7", 3),
    }


# SPDX 3.0.1


def package(name: str, **said: Any) -> dict[str, Any]:
    return {"type": "software_Package", "spdxId": ID + name, "name": name} | said


def holds(*names: str, by: str = "router", completeness: str = "complete") -> dict[str, Any]:
    return {
        "type": "Relationship", "spdxId": f"{ID}holds-{by}", "from": ID + by, "to": [ID + name for name in names],
        "relationshipType": "contains", "completeness": completeness,
    }  # fmt: skip


ROOT = package("router", verifiedUsing=[{"type": "Hash", "algorithm": "sha256", "hashValue": DIGEST}])
BOM = {"type": "software_Sbom", "spdxId": ID + "bom", "rootElement": [ID + "router"]}
DOCUMENT = {"type": "SpdxDocument", "spdxId": ID + "doc", "rootElement": [ID + "bom"]}
PURL = {
    "type": "ExternalIdentifier",
    "externalIdentifierType": "packageUrl",
    "identifier": "pkg:deb/debian/zlib@1.3",
}


def spdx3(*elements: dict[str, Any], context: Any = CONTEXT) -> dict[str, Any]:
    return {"@context": context, "@graph": [DOCUMENT, BOM, ROOT, *elements]}


def test_spdx_3_is_read_without_what_it_is_about() -> None:
    got = read(
        spdx3(
            package("a", software_packageVersion="2", software_packageUrl="pkg:npm/a@2"),
            package("z", software_packageVersion="1.3", externalIdentifier=[PURL]),
            package("plain"),
            {"type": "software_File", "spdxId": ID + "f", "name": "readme"},
            {"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1"},
        )
    )

    assert got is not None
    assert (got.form, got.subject, got.complete) == ("SPDX 3.0.1", DIGEST, False)
    assert got.components == (
        Listed("package plain", "plain", "", ""),
        Listed("pkg:deb/debian/zlib", "z", "1.3", ""),
        Listed("pkg:npm/a", "a", "2", ""),
    )


def test_what_a_bill_describes_by_a_relationship_is_what_it_is_about() -> None:
    about = {
        "type": "Relationship", "spdxId": ID + "r", "from": ID + "doc", "to": [ID + "router"],
        "relationshipType": "describes",
    }  # fmt: skip
    got = read({"@context": CONTEXT, "@graph": [{"type": "SpdxDocument", "spdxId": ID + "doc"}, ROOT, about]})

    assert got is not None
    assert (got.subject, got.components) == (DIGEST, ())


@pytest.mark.parametrize(
    ("relations", "want"),
    [
        ([], False),
        ([holds("a")], True),
        ([holds("a", completeness="incomplete")], False),
        ([holds("a", completeness="noAssertion")], False),
        ([holds("a") | {"completeness": ""}], False),
        ([holds("a", by="a")], False),
        ([holds("a"), holds("router", by="a", completeness="incomplete")], False),
        ([holds("elsewhere")], False),
        ([holds("a") | {"relationshipType": "dependsOn"}], False),
    ],
)
def test_a_list_of_spdx_3_is_whole_only_where_it_says_so(relations: list[dict[str, Any]], want: bool) -> None:
    got = read(spdx3(package("a"), *relations))

    assert got is not None
    assert got.complete is want


def test_with_two_things_that_it_is_about_a_bill_names_the_digest_of_none() -> None:
    two = BOM | {"rootElement": [ID + "router", ID + "a"]}
    got = read({"@context": CONTEXT, "@graph": [two, ROOT, package("a"), holds("a")]})

    assert got is not None
    assert (got.subject, got.complete, len(got.components)) == ("", False, 2)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (spdx3(context="https://spdx.org/rdf/3.1/spdx-context.jsonld"), "expected SPDX 3.0.1 .* got context"),
        (spdx3(context=[CONTEXT, {"x": "y"}]), "expected SPDX 3.0.1 .* got context"),
        ({"@context": CONTEXT}, "expected elements in @graph, got none"),
        ({"@context": CONTEXT, "@graph": [1]}, "a list of objects as @graph"),
        ({"@context": CONTEXT, "@graph": [{"spdxId": "x"}]}, "to have a type"),
        (spdx3(package("router")), "each spdxId once"),
        (spdx3({"type": "software_Package", "spdxId": ID + "x"}), "to have a name"),
        (
            spdx3(package("a", software_packageVersion=3)),
            "a text of bounded length as software_packageVersion",
        ),
        (spdx3(package("a", verifiedUsing=[{"algorithm": "sha256", "hashValue": "x"}])), "64 hexadecimal"),
        (spdx3(holds() | {"to": "x"}), "a list of texts as to"),
    ],
)
def test_spdx_3_that_is_not_of_its_form_is_refused(document: dict[str, Any], why: str) -> None:
    with pytest.raises(SourceError, match=f"^bom.json: .*{why}"):
        read(document)


def test_other_json_ld_is_no_bill() -> None:
    assert read({"@context": "https://schema.org", "@graph": []}) is None
