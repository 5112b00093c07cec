"""Finds the catalogues and checks that netproof ships, and those that a user brings.

A catalogue is an OSCAL file in `controls/`, a mapping from its controls to checks in `mappings/`,
and tables of its own in `reference/`.
"""

from __future__ import annotations

import csv
import difflib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from netproof.catalogue.check import Check, read_check
from netproof.catalogue.control import Catalogue, catalogue_of, read_catalogue
from netproof.errors import CatalogueError
from netproof.oscal.resolve import SUFFIXES, resolve_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from importlib.resources.abc import Traversable

_ROOT = resources.files(__package__)

DEFAULT_LIST = "de-tkg-2.0"
"""Catalogue whose critical functions and admitted documents count for those that bring none."""


def catalogue_ids() -> list[str]:
    """Return the ids of the shipped catalogues."""
    return sorted(
        f.name.removesuffix(".json") for f in (_ROOT / "controls").iterdir() if f.name.endswith(".json")
    )


@cache
def shipped_catalogue(name: str) -> Catalogue:
    """Return a shipped catalogue with its mapping.

    Raises:
        CatalogueError: There is none of that name.
    """
    known = catalogue_ids()
    if name not in known:
        close = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {close[0]}?" if close else "known are " + ", ".join(known)
        raise CatalogueError(f"expected a catalogue, got {name!r}", hint=hint)
    text = (_ROOT / "controls" / f"{name}.json").read_text("utf-8")
    mapping = _ROOT / "mappings" / f"{name}.toml"
    return read_catalogue(
        name, text, place=f"{name}.json", mapping=_mapping(mapping.read_text("utf-8"), mapping.name)
    )


def open_catalogue(name: str, home: Path | None = None) -> Catalogue:
    """Return a shipped catalogue by id, or one from an OSCAL catalog or profile in a file.

    A file's mapping lies beside it, `NAME.mapping.toml`; without it no control has a check.

    Raises:
        CatalogueError: There is none, it breaks its schema, or its mapping names what it has not.
    """
    if not name.lower().endswith(SUFFIXES):
        return shipped_catalogue(name)
    path = Path(name)
    if home is not None and not path.is_file():
        path = home / name
    resolved = resolve_file(path)
    beside = path.with_suffix(".mapping.toml")
    mapping = read_mapping(beside) if beside.is_file() else {}
    catalogue = catalogue_of(path.stem, resolved.catalog, mapping, resolved.notes)
    known = [control.id for control in catalogue.controls]
    for control in mapping:
        if control not in known:
            close = difflib.get_close_matches(control, known, n=1)
            hint = f"did you mean {close[0]}?" if close else ""
            raise CatalogueError(
                f"{beside.name}: expected a control of {path.name}, got {control!r}", hint=hint
            )
    return catalogue


def read_mapping(path: Path) -> dict[str, tuple[str, ...]]:
    """Return a mapping file as control id → check ids.

    Raises:
        CatalogueError: It cannot be read or is none.
    """
    try:
        return _mapping(path.read_text("utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path.name}: expected a mapping in TOML, got {error}") from error


def _mapping(text: str, place: str) -> dict[str, tuple[str, ...]]:
    """Return a mapping file as control id → check ids."""
    try:
        controls = tomllib.loads(text).get("controls", {})
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{place}: expected [controls] with lists of check ids, got {error}") from error
    for control, checks in controls.items() if isinstance(controls, dict) else [("controls", controls)]:
        if not isinstance(checks, list) or not all(isinstance(check, str) for check in checks):
            raise CatalogueError(f"{place}: {control}: expected a list of check ids, got {checks!r}")
    return {control: tuple(checks) for control, checks in controls.items()}


@cache
def shipped_checks() -> dict[str, Check]:
    """Return every check that netproof ships, by id, in order of id."""
    checks: dict[str, Check] = {}
    for family in sorted((_ROOT / "checks").iterdir(), key=lambda f: f.name):
        if family.is_dir():
            checks.update(_read_folder(family, own=False))
    return checks


def own_checks(folders: Iterable[Path]) -> dict[str, Check]:
    """Return the checks in a user's folders, by id.

    Raises:
        CatalogueError: A check is malformed, or has the id of another.
    """
    checks: dict[str, Check] = {}
    for folder in folders:
        for name, check in _read_folder(folder, own=True).items():
            if name in shipped_checks() or name in checks:
                raise CatalogueError(f"{name}: expected an id of its own, got one that another check has")
            checks[name] = check
    return checks


def _read_folder(folder: Traversable, *, own: bool) -> dict[str, Check]:
    """Return the checks whose files lie in a folder."""
    names = sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml"))
    return {name: read_check(folder, name, own=own) for name in names}


@dataclass(frozen=True, slots=True)
class ReferenceTable:
    """Rows that a catalogue brings for one table, as written."""

    table: str
    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def reference_tables(catalogues: Iterable[str]) -> list[ReferenceTable]:
    """Return the tables that the named catalogues bring; the default ones where one brings none."""
    tables = []
    brings = [name if (_ROOT / "reference" / name).is_dir() else DEFAULT_LIST for name in catalogues]
    for name in dict.fromkeys(brings):
        folder = _ROOT / "reference" / name
        for file in sorted(folder.iterdir(), key=lambda f: f.name):
            header, *rows = csv.reader(file.read_text("utf-8").splitlines(), strict=True)
            table = file.name.removesuffix(".csv")
            tables.append(
                ReferenceTable(table, f"{name}/{file.name}", tuple(header), tuple(tuple(row) for row in rows))
            )
    return tables
