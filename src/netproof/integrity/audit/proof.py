"""What is shipped beside a release, and what does it prove to somebody who has only that?

`prove` takes an entry's proof from the operator's own log; `check` needs the proof, the file and a policy,
and no network. That a release was not withdrawn after the checkpoint was signed, no proof can show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.tlog.proof import Proof, parse_proof
from netproof.tlog.statement import Kind, read_statement
from netproof.tlog.tiles import TILE_WIDTH
from netproof.tlog.verify import verify_artifact, verify_entry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netproof.integrity.log import Published
    from netproof.integrity.signatures.artifact import Artifact
    from netproof.tlog.policy import Freshness, Policy
    from netproof.tlog.statement import Statement
    from netproof.tlog.verify import Proven

_LEAST = ("sha256",)
"""Every statement about bytes names this one."""


def prove(published: Published, index: int) -> bytes:
    """Return the proof file of an entry; the entry itself is in it.

    Raises:
        LogError: the tree has no such entry, or its tiles do not verify.

    Source: C2SP tlog-proof (5ba5ee8), "Format".
    """
    path = published.reader.inclusion_path(index)
    entry = published.reader.entries(index // TILE_WIDTH)[index % TILE_WIDTH]
    return Proof(index, tuple(path), published.note, entry).encode()


@dataclass(frozen=True, slots=True)
class Checked:
    """What a proof file proved.

    Attributes:
        reason: why it proves nothing; empty: it proves what follows.
        proven: the entry and its tree; None where nothing is proven.
        statement: what the entry says; None likewise.
        file: the file whose digests it names; None: only the entry was asked for.
        digests: those of the file, by the algorithms that the entry names.
    """

    reason: str
    proven: Proven | None
    statement: Statement | None
    file: Artifact | None
    digests: Mapping[str, str]

    @property
    def holds(self) -> bool:
        """Whether it proves something."""
        return not self.reason


def named_digests(proof: bytes, entry: bytes | None = None) -> tuple[str, ...]:
    """Return the digests that a proof's entry names, so that a large file is hashed for no other.

    Nothing is verified yet: what is named here must then be found to be proven.
    """
    try:
        statement = read_statement(parse_proof(proof).extra if entry is None else entry)
    except LogError:
        return _LEAST
    return tuple(dict.fromkeys((*_LEAST, *statement.digests)))


def check(
    proof: bytes,
    policy: Policy,
    file: Artifact | None,
    *,
    entry: bytes | None = None,
    freshness: Freshness | None = None,
) -> Checked:
    """Check a proof file offline.

    Args:
        proof: the proof file.
        policy: which logs and witnesses count.
        file: the released file; its digests must be those of the entry. None checks the entry alone.
        entry: the entry, where the proof does not carry it.
        freshness: how old the quorum's cosignatures may be; None accepts any age.

    Raises:
        SourceError: the file changes while it is read.
    """
    digests: dict[str, str] = {}
    try:
        if file is None:
            proven = verify_entry(proof, policy, entry, freshness)
            return Checked("", proven, read_statement(proven.entry), None, digests)
        digests = {name: file.digest(name).hex() for name in named_digests(proof, entry)}
        release = verify_artifact(proof, policy, digests, entry=entry, freshness=freshness)
    except LogError as error:
        return Checked(str(error), None, None, file, digests)
    return Checked("", release.proven, release.statement, file, digests)


def withdrawal_after(published: Published, statement: Statement, index: int) -> int | None:
    """Return the first entry after this one that withdraws the same bytes; None where there is none.

    Raises:
        LogError: an entry is no statement, or the log does not verify.
    """
    wanted = statement.digests.get("sha256")
    if statement.kind is not Kind.RELEASE or wanted is None:
        return None
    for number, entry in published.entries(index + 1):
        # Most entries are passed over unread: only one that holds the digest can withdraw it.
        if wanted.encode() in entry:
            later = read_statement(entry)
            if later.kind is Kind.WITHDRAW and later.digests["sha256"] == wanted:
                return number
    return None
