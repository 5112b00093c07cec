"""`netproof seal` and `netproof check --verify`: an assessment into the log, and again out of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from netproof.checks.sandbox import Limits
from netproof.cli import exit_codes, messages
from netproof.cli.answers import check_wish, tell
from netproof.errors import ReportError
from netproof.integrity.register.keys import VARIABLE
from netproof.integrity.signatures.artifact import read_small
from netproof.pipeline.log_entry import append, keys_at_hand, log_folder
from netproof.pipeline.request import Request, date_of
from netproof.pipeline.seal import Assessed, assessed
from netproof.pipeline.seal_verify import seal_verify
from netproof.tlog.policy_text import POLICY_BYTES_MAX
from netproof.tlog.statement import utc_seconds

if TYPE_CHECKING:
    from pathlib import Path

    from netproof.pipeline.log_entry import Appended

SCHEMA_VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be sealed."""

    net: Path
    catalogues: tuple[str, ...] = ()
    restrictions: tuple[str, ...] = ()
    as_of: date | None = None
    key: Path | None = None
    check_seconds: float = 300.0
    memory_mb: int = 4096
    report_format: str = "terminal"
    output: Path | None = None


@dataclass(frozen=True, slots=True)
class Again:
    """What is to be repeated.

    Attributes:
        entry: Its number, as written; empty: the newest.
        asked: Whether the user said --verify.
        policy: Which logs and witnesses count; None: as the file beside the log says.
        given: Options that a repetition does not take, as they were given.
    """

    net: Path
    entry: str = ""
    asked: bool = True
    policy: Path | None = None
    given: tuple[str, ...] = ()
    report_format: str = "terminal"
    output: Path | None = None
    check_seconds: float = 300.0
    memory_mb: int = 4096


def run(wish: Wish) -> int:
    """Seal an assessment, tell where it stands, and return the exit code."""
    check_wish("seal", wish.report_format, wish.output)
    now = datetime.now(UTC)
    folder = log_folder(wish.net)
    keys = keys_at_hand(folder.parent, wish.key, os.environ.get(VARIABLE))
    request = Request(
        path=wish.net,
        as_of=date_of(wish.net, wish.as_of, now.astimezone().date()),
        catalogues=wish.catalogues,
        restrictions=wish.restrictions,
        limits=Limits(wish.memory_mb, wish.check_seconds),
    )
    with messages.progress() as progress:
        made = assessed(request, progress)
    statement = made.statement(utc_seconds(now))
    done = append(
        folder,
        statement,
        keys,
        now=int(now.timestamp()),
        files=made.files,
    )
    for problem in done.checkpoint.problems if done.checkpoint else ():
        messages.say(f"warning: {problem}")
    tell("seal", _model(made, statement, done), wish.report_format, wish.output)
    return exit_codes.PASSED


def _model(made: Assessed, statement: dict[str, Any], done: Appended) -> dict[str, Any]:
    """Return the model of the answer `seal`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "network": made.asked.network.name,
        "as_of": statement["as_of"],
        "outcome": statement["outcome"],
        "checks": dict(made.model["summary"]["checks"]),
        "entry": {"index": done.index, "sha256": done.sha256, "time": statement["time"]},
        "log": {"origin": done.origin, "checkpoint": done.told()},
        "answer": {"sha256": statement["answer_sha256"], "size": len(made.answer)},
        "recipe": {"sha256": statement["recipe_sha256"]},
        "inputs": {"files": len(made.recipe.files), "tables": statement["inputs"]},
        "rules": [
            *statement["catalogues"],
            *({"version": None, **one} for one in statement.get("restrictions", ())),
        ],
        "judged_log": statement.get("log"),
    }


def run_again(again: Again) -> int:
    """Repeat a sealed assessment, tell what came of it, and return the exit code."""
    if not again.asked and not again.entry:
        raise ReportError("check --policy: expected --verify with it", hint="a policy judges a sealed entry")
    if not again.asked:
        raise ReportError(
            f"check: expected one network, got {again.entry!r} behind it",
            hint="`--verify` repeats the sealed assessment of that entry",
        )
    if again.given:
        raise ReportError(
            f"check --verify: expected no {again.given[0]}: the sealed entry says what was asked",
            hint="leave it out, or check without --verify",
        )
    check_wish("seal-verify", again.report_format, again.output)
    policy = None if again.policy is None else read_small(again.policy, POLICY_BYTES_MAX)
    with messages.progress() as progress:
        model = seal_verify(
            again.net,
            again.entry,
            limits=Limits(again.memory_mb, again.check_seconds),
            policy=policy,
            progress=progress,
        )
    tell("seal-verify", model, again.report_format, again.output)
    return exit_codes.PASSED if model["holds"] else exit_codes.FOUND
