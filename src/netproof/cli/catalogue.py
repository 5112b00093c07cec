"""`netproof catalogue`: what the catalogues ask, and whether the checks are sound."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING

from netproof import derived
from netproof.catalogue.loader import (
    catalogue_ids,
    own_checks,
    reference_tables,
    shipped_catalogue,
    shipped_checks,
)
from netproof.checks.cases import CaseRunner, read_cases
from netproof.checks.prepare import prepare
from netproof.cli import exit_codes, messages
from netproof.errors import CatalogueError
from netproof.pipeline.outage_tables import derive
from netproof.report.words import spaced
from netproof.sources.network import DEFAULT_CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from netproof.catalogue.check import Check
    from netproof.catalogue.control import Catalogue, Control


_WHERE_TO_LOOK = (
    "`netproof catalogue list` names the catalogues, `netproof catalogue show CATALOGUE` what is in one"
)


def _print(lines: Iterable[str]) -> None:
    """Write lines to standard output."""
    for line in lines:
        sys.stdout.write(line.rstrip() + "\n")


def list_catalogues() -> None:
    """Print the shipped catalogues."""
    for name in catalogue_ids():
        catalogue = shipped_catalogue(name)
        asked = f"{len(catalogue.controls)} requirements, {len(catalogue.check_ids())} checks"
        _print([f"{name}  {catalogue.title} ({spaced(catalogue.legal_status)}; {asked})"])


def show(name: str) -> None:
    """Print a catalogue, a requirement or a check; upper and lower case are the same.

    Raises:
        CatalogueError: Nothing has that id.
    """
    controls = {c.id: c for i in catalogue_ids() for c in shipped_catalogue(i).controls}
    folded = {word.casefold(): word for word in (*catalogue_ids(), *shipped_checks(), *controls)}
    name = folded.get(name.casefold(), name)
    if name in catalogue_ids():
        _print(_catalogue_lines(shipped_catalogue(name)))
        return
    if name in shipped_checks():
        _print(_check_lines(shipped_checks()[name]))
        return
    if name in controls:
        _print(_control_lines(controls[name]))
        return
    close = get_close_matches(name.casefold(), folded, n=1)
    raise CatalogueError(
        f"expected a catalogue, requirement or check, got {name!r}",
        hint=f"did you mean {folded[close[0]]}?" if close else _WHERE_TO_LOOK,
    )


def _catalogue_lines(catalogue: Catalogue) -> Iterator[str]:
    """Yield a catalogue's lines."""
    yield f"{catalogue.id}: {catalogue.title}, version {catalogue.version} ({spaced(catalogue.legal_status)})"
    for note in catalogue.notes:
        yield f"  note: {note}"
    yield ""
    for control in catalogue.controls:
        yield f"{control.id}  {control.title} ({spaced(control.legal_status) or 'no status'})"
        for check in control.checks:
            yield f"    {check}  {shipped_checks()[check].title}"


def _control_lines(control: Control) -> Iterator[str]:
    """Yield a requirement's lines."""
    yield f"{control.id}: {control.title}"
    span = f"from {control.valid_from or '?'} to {control.valid_to or 'open'}"
    yield f"  status: {spaced(control.legal_status)}, {span}"
    yield ""
    yield control.prose
    yield ""
    for source in control.sources:
        yield f"  source [{source.tag}]: {source.text} {source.url}"
    for check in control.checks:
        yield f"  check: {check}  {shipped_checks()[check].title}"


def _check_lines(check: Check) -> Iterator[str]:
    """Yield a check's lines."""
    yield f"{check.id}: {check.title}"
    yield f"  severity {check.severity}, verdict {check.verdict}, subject {check.subject}"
    yield f"  why: {check.motivation}"
    yield f"  remedy: {check.remedy}"
    yield f"  reads: {', '.join(check.reads)}; needs as evidence: {', '.join(check.evidence) or 'nothing'}"
    for parameter in check.parameters:
        unit = f" {parameter.unit}" if parameter.unit else ""
        yield f"  parameter {parameter.name} = {parameter.value}{unit}: {parameter.meaning}"
        yield f"    from [{parameter.tag}]: {parameter.source}"
    for source in check.sources:
        yield f"  source [{source.tag}]: {source.text} {source.url}"
    yield ""
    yield check.sql.rstrip()


def _checks(folder: Path | None) -> dict[str, Check]:
    """Return the checks of a folder, or netproof's own."""
    if folder is None:
        return shipped_checks()
    if not folder.is_dir():
        raise CatalogueError(f"{folder}: expected a folder of checks, got none")
    checks = own_checks([folder])
    if not checks:
        raise CatalogueError(
            f"{folder}: expected at least one check, got none", hint="a check is .toml, .sql and .cases.yml"
        )
    return checks


def _runner() -> CaseRunner:
    """Return what runs cases with the German catalogue's own tables."""
    return CaseRunner(reference_tables([DEFAULT_CATALOGUE]), derive, derived.lineage())


def lint_checks(folder: Path | None) -> int:
    """Lint checks, print each one's result, and return the exit code."""
    columns, lineage = _runner().columns, derived.lineage()
    refused = 0
    checks = _checks(folder)
    for check in checks.values():
        try:
            prepared = prepare(check, columns, lineage)
            _print([f"{check.id}  ok", *(f"    for a person to look at: {flag}" for flag in prepared.review)])
        except CatalogueError as error:
            refused += 1
            _print([f"{check.id}  refused", *(f"    {line}" for line in str(error).splitlines())])
            if error.hint:
                _print([f"    hint: {error.hint}"])
    _print([f"{len(checks)} checks: {len(checks) - refused} ok, {refused} refused"])
    return exit_codes.FOUND if refused else exit_codes.PASSED


def test_checks(folder: Path | None) -> int:
    """Run the case files of checks, print what differs, and return the exit code."""
    runner = _runner()
    ran = wrong = 0
    with messages.progress() as progress:
        checks = _checks(folder)
        for number, check in enumerate(checks.values()):
            progress("testing", check.id, number, len(checks))
            for case in read_cases(check):
                ran += 1
                _, differences = runner.run(check, case)
                wrong += bool(differences)
                _print(f"{check.id}  {case.name}: {line}" for line in differences)
    _print([f"{ran} cases of {len(checks)} checks: {ran - wrong} hold, {wrong} do not"])
    return exit_codes.FOUND if wrong else exit_codes.PASSED
