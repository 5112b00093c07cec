"""`netproof outages` and `netproof exposure`: read a network, ask what fails with what, tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from netproof.cli import exit_codes, messages
from netproof.cli.answers import check_wish, tell
from netproof.errors import ReportError
from netproof.pipeline import chances, outages
from netproof.pipeline.exposure import exposure
from netproof.pipeline.outage_event import one_event
from netproof.pipeline.outage_losses import KINDS
from netproof.pipeline.request import date_of

if TYPE_CHECKING:
    from pathlib import Path

SCENARIOS_MAX = 10_000_000
SEED_MAX = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked of outages."""

    net: Path
    as_of: date | None = None
    event: str = ""
    pairs: bool = False
    scenarios: int = 0
    seed: int = 0
    listed: int = 100
    report_format: str = "terminal"
    output: Path | None = None


@dataclass(frozen=True, slots=True)
class Between:
    """Whose exposure the user asked for."""

    net: Path
    as_of: date | None = None
    flow: str = ""
    start: str = ""
    end: str = ""
    avoid: str = ""
    report_format: str = "terminal"
    output: Path | None = None


def run(wish: Wish) -> int:
    """Tell what is lost when something fails, and return the exit code.

    Raises:
        ReportError: Two things are asked for at once, or the event is not named as KIND:ID.
    """
    answer = answer_of(wish)
    check_wish(answer, wish.report_format, wish.output)
    kind, _, event = wish.event.partition(":")
    if wish.event and (kind not in KINDS or not event):
        raise ReportError(
            f"--event: expected KIND:ID, got {wish.event!r}",
            hint=f"for example link:L17; the kinds are {', '.join(KINDS)}",
        )
    with messages.progress() as progress:
        loaded = outages.read(wish.net, _date(wish.net, wish.as_of), progress)
        if answer == "outage-event":
            model = one_event(loaded, kind, event)
        elif answer == "outage-pairs":
            messages.say(f"pairs: about {chances.memory_mb(loaded):,.0f} MB beside the tables")
            model = chances.pairs(loaded)
        elif answer == "outage-samples":
            model = chances.samples(loaded, wish.scenarios, wish.seed)
        else:
            model = outages.outages(loaded, wish.listed)
    tell(answer, model, wish.report_format, wish.output)
    return exit_codes.PASSED


def answer_of(wish: Wish) -> str:
    """Return which answer is asked for.

    Raises:
        ReportError: More than one, or a number is too large.
    """
    asked = {
        "outage-event": bool(wish.event),
        "outage-pairs": wish.pairs,
        "outage-samples": wish.scenarios > 0,
    }
    named = [name for name, wanted in asked.items() if wanted]
    if len(named) > 1:
        raise ReportError("outages: expected one of --event, --pairs and --sample, got more than one")
    if wish.scenarios > SCENARIOS_MAX:
        raise ReportError(f"--sample: expected at most {SCENARIOS_MAX:,} scenarios, got {wish.scenarios:,}")
    if wish.seed > SEED_MAX:
        raise ReportError(f"--seed: expected at most {SEED_MAX}, got {wish.seed}")
    return named[0] if named else "outages"


def run_exposure(wish: Between) -> int:
    """Tell what a flow is exposed to, and return the exit code.

    Raises:
        ReportError: Neither a flow nor two ends are named, or both.
    """
    if bool(wish.flow) == bool(wish.start or wish.end) or bool(wish.start) != bool(wish.end):
        raise ReportError(
            "exposure: expected --flow ID, or --from A and --to B",
            hint="netproof exposure NET --flow F000001, or exposure NET --from S1 --to S2",
        )
    check_wish("exposure", wish.report_format, wish.output)
    with messages.progress() as progress:
        loaded = outages.read(wish.net, _date(wish.net, wish.as_of), progress)
        model = exposure(loaded, flow=wish.flow, start=wish.start, end=wish.end, avoid=wish.avoid)
    tell("exposure", model, wish.report_format, wish.output)
    return exit_codes.PASSED


def _date(net: Path, given: date | None) -> date:
    """Return the date to judge."""
    return date_of(net, given, datetime.now(UTC).astimezone().date())
