"""Does a log prove by when a signature existed?

A proof file (tlog-proof) shows that a `release` statement is in a log that the user's policy accepts. The
statement names signature files by their digests; a quorum of witnesses says by when it was there. So the
signature existed by then, whoever made it.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.integrity.signatures.instant import Instant
from netproof.tlog.statement import Kind, Statement, read_statement
from netproof.tlog.verify import verify_entry

if TYPE_CHECKING:
    from netproof.integrity.signatures.artifact import Artifact
    from netproof.tlog.policy import Policy


@dataclass(frozen=True, slots=True)
class Logged:
    """A proof file, judged by a policy.

    Attributes:
        name: Where it lies.
        statement: What is proven to be in the log; None: nothing is.
        at: By when a quorum had cosigned it (UTC); None: no quorum states a time.
        reason: Why it proves nothing about a time; else empty.
    """

    name: str
    statement: Statement | None = None
    at: datetime | None = None
    reason: str = ""

    def of(self, artifact: Artifact, signature: str, moment: datetime) -> Instant:
        """Return what the proof says of a signature of a file.

        Args:
            artifact: The file.
            signature: SHA-256 of the file that holds the signature, in hexadecimal.
            moment: The time of judgement; a later time is refused.
        """
        reason = self._against(artifact, signature, moment)
        if reason:
            return Instant(None, (f"the proof {self.name} does not count: {reason}",))
        words = self.at.strftime("%Y-%m-%d %H:%M:%S UTC") if self.at else ""
        note = f"the log of the proof {self.name} shows that it existed by {words}, for which it is judged"
        return Instant(self.at, (note,))

    def _against(self, artifact: Artifact, signature: str, moment: datetime) -> str:
        """Return why the proof says nothing of a signature of a file; empty: it does."""
        if self.statement is None or self.at is None:
            return self.reason
        for algorithm, digest in self.statement.digests.items():
            if not hmac.compare_digest(artifact.digest(algorithm).hex(), digest):
                return f"its entry is about another file than {artifact.name}"
        if signature not in {one["sha256"] for one in self.statement.values.get("supplier_sig", ())}:
            return "its entry does not name this signature"
        if self.at > moment:
            return f"its log proves {self.at.date()}, after the date of judgement"
        return ""


def read(name: str, content: bytes, policy: Policy) -> Logged:
    """Return what a proof file proves by a policy; a proof that does not hold says why.

    Args:
        name: Where it lies.
        content: Its bytes.
        policy: Which logs and witnesses count.
    """
    try:
        proven = verify_entry(content, policy)
        statement = read_statement(proven.entry)
    except LogError as error:
        return Logged(name, reason=str(error)[:300])
    if statement.kind is not Kind.RELEASE:
        return Logged(name, reason=f"its entry is of kind {statement.kind}, not release")
    if proven.judged.proven_by is None:
        return Logged(name, reason="no quorum of witnesses states a time")
    try:
        at = datetime.fromtimestamp(proven.judged.proven_by, UTC)
    except (ValueError, OverflowError, OSError):
        return Logged(name, reason="its witnesses state a time that no calendar has")
    return Logged(name, statement, at)
