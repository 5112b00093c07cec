"""What does a bill of materials (SBOM) list, and does it say that its list is complete?

CycloneDX 1.4 to 1.7 and SPDX 2.3, as JSON. The parts that are used are held against what the formats
prescribe for them; the rest is passed over. An SBOM that does not say that it is complete leaves unknown
what it does not list: CycloneDX can say it (`compositions`), SPDX 2.3 has no field for it.

Source: CycloneDX 1.4 to 1.7, JSON reference; SPDX specification 2.3, clauses 7 and 11.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from netproof.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

CYCLONEDX: Final = ("1.4", "1.5", "1.6", "1.7")
SPDX: Final = "SPDX-2.3"
COMPONENTS_MAX: Final = 500_000
TEXT_MAX: Final = 8192
_DIGEST: Final = {"SHA-256": "sha256", "SHA256": "sha256"}


@dataclass(frozen=True, slots=True)
class Listed:
    """A component that an SBOM lists.

    Attributes:
        key: What it is, whatever its version: its package URL without the version, else kind and name.
        name: For people.
        version: As written; empty: not said.
        sha256: Of its bytes; empty: not said.
    """

    key: str
    name: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Sbom:
    """A bill of materials.

    Attributes:
        name: Of the file.
        form: CycloneDX or SPDX, and its version.
        complete: Whether it says that it lists everything; False means unknown.
        subject: SHA-256 of what it is about; empty: not said.
        components: In the order of their keys.
    """

    name: str
    form: str
    complete: bool
    subject: str
    components: tuple[Listed, ...]


def read_sbom(name: str, data: bytes) -> Sbom | None:
    """Return what an SBOM lists; None: the file is JSON, but no SBOM.

    Args:
        name: Of the file.
        data: Its bytes.

    Raises:
        SourceError: It is not strict JSON, of a version that is not read, or not as its format prescribes.
    """
    document = _json(name, data)
    if not isinstance(document, dict):
        return None
    if "bomFormat" in document:
        return _cyclonedx(name, document)
    if "spdxVersion" in document:
        return _spdx(name, document)
    return None


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
    version = _text(name, document, "specVersion")
    if document["bomFormat"] != "CycloneDX" or version not in CYCLONEDX:
        raise SourceError(
            f"{name}: expected CycloneDX {CYCLONEDX[0]} to {CYCLONEDX[-1]}, got {version[:40]!r}"
        )
    root = _object(name, _object(name, document, "metadata"), "component")
    listed: list[Listed] = []
    parents: set[str] = set()
    todo = [*_objects(name, document, "components"), *_objects(name, root, "components")]
    while todo:
        one = todo.pop()
        if len(listed) >= COMPONENTS_MAX:
            raise SourceError(f"{name}: expected at most {COMPONENTS_MAX:,} components, got more")
        listed.append(_cyclonedx_component(name, one))
        inner = _objects(name, one, "components")
        if inner:
            parents.add(_text(name, one, "bom-ref"))
            todo += inner
    return Sbom(
        name,
        f"CycloneDX {version}",
        _complete(name, document, _text(name, root, "bom-ref"), parents),
        _sha256(name, root, "hashes", "alg", "content"),
        _sorted(listed),
    )


def _cyclonedx_component(name: str, one: dict[str, Any]) -> Listed:
    """Return a component of a CycloneDX document."""
    called, version = _needed(name, one, "name"), _text(name, one, "version")
    group, kind = _text(name, one, "group"), _needed(name, one, "type")
    shown = f"{group}/{called}" if group else called
    key = _without_version(_text(name, one, "purl")) or f"{kind} {shown}"
    return Listed(key, shown, version, _sha256(name, one, "hashes", "alg", "content"))


def _complete(name: str, document: dict[str, Any], root: str, parents: set[str]) -> bool:
    """Return whether a CycloneDX document says that it lists everything.

    A statement about an assembly is about what it is made of directly, so every component that holds
    others must be named. A statement that names nothing is about the whole document.
    """
    stated = _objects(name, document, "compositions")
    if not stated or any(_text(name, one, "aggregate") != "complete" for one in stated):
        return False
    named = [{*_texts(name, one, "assemblies"), *_texts(name, one, "dependencies")} for one in stated]
    if not all(named):
        return True
    assemblies = {ref for one in stated for ref in _texts(name, one, "assemblies")}
    return bool(root) and root in assemblies and parents <= assemblies


def _spdx(name: str, document: dict[str, Any]) -> Sbom:
    """Return what an SPDX document lists."""
    version = _text(name, document, "spdxVersion")
    if version != SPDX:
        raise SourceError(f"{name}: expected {SPDX}, got {version[:40]!r}")
    described = set(_texts(name, document, "documentDescribes"))
    for one in _objects(name, document, "relationships"):
        if (_text(name, one, "spdxElementId"), _text(name, one, "relationshipType")) == (
            "SPDXRef-DOCUMENT",
            "DESCRIBES",
        ):
            described.add(_text(name, one, "relatedSpdxElement"))
    packages = _objects(name, document, "packages")
    if len(packages) > COMPONENTS_MAX:
        raise SourceError(f"{name}: expected at most {COMPONENTS_MAX:,} packages, got more")
    roots = [one for one in packages if _text(name, one, "SPDXID") in described]
    subject = _sha256(name, roots[0], "checksums", "algorithm", "checksumValue") if len(roots) == 1 else ""
    listed = [_spdx_package(name, one) for one in packages if len(roots) != 1 or one is not roots[0]]
    return Sbom(name, SPDX.replace("-", " "), complete=False, subject=subject, components=_sorted(listed))


def _spdx_package(name: str, one: dict[str, Any]) -> Listed:
    """Return a package of an SPDX document."""
    called = _needed(name, one, "name")
    links = [
        _text(name, ref, "referenceLocator")
        for ref in _objects(name, one, "externalRefs")
        if _text(name, ref, "referenceType") == "purl"
    ]
    key = _without_version(links[0]) if links else f"package {called}"
    digest = _sha256(name, one, "checksums", "algorithm", "checksumValue")
    return Listed(key, called, _text(name, one, "versionInfo"), digest)


def _without_version(purl: str) -> str:
    """Return a package URL without version, qualifiers and subpath."""
    bare = purl.split("#", 1)[0].split("?", 1)[0]
    start, at, _ = bare.rpartition("@")
    return start if at and "/" in start else bare


def _sorted(listed: list[Listed]) -> tuple[Listed, ...]:
    """Return components in one order, each once."""
    return tuple(sorted(set(listed), key=lambda one: (one.key, one.version, one.sha256, one.name)))


def _sha256(name: str, one: dict[str, Any], field: str, kind: str, value: str) -> str:
    """Return the SHA-256 among a component's digests, in small letters."""
    for digest in _objects(name, one, field):
        if _text(name, digest, kind) in _DIGEST:
            text = _text(name, digest, value).lower()
            if len(text) != 64 or text.strip("0123456789abcdef"):
                raise SourceError(f"{name}: expected 64 hexadecimal digits as SHA-256, got {text[:80]!r}")
            return text
    return ""


