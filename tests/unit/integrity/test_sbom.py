"""Bills of materials: what is read, what is refused, and when a list may be taken for whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from netproof.errors import SourceError
from netproof.integrity.sbom import CYCLONEDX, Listed, Sbom, differing, read_sbom

if TYPE_CHECKING:
    from pathlib import Path

DIGEST = "ab" * 32


def component(name: str, version: str = "1", **said: Any) -> dict[str, Any]:
    return {"type": "library", "name": name, "version": version} | said


def cyclonedx(*components: dict[str, Any], version: str = "1.6", **said: Any) -> dict[str, Any]:
    root = {"type": "firmware", "name": "router", "bom-ref": "root"}
    return {
        "bomFormat": "CycloneDX", "specVersion": version, "version": 1,
        "metadata": {"component": root}, "components": list(components),
    } | said  # fmt: skip


def spdx(*packages: dict[str, Any], **said: Any) -> dict[str, Any]:
    listed = [{"SPDXID": f"SPDXRef-{one['name']}", "downloadLocation": "NONE"} | one for one in packages]
    return {
        "spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "router", "dataLicense": "CC0-1.0",
        "documentNamespace": "https://kelmaro.example/router",
        "creationInfo": {"created": "2026-10-26T04:53:20Z", "creators": ["Tool: x"]}, "packages": listed,
    } | said  # fmt: skip


def read(document: Any) -> Sbom:
    got = read_sbom("bom.json", json.dumps(document).encode())
    assert got is not None
    return got


@pytest.mark.parametrize("version", CYCLONEDX)
def test_cyclonedx_is_read(version: str) -> None:
    purl = "pkg:generic/acme/zlib@1.3?arch=arm#x"
    one = component("zlib", "1.3", purl=purl, hashes=[{"alg": "SHA-256", "content": DIGEST.upper()}])

    got = read(cyclonedx(one, component("x", components=[component("y", group="g")]), version=version))

    assert got.form == f"CycloneDX {version}"
    assert got.components == (
        Listed("library g/y", "g/y", "1", ""),
        Listed("library x", "x", "1", ""),
        Listed("pkg:generic/acme/zlib", "zlib", "1.3", DIGEST),
    )


def test_spdx_is_read_without_what_it_describes() -> None:
    root = {
        "name": "router",
        "SPDXID": "SPDXRef-r",
        "checksums": [{"algorithm": "SHA256", "checksumValue": DIGEST}],
    }
    ref = {
        "referenceCategory": "PACKAGE-MANAGER",
        "referenceType": "purl",
        "referenceLocator": "pkg:npm/%40a/b@2",
    }
    document = spdx(
        root, {"name": "b", "SPDXID": "SPDXRef-b", "versionInfo": "2", "externalRefs": [ref]}, {"name": "c"},
        relationships=[{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES",
                        "relatedSpdxElement": "SPDXRef-r"}],
    )  # fmt: skip

    got = read(document)

    assert (got.form, got.subject, got.complete) == ("SPDX 2.3", DIGEST, False)
    assert [(one.key, one.version) for one in got.components] == [("package c", ""), ("pkg:npm/%40a/b", "2")]


@pytest.mark.parametrize(
    ("compositions", "want"),
    [
        (None, False),
        ([], False),
        ([{"aggregate": "complete"}], True),
        ([{"aggregate": "complete", "assemblies": ["root"]}], True),
        ([{"aggregate": "complete", "assemblies": ["other"]}], False),
        ([{"aggregate": "incomplete"}], False),
        ([{"aggregate": "unknown"}], False),
        ([{"aggregate": "not_specified"}], False),
        ([{"aggregate": "complete"}, {"aggregate": "incomplete", "assemblies": ["x"]}], False),
        ([{"aggregate": "complete", "dependencies": ["root"]}], False),
    ],
)
def test_a_list_is_whole_only_where_it_says_so(compositions: Any, want: bool) -> None:
    said = {} if compositions is None else {"compositions": compositions}

    assert read(cyclonedx(component("a"), **said)).complete is want


def test_a_whole_list_of_the_root_says_nothing_of_what_is_inside_its_components() -> None:
    inner = component("a", components=[component("b")]) | {"bom-ref": "a"}
    stated = [{"aggregate": "complete", "assemblies": ["root"]}]

    assert not read(cyclonedx(inner, compositions=stated)).complete
    stated[0]["assemblies"] = ["root", "a"]
    assert read(cyclonedx(inner, compositions=stated)).complete


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"bomFormat":"CycloneDX","bomFormat":"x"}', "twice"),
        (b'{"bomFormat":"CycloneDX","specVersion":NaN}', "NaN"),
        (b'{"bomFormat":' + b"[" * 100_000, "strict JSON"),
        (b'{"bomFormat"', "strict JSON"),
        (b'{"bomFormat":"\xff"}', "strict JSON"),
        (b'{"bomFormat":"CycloneDX","specVersion":"1.3"}', "CycloneDX 1.4 to 1.7"),
        (b'{"bomFormat":"CycloneDX","specVersion":"1.8"}', "CycloneDX 1.4 to 1.7"),
        (b'{"bomFormat":"CycloneDX","specVersion":16}', "as specVersion"),
        (b'{"bomFormat":"CycloneDX","specVersion":"1.6","components":{}}', "list of objects as components"),
        (b'{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"x"}]}', "to have a name"),
        (b'{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"x"}]}', "to have a type"),
        (b'{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":[]}', "an object as metadata"),
        (
            json.dumps(
                cyclonedx(component("x", hashes=[{"alg": "SHA-256", "content": "zz"}]))
            ).encode(),
            "64 hexadecimal",
        ),
        (b'{"spdxVersion":"SPDX-2.2"}', "expected SPDX-2.3"),
        (b'{"spdxVersion":"SPDX-2.3","packages":[1]}', "list of objects as packages"),
    ],
)  # fmt: skip
def test_what_the_format_does_not_allow_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        read_sbom("bom.json", data)


@pytest.mark.parametrize("data", [b"[]", b"{}", b'{"a": 1}', b"3"])
def test_other_json_is_no_bill(data: bytes) -> None:
    assert read_sbom("x.json", data) is None


def pairs(old: list[Listed], new: list[Listed]) -> list[tuple[str, str]]:
    return [
        (was.version if was else "-", now.version if now else "-")
        for was, now in differing(tuple(old), tuple(new))
    ]


def test_components_are_compared_by_what_they_are() -> None:
    def listed(key: str, version: str, sha256: str = "", name: str = "n") -> Listed:
        return Listed(key, name, version, sha256)

    assert pairs([listed("a", "1")], [listed("a", "2")]) == [("1", "2")]
    assert pairs([listed("a", "1")], [listed("b", "1")]) == [("1", "-"), ("-", "1")]
    assert pairs([listed("a", "1"), listed("a", "2")], [listed("a", "3"), listed("a", "4")]) == [
        ("1", "-"), ("2", "-"), ("-", "3"), ("-", "4"),
    ]  # fmt: skip
    assert pairs([listed("a", "1", "x")], [listed("a", "1", "y")]) == [("1", "1")]
    assert pairs([listed("a", "1", "x")], [listed("a", "1", "")]) == []
    assert pairs([listed("a", "1", name="n")], [listed("a", "1", name="m")]) == []


def test_real_bills_are_read(shared_data: Path) -> None:
    folder = shared_data / "cyclonedx"
    if not folder.is_dir():
        pytest.skip("no folder cyclonedx among the real files")

    got = {path.name: read_sbom(path.name, path.read_bytes()) for path in sorted(folder.glob("*.json"))}

    told = {
        name: (one.form, len(one.components), one.complete) for name, one in got.items() if one is not None
    }
    assert told["valid-dependency-1.7.json"] == ("CycloneDX 1.7", 3, False)
    assert told["hbom-pcie-sata.json"][0] == told["obom.json"][0] == "CycloneDX 1.4"
    assert told["hbom-pcie-sata.json"][1] >= 6
