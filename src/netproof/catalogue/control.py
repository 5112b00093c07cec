"""A requirement as data: the controls of an OSCAL catalog, with legal status, dates and sources.

Reads an OSCAL catalog that the official schema accepts; what netproof adds stands in props of its
own namespace.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from netproof.catalogue.check import Reference
from netproof.catalogue.prose import all_params, prose, written
from netproof.errors import CatalogueError
from netproof.oscal.read import read_document
from netproof.oscal.select import walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    return catalogue_of(name, read_document(text, "catalog", place=place), mapping)


def catalogue_of(
    name: str, catalog: Mapping[str, Any], mapping: Mapping[str, tuple[str, ...]], notes: Iterable[str] = ()
) -> Catalogue:
    """Return the catalogue that an OSCAL catalog's body says.

    Args:
        name: Its id within netproof.
        catalog: The body, valid by the schema.
        mapping: Control id → check ids.
        notes: What was odd on the way to it.

    Raises:
        CatalogueError: A control stands there twice, or a date of netproof's own is none.
    """
    metadata = catalog["metadata"]
    found = list(walk(catalog))
    twice = [control for control, number in Counter(raw["id"] for raw in found).items() if number > 1]
    if twice:
        raise CatalogueError(
            f"{name}: expected every control once, got more than one of {', '.join(twice[:5])}",
            hint="a profile that imports a control twice needs merge/combine with method use-first",
        )
    params = dict(all_params(catalog))
    return Catalogue(
        id=name,
        title=metadata["title"],
        version=metadata["version"],
        legal_status=_prop(metadata, "legal-status"),
        notes=(
            *(p["remarks"] for p in _props(metadata) if p["name"] == "note" and "remarks" in p),
            *notes,
        ),
        controls=tuple(_control(raw, mapping, params) for raw in found),
    )


def _props(parent: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the props of netproof's own namespace; other people's words may mean something else."""
    return [p for p in parent.get("props", ()) if p.get("ns") == NAMESPACE]


def _prop(parent: Mapping[str, Any], name: str) -> str:
    """Return the value of a prop of that name; empty where there is none."""
    return next((str(p["value"]) for p in _props(parent) if p["name"] == name), "")


def _day(raw: Mapping[str, Any], name: str) -> str:
    """Return the value of a prop that is a date; empty where there is none."""
    value = _prop(raw, name)
    try:
        return value and date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise CatalogueError(
            f"{raw['id']}: {name}: expected a date like 2026-11-01, got {value!r}"
        ) from error


def _control(
    raw: Mapping[str, Any], mapping: Mapping[str, tuple[str, ...]], params: Mapping[str, Mapping[str, Any]]
) -> Control:
    """Freeze a control."""
    sources = tuple(
        Reference(text=p.get("remarks", p["value"]), url=_url(p["value"]), tag=p.get("class", ""))
        for p in _props(raw)
        if p["name"] == "source"
    )
    return Control(
        id=raw["id"],
        title=written(raw["title"], params),
        prose=prose(raw.get("parts", ()), params),
        legal_status=_prop(raw, "legal-status"),
        valid_from=_day(raw, "valid-from"),
        valid_to=_day(raw, "valid-to"),
        sources=sources,
        checks=mapping.get(raw["id"], ()),
    )


def _url(value: str) -> str:
    """Return the value where it is an address."""
    return value if value.startswith(("http://", "https://")) else ""
