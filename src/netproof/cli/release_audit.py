"""`netproof release audit`: a log and a policy in, what was found out; the clock is read here."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from netproof.cli import exit_codes, messages
from netproof.cli.answers import check_wish, tell
from netproof.cli.policies import read_policy_file
from netproof.integrity.audit import Asked, audit, audit_model, open_source, was_told
from netproof.tlog.policy import Freshness

ANSWER = "release-audit"
HOUR_S = 3_600


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for.

    Attributes:
        state: Where the audit remembers; None: the user's own place.
        max_age_h: How old the quorum may be [h].
        against: Another copy of the log; empty: none.
        only_new: Earlier findings do not count for the exit code.
        any_entries: Entries are hashed and not read.
        growth_max: New entries that are believed at once.
    """

    where: str
    policy: Path
    state: Path | None = None
    max_age_h: float = 24
    against: str = ""
    only_new: bool = False
    any_entries: bool = False
    growth_max: int = 20_000_000
    report_format: str = "terminal"
    output: Path | None = None


def run(wish: Wish) -> int:
    """Tell what an audit came to, and return the exit code."""
    check_wish(ANSWER, wish.report_format, wish.output)
    written, policy = read_policy_file(wish.policy)
    now = int(time.time())
    with ExitStack() as opened:
        source = opened.enter_context(closing(open_source(wish.where)))
        against = opened.enter_context(closing(open_source(wish.against))) if wish.against else None
        progress = opened.enter_context(messages.progress())
        answer = audit(
            source,
            policy,
            wish.state or own_state(),
            now=now,
            freshness=Freshness(now, int(wish.max_age_h * HOUR_S)),
            asked=Asked(
                against=against,
                statements=not wish.any_entries,
                growth_max=wish.growth_max,
                policy_sha256=sha256(written).hexdigest(),
            ),
            progress=lambda number, total: progress("read", "entries", number, total),
        )
    tell(ANSWER, audit_model(answer), wish.report_format, wish.output)
    was_told(answer)
    passed = answer.passed_since if wish.only_new else answer.passed
    return exit_codes.PASSED if passed else exit_codes.FOUND


def own_state() -> Path:
    """Return the folder in which this user's audits remember what they saw."""
    base = os.environ.get("XDG_STATE_HOME", "")
    folder = Path(base) if base.startswith("/") else Path.home() / ".local" / "state"
    return folder / "netproof" / "audits"
