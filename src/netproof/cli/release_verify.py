"""`netproof release verify`: files in, an answer out; today is asked for here and nowhere below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from netproof.cli import exit_codes, messages
from netproof.cli.answers import check_wish, tell
from netproof.errors import ReportError
from netproof.integrity.signatures import Logged, Trust, as_model, read_logged, read_trust, verify
from netproof.integrity.signatures import provenance as expected
from netproof.integrity.signatures.artifact import read_small
from netproof.tlog.policy_text import POLICY_BYTES_MAX, parse_policy
from netproof.tlog.proof import PROOF_BYTES_MAX

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
        proofs: Proofs of log entries that name the files' signatures.
        policy: Which logs and witnesses count for them.
        provenance: What is expected of provenance; None: nothing.
        at: The date of judgement; None: today.
    """

    files: tuple[Path, ...]
    signatures: tuple[Path, ...] = ()
    trust: Path | None = None
    proofs: tuple[Path, ...] = ()
    policy: Path | None = None
    provenance: Path | None = None
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
            logged=_logged(wish),
            policy=_provenance(wish.provenance),
            progress=lambda name, number, total: progress("verify", name, number, total),
        )
    tell(ANSWER, as_model(answer), wish.report_format, wish.output)
    return exit_codes.PASSED if answer.verified else exit_codes.FOUND


def _logged(wish: Wish) -> list[Logged]:
    """Return what the proofs prove.

    Raises:
        ReportError: Proofs without a policy, or a policy without proofs.
        SourceError: One of the files cannot be read.
        LogError: The policy is malformed.
    """
    if bool(wish.proofs) != (wish.policy is not None):
        raise ReportError("--proof: expected --policy POLICY beside it, and the other way round")
    if wish.policy is None:
        return []
    policy = parse_policy(read_small(wish.policy, POLICY_BYTES_MAX))
    return [read_logged(str(path), read_small(path, PROOF_BYTES_MAX), policy) for path in wish.proofs]


def _provenance(path: Path | None) -> expected.Policy | None:
    """Return what is expected of provenance.

    Raises:
        SourceError: The file cannot be read.
    """
    if path is None:
        return None
    return expected.read(path.name, read_small(path, expected.POLICY_BYTES_MAX))
