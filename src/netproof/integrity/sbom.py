"""What does a bill of materials (SBOM) list, and does it say that its list is complete?

CycloneDX 1.4 to 1.7 and SPDX 2.3 as JSON, by their official schemas, and SPDX 3.0.1 (`sbom_spdx3`). An SBOM
that does not say that it is complete leaves unknown what it does not list: CycloneDX can say it
(`compositions`), SPDX 3 too (`completeness`), SPDX 2.3 has no field for it.

Source: CycloneDX 1.4 to 1.7, JSON reference; SPDX specification 2.3, clauses 7 and 11.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from netproof.errors import SourceError
from netproof.integrity import sbom_spdx3
from netproof.integrity.sbom_fields import (
    COMPONENTS_MAX,
    Listed,
    Sbom,
    in_order,
    needed_text,
    object_of,
    objects_of,
    sha256_of,
    text_of,
    texts_of,
    without_version,
)
from netproof.integrity.sbom_schema import assert_valid

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CYCLONEDX", "SPDX", "Listed", "Sbom", "differing", "read_sbom"]

CYCLONEDX: Final = ("1.4", "1.5", "1.6", "1.7")
SPDX: Final = "SPDX-2.3"


def read_sbom(name: str, data: bytes) -> Sbom | None:
    """Return what an SBOM lists; None: the file is JSON, but no SBOM.

    Args:
        name: Of the file.
        data: Its bytes.

    Raises:
        SourceError: It is not strict JSON, of a version that is not read, or breaks its format's schema.
    """
    document = _json(name, data)
    if not isinstance(document, dict):
        return None
    if "bomFormat" in document:
        found = _cyclonedx(name, document)
    elif "spdxVersion" in document:
        found = _spdx(name, document)
    else:
        return sbom_spdx3.read(name, document)
    assert_valid(name, found.form, document)
    return found


def _json(name: str, data: bytes) -> Any:
    """Return a JSON document in which no key stands twice and every number is one."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("a key twice in one object")
        return found

    def no_number(word: str) -> Any:
        raise ValueError(word)

    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=once, parse_constant=no_number)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{name}: expected strict JSON, got: {str(error)[:200]}") from error


def _cyclonedx(name: str, document: dict[str, Any]) -> Sbom:
    """Return what a CycloneDX document lists."""
    version = text_of(name, document, "specVersion")
    if document["bomFormat"] != "CycloneDX" or version not in CYCLONEDX:
        raise SourceError(
            f"{name}: expected CycloneDX {CYCLONEDX[0]} to {CYCLONEDX[-1]}, got {version[:40]!r}"
        )
    root = object_of(name, object_of(name, document, "metadata"), "component")
    listed: list[Listed] = []
    parents: set[str] = set()
    todo = [*objects_of(name, document, "components"), *objects_of(name, root, "components")]
    while todo:
        one = todo.pop()
        if len(listed) >= COMPONENTS_MAX:
            raise SourceError(f"{name}: expected at most {COMPONENTS_MAX:,} components, got more")
        listed.append(_cyclonedx_component(name, one))
        inner = objects_of(name, one, "components")
        if inner:
            parents.add(text_of(name, one, "bom-ref"))
            todo += inner
    return Sbom(
        name,
        f"CycloneDX {version}",
        _complete(name, document, text_of(name, root, "bom-ref"), parents),
        sha256_of(name, root, "hashes", "alg", "content"),
        in_order(listed),
    )


def _cyclonedx_component(name: str, one: dict[str, Any]) -> Listed:
    """Return a component of a CycloneDX document."""
    called, version = needed_text(name, one, "name"), text_of(name, one, "version")
    group, kind = text_of(name, one, "group"), needed_text(name, one, "type")
    shown = f"{group}/{called}" if group else called
    key = without_version(text_of(name, one, "purl")) or f"{kind} {shown}"
    return Listed(key, shown, version, sha256_of(name, one, "hashes", "alg", "content"))


