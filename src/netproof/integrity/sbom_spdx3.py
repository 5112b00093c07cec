"""What does a bill of materials in SPDX 3.0.1 (JSON-LD) list?

Read are the elements of `@graph` that are used here: packages with versions, package URLs and digests, and
the relationships that say what the bill is about and what holds what. They are read strictly, by the names
that the 3.0.1 context gives them; the context itself is not fetched, and another one is refused.
Source: SPDX 3.0.1, model Core and Software; JSON-LD serialization.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from netproof.errors import SourceError
from netproof.integrity.sbom_fields import (
    COMPONENTS_MAX,
    Listed,
    Sbom,
    in_order,
    needed_text,
    objects_of,
    sha256_of,
    text_of,
    texts_of,
    without_version,
)

FORM: Final = "SPDX 3.0.1"
CONTEXT: Final = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
_OF_SPDX: Final = "spdx.org/rdf/"
_PACKAGE: Final = "software_Package"
_BOMS: Final = ("SpdxDocument", "software_Sbom", "Bom", "Bundle")
_HOLDS: Final = "contains"
_Elements = Mapping[str, dict[str, Any]]


def read(name: str, document: dict[str, Any]) -> Sbom | None:
    """Return what a bill lists; None: the JSON is no SPDX 3.

    Args:
        name: Of the file.
        document: Its JSON.

    Raises:
        SourceError: It is of another version than 3.0.1, or not as its format prescribes.
    """
    context = document.get("@context")
    if context != CONTEXT:
        if _OF_SPDX in str(context):
            raise SourceError(f"{name}: expected {FORM} ({CONTEXT}), got context {str(context)[:120]!r}")
        return None
    graph = objects_of(name, document, "@graph")
    if not graph:
        raise SourceError(f"{name}: expected elements in @graph, got none")
    elements = _elements(name, graph)
    relations = [one for one in graph if _kind(name, one) == "Relationship"]
    roots = _roots(name, elements, relations)
    root = roots[0] if len(roots) == 1 else ""
    packages = {key: one for key, one in elements.items() if _kind(name, one) == _PACKAGE}
    if len(packages) > COMPONENTS_MAX:
        raise SourceError(f"{name}: expected at most {COMPONENTS_MAX:,} packages, got more")
    subject = _sha256(name, elements[root]) if root else ""
    listed = [_package(name, one) for key, one in packages.items() if key != root]
    return Sbom(name, FORM, _complete(name, elements, relations, root), subject, in_order(listed))


def _elements(name: str, graph: list[dict[str, Any]]) -> _Elements:
    """Return the elements that have an identifier, by it.

    Raises:
        SourceError: Two have the same.
    """
    found: dict[str, dict[str, Any]] = {}
    for one in graph:
        key = text_of(name, one, "spdxId")
        if not key:
            continue
        if key in found:
            raise SourceError(f"{name}: expected each spdxId once, got {key[:120]!r} twice")
        found[key] = one
    return found


def _kind(name: str, one: dict[str, Any]) -> str:
    """Return an element's type, which it must have."""
    return needed_text(name, one, "@type" if "@type" in one else "type")


def _roots(name: str, elements: _Elements, relations: list[dict[str, Any]]) -> list[str]:
    """Return what the bill is about: roots of bills that are no bills, or what a bill describes."""
    bills = {key for key, one in elements.items() if _kind(name, one) in _BOMS}
    named = [root for key in bills for root in texts_of(name, elements[key], "rootElement")]
    for one in relations:
        if text_of(name, one, "relationshipType") == "describes" and text_of(name, one, "from") in bills:
            named += texts_of(name, one, "to")
    return [key for key in dict.fromkeys(named) if key in elements and key not in bills]


def _complete(name: str, elements: _Elements, relations: list[dict[str, Any]], root: str) -> bool:
    """Return whether the bill says that it lists all that its root holds, and all that these hold."""
    holding = [one for one in relations if text_of(name, one, "relationshipType") == _HOLDS]
    if not root or not any(text_of(name, one, "from") == root for one in holding):
        return False
    return all(
        text_of(name, one, "completeness") == "complete" and elements.keys() >= set(texts_of(name, one, "to"))
        for one in holding
    )


def _package(name: str, one: dict[str, Any]) -> Listed:
    """Return a package."""
    called, version = needed_text(name, one, "name"), text_of(name, one, "software_packageVersion")
    links = [
        text_of(name, one, "software_packageUrl"),
        *(
            text_of(name, other, "identifier")
            for other in objects_of(name, one, "externalIdentifier")
            if text_of(name, other, "externalIdentifierType") == "packageUrl"
        ),
    ]
    purl = next((link for link in links if link), "")
    return Listed(without_version(purl) or f"package {called}", called, version, _sha256(name, one))


def _sha256(name: str, one: dict[str, Any]) -> str:
    """Return the SHA-256 of an element's bytes; empty: not said."""
    return sha256_of(name, one, "verifiedUsing", "algorithm", "hashValue")
