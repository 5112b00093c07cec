"""`netproof release check`: a proof, a file and a policy in, what is proven out; offline."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.cli import exit_codes
from netproof.cli.answers import check_wish, tell
from netproof.cli.policies import read_policy_file
from netproof.integrity.audit import check, check_model
from netproof.integrity.audit.proof import named_digests
from netproof.integrity.signatures.artifact import Artifact, read_small
from netproof.tlog.policy import Freshness
from netproof.tlog.proof import PROOF_BYTES_MAX
from netproof.tlog.tiles import ENTRY_BYTES_MAX

if TYPE_CHECKING:
    from pathlib import Path

ANSWER = "release-check"
HOUR_S = 3_600


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for; `max_age_h` None accepts any age [h]."""

    proof: Path
    policy: Path
    file: Path | None = None
    entry: Path | None = None
    max_age_h: float | None = None
    report_format: str = "terminal"
    output: Path | None = None


def run(wish: Wish) -> int:
    """Tell what a proof proves, and return the exit code."""
    check_wish(ANSWER, wish.report_format, wish.output)
    _, policy = read_policy_file(wish.policy)
    proof = read_small(wish.proof, PROOF_BYTES_MAX)
    entry = read_small(wish.entry, ENTRY_BYTES_MAX) if wish.entry else None
    freshness = None
    if wish.max_age_h is not None:
        freshness = Freshness(int(time.time()), int(wish.max_age_h * HOUR_S))
    file = Artifact(wish.file, named_digests(proof, entry)) if wish.file else None
    checked = check(proof, policy, file, entry=entry, freshness=freshness)
    tell(ANSWER, check_model(checked, str(wish.proof)), wish.report_format, wish.output)
    return exit_codes.PASSED if checked.holds else exit_codes.FOUND
