"""Which releases does a bill of materials (SBOM) list?

Software that is delivered as such: firmware, operating systems, applications, drivers, containers, with their
versions and SHA-256. What is no release of its own (a library, a file) is counted; what lacks a version or a
digest is told. Source: CycloneDX 1.4 to 1.7, `components`; SPDX 2.3 clause 7.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from netproof.errors import SourceError
from netproof.integrity.sbom import read_sbom

if TYPE_CHECKING:
    from collections.abc import Iterator

TAKEN: Final = frozenset(
    {"application", "container", "device-driver", "firmware", "operating-system", "platform", "install"}
)
"""Kinds of components that are releases of their own, as CycloneDX and SPDX (in small letters) name them."""
_HEX: Final = {"SHA-256": "sha256", "SHA256": "sha256", "SHA-512": "sha512", "SHA512": "sha512"}
_LENGTH: Final = {"sha256": 64, "sha512": 128}
_PERSON: Final = re.compile(r"^(?:Organization|Person):\s*|\s*\([^()]*\)\s*$")


@dataclass(frozen=True, slots=True)
class Item:
    """A component that is a release.

    Attributes:
        kind: as the bill names it; empty: it does not.
        supplier: as the bill names it; empty: it does not.
        name: likewise.
        version: likewise; empty: it has none.
        digests: by algorithm.
    """

    kind: str
    supplier: str
    name: str
    version: str
    digests: dict[str, str]

    @property
    def lacks(self) -> str:
        """Return what it lacks to be logged; empty: nothing."""
        if not self.version:
            return "the bill gives it no version"
        return "" if "sha256" in self.digests else "the bill gives it no SHA-256"


@dataclass(slots=True)
class Bill:
    """What a bill of materials lists.

    Attributes:
        form: its format and version.
        complete: whether it says that it lists everything.
        items: the releases, in its order.
        left_out: how many components of which kind are no releases of their own.
    """

    form: str
    complete: bool
    items: list[Item] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def read_bill(name: str, data: bytes) -> Bill:
    """Return the releases that a bill of materials lists.

    Args:
        name: of the file.
        data: its bytes.

    Raises:
        SourceError: it is no bill in a format that is read here.
    """
    known = read_sbom(name, data)  # refuses what is not as the format prescribes
    document: dict[str, Any] = json.loads(data.decode("utf-8-sig")) if known is not None else {}
    bill = Bill(known.form if known else "", complete=known.complete if known else False)
    if "bomFormat" in document:
        found = _cyclonedx(name, document)
    elif document.get("spdxVersion") == "SPDX-2.3":
        found = _spdx(name, document)
    else:
        raise SourceError(
            f"{name}: expected a bill of materials, CycloneDX or SPDX 2.3 as JSON, got something else",
            hint="convert it, or log the files themselves: release add NET FILE...",
        )
    for item, taken in found:
        if taken:
            bill.items.append(item)
        else:
            bill.left_out[item.kind or "of no kind"] += 1
    return bill


def _cyclonedx(name: str, document: dict[str, Any]) -> Iterator[tuple[Item, bool]]:
    """Yield the components of a CycloneDX document, and whether each is a release."""
    metadata = document.get("metadata", {})
    default = _called(name, metadata, "supplier") or _called(name, metadata, "manufacturer")
    root = metadata.get("component")
    todo = [*reversed(document.get("components", [])), *([root] if root else [])]
    while todo:
        one = todo.pop()
        todo += reversed(one.get("components", []))
        supplier = _called(name, one, "supplier") or _called(name, one, "manufacturer")
        supplier = supplier or _text(name, one, "publisher") or default
        shown = f"{one['group']}/{one['name']}" if one.get("group") else str(one["name"])
        kind = str(one["type"])
        digests = _digests(name, one, "hashes", ("alg", "content"))
        yield Item(kind, supplier, shown, _text(name, one, "version"), digests), kind in TAKEN


def _spdx(name: str, document: dict[str, Any]) -> Iterator[tuple[Item, bool]]:
    """Yield the packages of an SPDX document, and whether each is a release."""
    described = set(document.get("documentDescribes", []))
    for one in document.get("relationships", []):
        if (one.get("spdxElementId"), one.get("relationshipType")) == ("SPDXRef-DOCUMENT", "DESCRIBES"):
            described.add(one.get("relatedSpdxElement"))
    for one in document.get("packages", []):
        kind = _text(name, one, "primaryPackagePurpose").lower().replace("_", "-")
        supplier = _text(name, one, "supplier") or _text(name, one, "originator")
        supplier = "" if supplier in {"NOASSERTION", "NONE"} else _PERSON.sub("", supplier)
        version = _text(name, one, "versionInfo")
        digests = _digests(name, one, "checksums", ("algorithm", "checksumValue"))
        taken = kind in TAKEN or (not kind and one.get("SPDXID") in described)
        yield Item(kind, supplier, str(one["name"]), version, digests), taken


def _digests(name: str, one: dict[str, Any], field_: str, keys: tuple[str, str]) -> dict[str, str]:
    """Return the strong digests that a component states."""
    found: dict[str, str] = {}
    for item in one.get(field_, []):
        algorithm = _HEX.get(str(item.get(keys[0])))
        if algorithm is None:
            continue
        digest = _text(name, item, keys[1]).lower()
        if len(digest) != _LENGTH[algorithm] or digest.strip("0123456789abcdef"):
            raise SourceError(f"{name}: expected a {algorithm} in hexadecimal, got {digest[:80]!r}")
        if found.setdefault(algorithm, digest) != digest:
            raise SourceError(f"{name}: expected one {algorithm} a component, got two for {one['name']!r}")
    return found


def _called(name: str, one: dict[str, Any], field_: str) -> str:
    """Return what an organisation of a CycloneDX document is called; empty: nothing is said."""
    value = one.get(field_) or {}
    if not isinstance(value, dict):
        raise SourceError(f"{name}: expected an object as {field_}, got {type(value).__name__}")
    return _text(name, value, "name")


def _text(name: str, one: dict[str, Any], field_: str) -> str:
    """Return a text that may be missing."""
    value = one.get(field_) or ""
    if not isinstance(value, str):
        raise SourceError(f"{name}: expected a text as {field_}, got {type(value).__name__}")
    return value.strip()