def _complete(name: str, document: dict[str, Any], root: str, parents: set[str]) -> bool:
    """Return whether a CycloneDX document says that it lists everything.

    A statement about an assembly is about what it is made of directly, so every component that holds
    others must be named. A statement that names nothing is about the whole document.
    """
    stated = objects_of(name, document, "compositions")
    if not stated or any(text_of(name, one, "aggregate") != "complete" for one in stated):
        return False
    named = [{*texts_of(name, one, "assemblies"), *texts_of(name, one, "dependencies")} for one in stated]
    if not all(named):
        return True
    assemblies = {ref for one in stated for ref in texts_of(name, one, "assemblies")}
    return bool(root) and root in assemblies and parents <= assemblies


def _spdx(name: str, document: dict[str, Any]) -> Sbom:
    """Return what an SPDX document lists."""
    version = text_of(name, document, "spdxVersion")
    if version != SPDX:
        raise SourceError(f"{name}: expected {SPDX}, got {version[:40]!r}")
    described = set(texts_of(name, document, "documentDescribes"))
    for one in objects_of(name, document, "relationships"):
        if (text_of(name, one, "spdxElementId"), text_of(name, one, "relationshipType")) == (
            "SPDXRef-DOCUMENT",
            "DESCRIBES",
        ):
            described.add(text_of(name, one, "relatedSpdxElement"))
    packages = objects_of(name, document, "packages")
    if len(packages) > COMPONENTS_MAX:
        raise SourceError(f"{name}: expected at most {COMPONENTS_MAX:,} packages, got more")
    roots = [one for one in packages if text_of(name, one, "SPDXID") in described]
    subject = sha256_of(name, roots[0], "checksums", "algorithm", "checksumValue") if len(roots) == 1 else ""
    listed = [_spdx_package(name, one) for one in packages if len(roots) != 1 or one is not roots[0]]
    return Sbom(name, SPDX.replace("-", " "), complete=False, subject=subject, components=in_order(listed))


def _spdx_package(name: str, one: dict[str, Any]) -> Listed:
    """Return a package of an SPDX document."""
    called = needed_text(name, one, "name")
    links = [
        text_of(name, ref, "referenceLocator")
        for ref in objects_of(name, one, "externalRefs")
        if text_of(name, ref, "referenceType") == "purl"
    ]
    key = without_version(links[0]) if links else f"package {called}"
    digest = sha256_of(name, one, "checksums", "algorithm", "checksumValue")
    return Listed(key, called, text_of(name, one, "versionInfo"), digest)


def differing(
    old: tuple[Listed, ...], new: tuple[Listed, ...]
) -> Iterator[tuple[Listed | None, Listed | None]]:
    """Yield the components that differ: before and after; None where there is none.

    Components of one key are told apart by version. Where one version went and one came, it changed; more
    than that is told as removed and added.
    """
    before, after = _by_key(old), _by_key(new)
    for key in sorted({*before, *after}):
        was, now = before.get(key, []), after.get(key, [])
        gone = _without(was, now)
        came = _without(now, was)
        if len(gone) == len(came) == 1:
            if gone[0].version != came[0].version or (gone[0].sha256 and came[0].sha256):
                yield gone[0], came[0]  # a digest that only one side states is no difference
            continue
        yield from ((one, None) for one in gone)
        yield from ((None, one) for one in came)


def _by_key(listed: tuple[Listed, ...]) -> dict[str, list[Listed]]:
    """Return components by their key."""
    found: dict[str, list[Listed]] = {}
    for one in listed:
        found.setdefault(one.key, []).append(one)
    return found


def _without(some: list[Listed], others: list[Listed]) -> list[Listed]:
    """Return what is not among the others."""
    known = {(one.version, one.sha256) for one in others}
    return [one for one in some if (one.version, one.sha256) not in known]