def _object(name: str, one: dict[str, Any], field: str) -> dict[str, Any]:
    """Return an object that may be missing."""
    value = one.get(field, {})
    if not isinstance(value, dict):
        raise SourceError(f"{name}: expected an object as {field}, got {type(value).__name__}")
    return value


def _objects(name: str, one: dict[str, Any], field: str) -> list[dict[str, Any]]:
    """Return a list of objects that may be missing."""
    value = one.get(field, [])
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise SourceError(f"{name}: expected a list of objects as {field}, got something else")
    return value


def _texts(name: str, one: dict[str, Any], field: str) -> list[str]:
    """Return a list of texts that may be missing."""
    value = one.get(field, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise SourceError(f"{name}: expected a list of texts as {field}, got something else")
    return value


def _text(name: str, one: dict[str, Any], field: str) -> str:
    """Return a text that may be missing."""
    value = one.get(field, "")
    if not isinstance(value, str) or len(value) > TEXT_MAX:
        raise SourceError(f"{name}: expected a text of bounded length as {field}, got something else")
    return value


def _needed(name: str, one: dict[str, Any], field: str) -> str:
    """Return a text that must be there."""
    value = _text(name, one, field)
    if not value:
        raise SourceError(f"{name}: expected every component to have a {field}, got one without")
    return value


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
