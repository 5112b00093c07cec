"""A requirement as data: the controls of an OSCAL catalog, with legal status, dates and sources.

Reads OSCAL JSON that the official schema accepts; what netproof adds stands in props of its own
namespace.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netproof.catalogue.check import Reference
from netproof.oscal.read import read_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NAMESPACE = "https://netproof.example/ns/oscal"
"""Namespace of netproof's own props. Nothing lies at that address."""


@dataclass(frozen=True, slots=True)
class Control:
    """One requirement.

    Attributes:
        checks: Ids of the checks that decide it; without any, a person answers.
    """

    id: str
    title: str
    prose: str
    legal_status: str
    valid_from: str
    valid_to: str
    sources: tuple[Reference, ...]
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One catalogue."""

    id: str
    title: str
    version: str
    legal_status: str
    notes: tuple[str, ...]
    controls: tuple[Control, ...]

    def check_ids(self) -> list[str]:
        """Return the checks that its controls ask for, each once, in order."""
        return list(dict.fromkeys(check for control in self.controls for check in control.checks))


def read_catalogue(name: str, text: str, *, place: str, mapping: Mapping[str, tuple[str, ...]]) -> Catalogue:
    """Read an OSCAL catalog.

    Args:
        name: Its id within netproof.
        text: The JSON text.
        place: File name, for errors.
        mapping: Control id → check ids.

    Raises:
        CatalogueError: It is not JSON, not a catalog, or breaks OSCAL's schema.
    """
    catalog = read_document(text, "catalog", place=place)
    metadata = catalog["metadata"]
    controls = tuple(_control(raw, mapping) for raw in _walk(catalog))
    return Catalogue(
        id=name,
        title=metadata["title"],
        version=metadata["version"],
        legal_status=_prop(metadata, "legal-status"),
        notes=tuple(
            p["remarks"] for p in metadata.get("props", []) if p["name"] == "note" and "remarks" in p
        ),
        controls=controls,
    )


def _walk(parent: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the controls of a catalog, group or control, in order."""
    for group in parent.get("groups", []):
        yield from _walk(group)
    for control in parent.get("controls", []):
        yield control
        yield from _walk(control)


def _prop(parent: Mapping[str, Any], name: str) -> str:
    """Return the value of a prop of that name; empty where there is none."""
    return next((str(p["value"]) for p in parent.get("props", []) if p["name"] == name), "")


def _control(raw: Mapping[str, Any], mapping: Mapping[str, tuple[str, ...]]) -> Control:
    """Freeze a control."""
    sources = tuple(
        Reference(text=p.get("remarks", p["value"]), url=_url(p["value"]), tag=p.get("class", ""))
        for p in raw.get("props", [])
        if p["name"] == "source"
    )
    return Control(
        id=raw["id"],
        title=raw["title"],
        prose="\n\n".join(_prose(raw.get("parts", []))),
        legal_status=_prop(raw, "legal-status"),
        valid_from=_prop(raw, "valid-from"),
        valid_to=_prop(raw, "valid-to"),
        sources=sources,
        checks=mapping.get(raw["id"], ()),
    )


def _url(value: str) -> str:
    """Return the value where it is an address."""
    return value if value.startswith(("http://", "https://")) else ""


def _prose(parts: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the prose of statements, in order."""
    for part in parts:
        if "prose" in part:
            yield part["prose"]
        yield from _prose(part.get("parts", []))
