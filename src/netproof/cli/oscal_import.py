"""`netproof catalogue import`: an OSCAL catalog or profile, summed up or put into a network folder.

Into a folder go the resolved catalog and a mapping from its controls to checks. `network.toml`
stays as it is: the line to add is printed.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netproof.catalogue.control import Catalogue, catalogue_of
from netproof.catalogue.examples import example_for
from netproof.catalogue.loader import read_mapping
from netproof.cli import messages
from netproof.errors import CatalogueError
from netproof.oscal.resolve import Resolved, resolve_file
from netproof.oscal.validate import VERSION, validate
from netproof.report import write_file
from netproof.sources import read_network

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_SHOWN = 10
_EMPTY = """\
# Which checks decide which control. Write a line for each control that tables can decide, such as
#   "{control}" = ["CERT-001", "TRUST-001"]
# `netproof catalogue show CHECK` says what a check asks; a control without a check is answered by a person
# and shows as needs_review. A check that several controls name runs once.

[controls]
"""


@dataclass(frozen=True, slots=True)
class _Import:
    """What a file holds.

    Attributes:
        mapped_by: Where the mapping comes from; empty: there is none.
    """

    resolved: Resolved
    catalogue: Catalogue
    mapping: Mapping[str, tuple[str, ...]]
    mapped_by: str


def run(file: Path, *, into: Path | None, every: bool, replace: bool) -> None:
    """Print what an OSCAL file holds, and write it into a network folder where one is named.

    Args:
        file: A catalog or profile.
        into: The network folder.
        every: Whether all controls without a check are listed.
        replace: Whether an earlier import is written over.
    """
    found = _read(file)
    _print(_lines(found, every=every))
    if into is not None:
        _write(found, into, replace=replace)


def _read(file: Path) -> _Import:
    """Return what a file holds, with the mapping beside it or a worked one that fits."""
    resolved = resolve_file(file)
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", file.stem).strip(".-") or "catalogue"
    plain = catalogue_of(name, resolved.catalog, {})
    beside = file.with_suffix(".mapping.toml")
    example = example_for(plain, resolved.catalog["metadata"])
    mapping: Mapping[str, tuple[str, ...]] = {}
    mapped_by = ""
    if beside.is_file():
        mapping, mapped_by = read_mapping(beside), beside.name
    elif example is not None:
        mapping, mapped_by = example.controls, f"the worked example {example.name}"
    known = {control.id for control in plain.controls}
    mapping = {control: checks for control, checks in mapping.items() if control in known}
    return _Import(resolved, catalogue_of(name, resolved.catalog, mapping), mapping, mapped_by)


def _lines(found: _Import, *, every: bool) -> Iterable[str]:
    """Yield the summary."""
    catalogue = found.catalogue
    yield f"{catalogue.title}, version {catalogue.version}"
    for note in found.resolved.notes:
        yield f"  note: {note}"
    mapped = [control for control in catalogue.controls if control.checks]
    open_ = [control for control in catalogue.controls if not control.checks]
    by = f", by {found.mapped_by}" if found.mapped_by else ""
    yield f"{len(catalogue.controls):,} controls: {len(mapped):,} have a check{by}; {len(open_):,} have none"
    for control in mapped:
        yield f"  {control.id}  {', '.join(control.checks)}  {control.title}"
    if not open_:
        return
    yield "without a check, for a person to answer:"
    shown = open_ if every else open_[:_SHOWN]
    for control in shown:
        yield f"  {control.id}  {control.title}"
    if len(shown) < len(open_):
        yield f"  and {len(open_) - len(shown):,} more (--all lists them)"


def _print(lines: Iterable[str]) -> None:
    """Write lines to standard output; what a file says may not move the cursor."""
    for line in lines:
        sys.stdout.write("".join(c if c.isprintable() else " " for c in line).rstrip() + "\n")


def _write(found: _Import, into: Path, *, replace: bool) -> None:
    """Write the catalog and its mapping into a network folder."""
    if not into.is_dir():
        raise CatalogueError(
            f"--into {into}: expected a network folder, got none",
            hint="name the folder that holds network.toml",
        )
    network = read_network(into)
    target = into / f"{found.catalogue.id}.json"
    if target.exists() and not replace:
        raise CatalogueError(f"{target}: expected no such file yet, got one", hint="--replace writes over it")
    catalog: dict[str, Any] = dict(found.resolved.catalog)
    catalog["metadata"] = {**catalog["metadata"], "oscal-version": VERSION}
    document = {"catalog": catalog}
    validate(document, "catalog", place=target.name)
    write_file(target, json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    messages.say(f"catalogue written to {target}")
    mapping = target.with_suffix(".mapping.toml")
    if mapping.exists():
        messages.say(f"mapping {mapping} was there and stays as it is")
    else:
        write_file(mapping, _mapping_text(found))
        messages.say(f"mapping written to {mapping}")
    names = list(dict.fromkeys([*network.catalogues, target.name]))
    messages.say(f"to check it, set in {into / 'network.toml'}:\n  catalogues = {json.dumps(names)}")


def _mapping_text(found: _Import) -> str:
    """Return a mapping file."""
    if not found.mapping:
        control = found.catalogue.controls[0].id if found.catalogue.controls else "control-id"
        return _EMPTY.format(control=control)
    rows = [
        f"{json.dumps(control)} = {json.dumps(list(checks))}" for control, checks in found.mapping.items()
    ]
    return f"# From {found.mapped_by}; controls that stand here nowhere are for a person.\n\n[controls]\n" + (
        "\n".join(rows) + "\n"
    )
