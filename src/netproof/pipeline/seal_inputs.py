"""Which files does an assessment rest on, and which bytes do they hold?

All that `check` reads of a network's folder: network.toml, tables, documents and trust anchors, the
operator's own checks and catalogues, the log's policy and keys. Names are relative: the folder can be moved.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from netproof.catalogue.digest import catalogue_files, combined, restriction_files
from netproof.errors import SourceError
from netproof.oscal.resolve import SUFFIXES, resolve_file
from netproof.sources.documents.judge import FOLDER
from netproof.sources.documents.status import TRUST
from netproof.sources.folder import table_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from netproof.pipeline.stages import Plan

RELEASES: Final = "releases"
"""The folder of the log, in a network's folder."""
FILES_MAX: Final = 200_000
"""Files of one network."""
NOT_STATED: Final = "not stated"
"""Version of a catalogue that does not say any."""
_LOG_FILES: Final = ("log.toml", "policy")


@dataclass(frozen=True, slots=True)
class Input:
    """One file that was read.

    Attributes:
        path: Its name in the network's folder.
        table: What it belongs to: a table, or `documents`, `trust`, `checks`, `catalogues`, `releases`.
        sha256: Digest of its bytes.
        size: How many.
    """

    path: str
    table: str
    sha256: str
    size: int


def inputs_of(path: Path, asked: Plan, catalogues: Iterable[str]) -> tuple[Input, ...]:
    """Return the files that an assessment reads, in the order of their names.

    Args:
        path: The network's folder or file.
        asked: What is asked of it.
        catalogues: Names of the catalogues, as `inside` gives them.

    Raises:
        SourceError: A file cannot be read, or lies outside of the folder.

    Cost: one pass over all bytes.
    """
    home = path if path.is_dir() else path.parent
    found: dict[str, Input] = {}
    for table, file in _files(path, home, asked, catalogues):
        name = _relative(home, file)
        if name not in found:
            found[name] = Input(name, table, *_digest(file, name))
        if len(found) > FILES_MAX:
            raise SourceError(f"{home}: expected at most {FILES_MAX:,} files, got more")
    return tuple(found[name] for name in sorted(found))


def by_table(inputs: Iterable[Input]) -> list[dict[str, str]]:
    """Return a digest a table, for the public entry: it names no file."""
    grouped: dict[str, dict[str, str]] = {}
    for one in inputs:
        grouped.setdefault(one.table, {})[one.path] = one.sha256
    return [
        {
            "table": table,
            "sha256": next(iter(files.values())) if len(files) == 1 else combined(files),
        }
        for table, files in sorted(grouped.items())
    ]


def inside(home: Path, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of catalogues as anybody with the folder can use them.

    Args:
        home: The network's folder.
        names: Ids, or files as the user named them.

    Raises:
        SourceError: A file lies outside of the folder.
    """
    return tuple(_relative(home, _file(home, name)) if _is_file(name) else name for name in names)


def placed(home: Path, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that `inside` made as this process can open them, wherever it was started.

    Raises:
        SourceError: One leads out of the folder.
    """
    return tuple(
        str(home.resolve() / _relative(home, _file(home, name, here=False))) if _is_file(name) else name
        for name in names
    )


def rules_of(asked: Plan, catalogues: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the digests of the shipped files behind what is asked: by catalogue or set, then by name."""
    rules = {
        catalogue.id: catalogue_files(catalogue, shipped=not _is_file(name))
        for name, catalogue in zip(catalogues, asked.catalogues, strict=True)
    }
    return rules | {f"restrictions/{name}": restriction_files(name) for name in asked.restrictions}


def stated_rules(asked: Plan, rules: Mapping[str, Mapping[str, str]]) -> dict[str, list[dict[str, Any]]]:
    """Return catalogues and restrictions as the entry names them."""
    stated: dict[str, list[dict[str, Any]]] = {
        "catalogues": [
            {"id": one.id, "version": one.version or NOT_STATED, "sha256": combined(rules[one.id])}
            for one in asked.catalogues
        ]
    }
    if asked.restrictions:
        stated["restrictions"] = [
            {"id": name, "sha256": combined(rules[f"restrictions/{name}"])} for name in asked.restrictions
        ]
    return stated


def _is_file(name: str) -> bool:
    """Return whether a catalogue's name is a file's."""
    return name.lower().endswith(SUFFIXES)


def _file(home: Path, name: str, *, here: bool = True) -> Path:
    """Return the file of a catalogue: where the process stands, else in the network's folder."""
    path = Path(name)
    return path.resolve() if here and path.is_file() else (home / name).resolve()


def _relative(home: Path, file: Path) -> str:
    """Return a file's name in the folder."""
    if file.is_relative_to(home):
        return file.relative_to(home).as_posix()
    try:
        return file.resolve().relative_to(home.resolve()).as_posix()
    except ValueError as error:
        raise SourceError(
            f"{file.name}: expected a file inside {home}, got one outside",
            hint="copy it into the folder: who re-runs the assessment has nothing else",
        ) from error


def _files(path: Path, home: Path, asked: Plan, catalogues: Iterable[str]) -> Iterator[tuple[str, Path]]:
    """Yield the files with what they belong to."""
    if path.is_dir():
        yield "network.toml", path / "network.toml"
        yield from ((spec.name, file) for spec, file in table_files(path))
    else:
        yield "duckdb", path
        if path.with_suffix(".toml").is_file():
            yield "network.toml", path.with_suffix(".toml")
    for folder in (FOLDER, TRUST):
        yield from ((folder, file) for file in _below(home / folder))
    for checks in asked.network.checks:
        yield from (("checks", file) for file in sorted(checks.iterdir()) if file.suffix in (".toml", ".sql"))
    for name in catalogues:
        if _is_file(name):
            yield from (("catalogues", file) for file in _catalogue(_file(home, name, here=False)))
    yield from (
        (RELEASES, home / RELEASES / name) for name in _LOG_FILES if (home / RELEASES / name).is_file()
    )


def _catalogue(file: Path) -> Iterator[Path]:
    """Yield the files of a catalogue that the operator brings: itself, its mapping, what it imports."""
    beside = file.with_suffix(".mapping.toml")
    if beside.is_file():
        yield beside
    yield from resolve_file(file).files


def _below(folder: Path) -> Iterator[Path]:
    """Yield the regular files below a folder; no link is followed, as none is when they are read."""
    for here, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        for name in sorted(names):
            file = Path(here, name)
            if name.isprintable() and stat.S_ISREG(file.lstat().st_mode):
                yield file


def _digest(file: Path, name: str) -> tuple[str, int]:
    """Return the digest and the size of a file's bytes."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as opened:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise SourceError(f"{name}: expected a file, got a folder or a device")
            return hashlib.file_digest(opened, "sha256").hexdigest(), opened.tell()
    except OSError as error:
        raise SourceError(f"{name}: expected a readable file, got {error.strerror}") from error
