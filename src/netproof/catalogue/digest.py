"""Which bytes do rules rest on? Digests of the shipped files behind a catalogue or a set of restrictions.

Two installations of one version may hold other rules; a digest tells them apart. A digest over several files
is that of their digests and names, a line each, as `sha256sum` writes them, in the order of the names.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from netproof.catalogue.check import Family
from netproof.catalogue.loader import catalogue_ids, reference_tables, shipped_checks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from importlib.resources.abc import Traversable

    from netproof.catalogue.control import Catalogue

_ROOT = resources.files(__package__)


def combined(digests: Mapping[str, str]) -> str:
    """Return one digest of several files.

    Args:
        digests: SHA-256 in hexadecimal, by the file's name.
    """
    lines = "".join(f"{digests[name]}  {name}\n" for name in sorted(digests))
    return hashlib.sha256(lines.encode()).hexdigest()


def catalogue_files(catalogue: Catalogue, *, shipped: bool) -> dict[str, str]:
    """Return the digests of the shipped files that a catalogue rests on, by name.

    Args:
        catalogue: One that was opened.
        shipped: Whether it is netproof's own; one from a file brings itself, and what it names here.
    """
    own = [f"controls/{catalogue.id}.json", f"mappings/{catalogue.id}.toml"]
    known = shipped_checks()
    # The tables of a file's catalogue are the default ones, whatever the file is called.
    tables = reference_tables([catalogue.id])
    names = [
        *(own if shipped and catalogue.id in catalogue_ids() else []),
        *(f"reference/{table.file}" for table in tables),
        *_check_files(name for name in catalogue.check_ids() if name in known),
    ]
    return {name: _digest(name) for name in names}


def restriction_files(name: str) -> dict[str, str]:
    """Return the digests of the shipped files that a set of restrictions rests on, by name."""
    checks = (check.id for check in shipped_checks().values() if check.verdict is Family.RESTRICTED)
    return {file: _digest(file) for file in [f"restrictions/{name}.csv", *_check_files(checks)]}


def _check_files(checks: Iterable[str]) -> list[str]:
    """Return the files of checks; their cases judge nothing."""
    return [f"checks/{_family(name)}/{name}{suffix}" for name in checks for suffix in (".toml", ".sql")]


@cache
def _families() -> dict[str, str]:
    """Return the folder of every shipped check."""
    return {
        file.name.removesuffix(".toml"): family.name
        for family in (_ROOT / "checks").iterdir()
        if family.is_dir()
        for file in family.iterdir()
        if file.name.endswith(".toml")
    }


def _family(check: str) -> str:
    """Return the folder of a shipped check."""
    return _families()[check]


@cache
def _digest(name: str) -> str:
    """Return the digest of a shipped file."""
    file: Traversable = _ROOT
    for part in name.split("/"):
        file /= part
    return hashlib.sha256(file.read_bytes()).hexdigest()
