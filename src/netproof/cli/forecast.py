"""`netproof forecast`: assess a network for the dates to come, and tell what lapses when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from netproof.checks.sandbox import Limits
from netproof.cli import exit_codes, messages
from netproof.cli.answers import check_wish, tell
from netproof.errors import ReportError
from netproof.pipeline.forecast import steps
from netproof.pipeline.request import Request, date_of
from netproof.pipeline.supervisor import assess

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

MONTHS = {"month": 1, "quarter": 3, "year": 12}
"""Months from one date to the next."""
AHEAD_MONTHS = 24
"""How far a forecast looks unless told: the time between two audits. Source: TKG § 165 (9)."""
DATES_MAX = 600


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for."""

    net: Path
    as_of: date | None = None
    until: date | None = None
    every: str = "month"
    dates: str = ""
    everything: bool = False
    catalogues: tuple[str, ...] = ()
    restrictions: tuple[str, ...] = ()
    report_format: str = "terminal"
    output: Path | None = None
    findings_max: int = 50
    check_seconds: float = 300.0
    memory_mb: int = 4096


def run(wish: Wish) -> int:
    """Assess a network for the dates to come, write the answer, and return the exit code."""
    check_wish("forecast", wish.report_format, wish.output)
    dates = dates_of(wish, datetime.now(UTC).astimezone().date())
    request = Request(
        path=wish.net,
        as_of=dates[0],
        catalogues=wish.catalogues,
        restrictions=wish.restrictions,
        findings_max=wish.findings_max,
        details=False,
        limits=Limits(wish.memory_mb, wish.check_seconds),
        dates=dates,
        papers_only=not wish.everything,
    )
    with messages.progress() as progress:
        model = assess(request, progress).model
    tell("forecast", model, wish.report_format, wish.output)
    return exit_code(model)


def dates_of(wish: Wish, today: date) -> tuple[date, ...]:
    """Return the dates to assess, in order.

    Raises:
        ReportError: A date is none, or there are none or too many.
    """
    if wish.dates:
        if wish.until is not None:
            raise ReportError("--dates: expected no --until beside it", hint="name every date in --dates")
        dates = _parsed(wish.dates)
    else:
        if wish.every not in MONTHS:
            raise ReportError(f"--every: expected {', '.join(MONTHS)}, got {wish.every!r}")
        since = date_of(wish.net, wish.as_of, today)
        until = wish.until or steps(since, date.max, AHEAD_MONTHS)[1]
        if until < since:
            raise ReportError(f"--until: expected a day not before {since}, got {until}")
        dates = steps(since, until, MONTHS[wish.every])
    if len(dates) > DATES_MAX:
        raise ReportError(f"expected at most {DATES_MAX} dates, got {len(dates)}", hint="use --every year")
    return dates


def _parsed(words: str) -> tuple[date, ...]:
    """Return the dates in a list such as 2026-12-31,2027-12-31, each once, in order."""
    found = set()
    for word in words.split(","):
        try:
            found.add(date.fromisoformat(word.strip()))
        except ValueError as error:
            raise ReportError(
                f"--dates: expected dates such as 2026-12-31,2027-12-31, got {word.strip()!r}"
            ) from error
    return tuple(sorted(found))


def exit_code(model: dict[str, Any]) -> int:
    """Return the exit code: does everything pass on every date?"""
    outcomes = {
        o for rows in (model["checks"], model["requirements"]) for row in rows for o in row["outcomes"]
    }
    if "error" in outcomes:
        return exit_codes.BROKEN
    return exit_codes.FOUND if outcomes & {"fail", "no_evidence", "needs_review"} else exit_codes.PASSED
