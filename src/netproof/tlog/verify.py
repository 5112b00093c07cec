"""What does a proof file prove about these bytes?

One call, offline: a log of the policy signed the checkpoint, a quorum cosigned it, the entry is in that tree,
and it names the artifact's digests. Each step is needed: a path proves nothing under a checkpoint that nobody
signed, and a signature nothing about an entry that is not in the tree.
Source: C2SP tlog-proof, "Verifying a tlog proof" (5ba5ee8).
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.tlog.encoding import shown
from netproof.tlog.merkle import leaf_hash, verify_inclusion
from netproof.tlog.proof import parse_proof
from netproof.tlog.statement import DIGEST_HEX, Kind, Statement, read_statement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netproof.tlog.policy import Freshness, Judged, Policy


@dataclass(frozen=True, slots=True)
class Proven:
    """What was proven about an entry.

    Attributes:
        entry: its bytes.
        index: its place in the log.
        judged: the tree, who signed and who cosigned it, and when.
    """

    entry: bytes
    index: int
    judged: Judged


@dataclass(frozen=True, slots=True)
class ProvenRelease:
    """What was proven about an artifact: that this statement about its bytes is in the log.

    It does not prove that the release was not withdrawn later; a later entry would say so.
    """

    statement: Statement
    proven: Proven


def verify_entry(
    proof: bytes, policy: Policy, entry: bytes | None = None, freshness: Freshness | None = None
) -> Proven:
    """Return what a proof file proves about an entry.

    Args:
        proof: the file.
        policy: which logs and witnesses count.
        entry: the entry; None takes the one that the file carries as extra data, which the path then proves.
        freshness: how old the quorum's cosignatures may be; None accepts any age.

    Raises:
        LogError: any step fails.
    """
    file = parse_proof(proof)
    if entry is None:
        if not file.extra:
            raise LogError("proof: expected the entry, in the file or beside it, got none")
        entry = file.extra
    judged = policy.judge(file.checkpoint, freshness)
    tree = judged.checkpoint
    verify_inclusion(leaf_hash(entry), file.index, tree.size, file.path, tree.root)
    return Proven(entry, file.index, judged)


def verify_artifact(
    proof: bytes,
    policy: Policy,
    digests: Mapping[str, str],
    *,
    entry: bytes | None = None,
    freshness: Freshness | None = None,
) -> ProvenRelease:
    """Return what a proof file proves about an artifact.

    Args:
        proof: the file.
        policy: which logs and witnesses count.
        digests: the artifact's own digests in hexadecimal, computed from its bytes (`digests_of`).
        entry: as in `verify_entry`.
        freshness: as in `verify_entry`.

    Raises:
        LogError: any step fails; the entry is no release; or it names other digests, or none of these.
    """
    for name, digest in digests.items():
        if DIGEST_HEX.get(name) != len(digest) or digest.strip("0123456789abcdef"):
            raise LogError(f"artifact: expected sha256 or sha512 in hexadecimal, got {shown(name)}")
    proven = verify_entry(proof, policy, entry, freshness)
    statement = read_statement(proven.entry)
    if statement.kind is not Kind.RELEASE:
        raise LogError(f"proof: expected an entry of kind release, got {statement.kind}")
    named = statement.digests
    both = named.keys() & digests.keys()
    if not both:
        raise LogError(f"proof: expected a digest by {', '.join(named)}, got {', '.join(digests) or 'none'}")
    for name in sorted(both):
        if not hmac.compare_digest(named[name], digests[name]):
            raise LogError(f"artifact: expected {name} {named[name]}, got {digests[name]}")
    return ProvenRelease(statement, proven)


def digests_of(artifact: bytes) -> dict[str, str]:
    """Return the digests of an artifact that is small enough to be in memory."""
    return {name: hashlib.new(name, artifact).hexdigest() for name in DIGEST_HEX}
