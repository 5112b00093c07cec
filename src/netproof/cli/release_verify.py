"""`netproof release verify`: files in, an answer out; today is asked for here and nowhere below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from netproof.cli import exit_codes, messages
from netproof.cli.answers import check_wish, tell
from netproof.integrity.signatures import Trust, as_model, read_trust, verify

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

ANSWER = "release-verify"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for.

    Attributes:
        signatures: What vouches for the files; empty: what lies beside each.
        trust: A folder of keys and certificates; None: nobody is trusted.
        at: The date of judgement; None: today.
    """

    files: tuple[Path, ...]
    signatures: tuple[Path, ...] = ()
    trust: Path | None = None
    at: date | None = None
    report_format: str = "terminal"
    output: Path | None = None


def run(wish: Wish) -> int:
    """Tell what is known of released files, and return the exit code."""
    check_wish(ANSWER, wish.report_format, wish.output)
    trust = Trust() if wish.trust is None else read_trust(wish.trust)
    at = wish.at or datetime.now(UTC).astimezone().date()
    with messages.progress() as progress:
        answer = verify(
            wish.files,
            at=at,
            trust=trust,
            signatures=wish.signatures,
            progress=lambda name, number, total: progress("verify", name, number, total),
        )
    tell(ANSWER, as_model(answer), wish.report_format, wish.output)
    return exit_codes.PASSED if answer.verified else exit_codes.FOUND
