"""The values of a bill of materials, and its fields, read strictly.

A field that is there must be of its kind and of bounded length; which fields must be there, the formats'
readers know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from netproof.errors import SourceError

COMPONENTS_MAX: Final = 500_000
TEXT_MAX: Final = 8192
_DIGEST: Final = {"SHA-256": "sha256", "SHA256": "sha256", "sha256": "sha256"}


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


def without_version(purl: str) -> str:
    """Return a package URL without version, qualifiers and subpath."""
    bare = purl.split("#", 1)[0].split("?", 1)[0]
    start, at, _ = bare.rpartition("@")
    return start if at and "/" in start else bare


def in_order(listed: list[Listed]) -> tuple[Listed, ...]:
    """Return components in one order, each once."""
    return tuple(sorted(set(listed), key=lambda one: (one.key, one.version, one.sha256, one.name)))


def sha256_of(name: str, one: dict[str, Any], field: str, kind: str, value: str) -> str:
    """Return the SHA-256 among a component's digests, in small letters."""
    for digest in objects_of(name, one, field):
        if text_of(name, digest, kind) in _DIGEST:
            text = text_of(name, digest, value).lower()
            if len(text) != 64 or text.strip("0123456789abcdef"):
                raise SourceError(f"{name}: expected 64 hexadecimal digits as SHA-256, got {text[:80]!r}")
            return text
    return ""


def object_of(name: str, one: dict[str, Any], field: str) -> dict[str, Any]:
    """Return an object that may be missing."""
    value = one.get(field, {})
    if not isinstance(value, dict):
        raise SourceError(f"{name}: expected an object as {field}, got {type(value).__name__}")
    return value


def objects_of(name: str, one: dict[str, Any], field: str) -> list[dict[str, Any]]:
    """Return a list of objects that may be missing."""
    value = one.get(field, [])
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise SourceError(f"{name}: expected a list of objects as {field}, got something else")
    return value


def texts_of(name: str, one: dict[str, Any], field: str) -> list[str]:
    """Return a list of texts that may be missing."""
    value = one.get(field, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise SourceError(f"{name}: expected a list of texts as {field}, got something else")
    return value


def text_of(name: str, one: dict[str, Any], field: str) -> str:
    """Return a text that may be missing."""
    value = one.get(field, "")
    if not isinstance(value, str) or len(value) > TEXT_MAX:
        raise SourceError(f"{name}: expected a text of bounded length as {field}, got something else")
    return value


def needed_text(name: str, one: dict[str, Any], field: str) -> str:
    """Return a text that must be there."""
    value = text_of(name, one, field)
    if not value:
        raise SourceError(f"{name}: expected every component to have a {field}, got one without")
    return value
