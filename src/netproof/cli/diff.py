"""`netproof diff` and `netproof catalogue diff`: make two assessments and tell what differs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from netproof.catalogue.loader import open_catalogue
from netproof.checks.sandbox import Limits
from netproof.cli import exit_codes, messages
from netproof.cli.answers import check_wish, tell
from netproof.errors import ReportError
from netproof.pipeline.causes import explain
from netproof.pipeline.changed_rows import Origin
from netproof.pipeline.compare import Kind, compare, ends_apart, side_of
from netproof.pipeline.compare_catalogues import compare_catalogues
from netproof.pipeline.request import Request, date_of
from netproof.pipeline.stages import plan
from netproof.pipeline.supervisor import assess

if TYPE_CHECKING:
    from pathlib import Path

    from netproof.pipeline.supervisor import Assessment, Progress


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for.

    Attributes:
        since: The date of the first assessment.
        until: The date of the second.
        as_of: The date of both.
    """

    old: Path
    new: Path | None = None
    since: date | None = None
    until: date | None = None
    as_of: date | None = None
    catalogues: tuple[str, ...] = ()
    restrictions: tuple[str, ...] = ()
    report_format: str = "terminal"
    output: Path | None = None
    findings_max: int = 200
    check_seconds: float = 300.0
    memory_mb: int = 4096


@dataclass(frozen=True, slots=True)
class CatalogueWish:
    """Which two catalogues to compare, and for which network if any."""

    old: str
    new: str
    network: Path | None = None
    as_of: date | None = None
    restrictions: tuple[str, ...] = ()
    report_format: str = "terminal"
    output: Path | None = None


def run(wish: Wish) -> int:
    """Tell what differs between two assessments, and return the exit code."""
    kind = kind_of(wish)
    check_wish("diff", wish.report_format, wish.output)
    difference = differences(wish, kind)
    tell("diff", difference, wish.report_format, wish.output)
    return exit_code(difference)


def run_catalogues(wish: CatalogueWish) -> int:
    """Tell what differs between two catalogues, and for a network if named; return the exit code."""
    check_wish("catalogue-diff", wish.report_format, wish.output)
    home = None if wish.network is None else wish.network if wish.network.is_dir() else wish.network.parent
    difference = compare_catalogues(open_catalogue(wish.old, home), open_catalogue(wish.new, home))
    if wish.network is not None:
        asked = Wish(
            old=wish.network,
            as_of=wish.as_of,
            catalogues=(wish.old, wish.new),
            restrictions=wish.restrictions,
        )
        difference = {**difference, "network": differences(asked, Kind.CATALOGUES)}
    tell("catalogue-diff", difference, wish.report_format, wish.output)
    code = exit_codes.PASSED if difference["same"] else exit_codes.FOUND
    return code if difference["network"] is None else max(code, exit_code(difference["network"]))


def kind_of(wish: Wish) -> Kind:
    """Return what is to be compared.

    Raises:
        ReportError: The wish names none of the three, or two at once.
    """
    hint = "netproof diff OLD NEW, or diff NET --from DATE --to DATE, or diff NET --catalogue A --catalogue B"
    dated = wish.since is not None or wish.until is not None
    if dated and wish.as_of is not None:
        raise ReportError("--as-of: expected no --from and --to beside it", hint=hint)
    if wish.new is not None:
        return Kind.NETWORKS
    if dated:
        if wish.until is None:
            raise ReportError("--to: expected a date, got none", hint=hint)
        return Kind.DATES
    if len(wish.catalogues) == 2:
        return Kind.CATALOGUES
    got = f"{len(wish.catalogues)} catalogues" if len(wish.catalogues) > 2 else "one of each"
    raise ReportError(f"expected two networks, two dates or two catalogues to compare, got {got}", hint=hint)


def requests(wish: Wish, kind: Kind) -> tuple[Request, Request]:
    """Return both assessments as requests; two networks are checked for the date of the second."""
    today = datetime.now(UTC).astimezone().date()
    new = wish.new or wish.old
    own = date_of(new, wish.as_of, today)
    catalogues = [(name,) for name in wish.catalogues] if kind is Kind.CATALOGUES else [wish.catalogues] * 2
    old_request, new_request = (
        Request(
            path=path,
            as_of=day or own,
            catalogues=names,
            restrictions=wish.restrictions,
            findings_max=wish.findings_max,
            limits=Limits(wish.memory_mb, wish.check_seconds),
        )
        for path, day, names in zip((wish.old, new), (wish.since, wish.until), catalogues, strict=True)
    )
    return old_request, new_request


def differences(wish: Wish, kind: Kind) -> dict[str, Any]:
    """Make both assessments, side by side, and return what differs."""
    asked = requests(wish, kind)
    with messages.progress() as progress, ThreadPoolExecutor(2) as pool:
        parts = [pool.submit(assess, request, _named(progress, request)) for request in asked]
        old, new = (part.result() for part in parts)
    folders = ends_apart(asked[0].path.resolve(), asked[1].path.resolve())
    difference = compare(side_of(old), side_of(new), kind=kind, listed=wish.findings_max, folders=folders)
    if kind is Kind.DATES:
        return difference
    return explain(difference, _origin(asked[0], old), _origin(asked[1], new))


def _named(progress: Progress, request: Request) -> Progress:
    """Return a progress that says which network it is about."""
    return lambda stage, what, number, total: progress(stage, f"{request.path.name}: {what}", number, total)


def _origin(request: Request, assessment: Assessment) -> Origin:
    """Return where an assessment came from."""
    return Origin(request.path, plan(request), tuple(assessment.model["details"]["tables"]))


def exit_code(difference: dict[str, Any]) -> int:
    """Return the exit code: a check that did not finish weighs most."""
    sides = [side for check in difference["checks"] for side in (check["old"], check["new"]) if side]
    if any(side["outcome"] == "error" for side in sides):
        return exit_codes.BROKEN
    return exit_codes.PASSED if difference["same"] else exit_codes.FOUND
