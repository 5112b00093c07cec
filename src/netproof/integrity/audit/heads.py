"""Is this head the log's own, is it good by the policy, and does one head begin with another?

A head with the log's signature counts as evidence even where too few witnesses stand behind it; only one that
the policy accepts is remembered. Whether a tree begins with another is computed from the larger one's tiles,
each verified against its head.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netproof.errors import LogError, SourceError
from netproof.integrity.audit.finding import Finding, Findings, Kind
from netproof.integrity.audit.source import told
from netproof.integrity.audit.state import Head
from netproof.tlog.merkle import EMPTY_ROOT
from netproof.tlog.policy import NO_QUORUM, Policy
from netproof.tlog.reader import TileReader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netproof.integrity.audit.source import Source
    from netproof.tlog.policy import Freshness, Judged


def signed_head(source: Source, policy: Policy, findings: Findings) -> Head | None:
    """Return the head that a source shows, if a log of the policy signed it; None with a finding if not."""
    try:
        note = source.checkpoint()
    except SourceError as error:
        findings.add(Finding(Kind.UNAVAILABLE, told(error)))
        return None
    try:
        # Witnesses are judged later: what the log signed binds it, whoever else signed.
        tree = Policy(policy.logs, {}, {}, NO_QUORUM).judge(note).checkpoint
    except LogError as error:
        findings.add(Finding(Kind.BAD_HEAD, f"{source.where}: {told(error)}"))
        return None
    if tree.size == 0 and tree.root != EMPTY_ROOT:
        text = f"{source.where}: expected the root of the empty tree at size 0, got {tree.root.hex()}"
        findings.add(Finding(Kind.BAD_HEAD, text))
        return None
    return Head(note, tree)


def accepted(head: Head, policy: Policy, freshness: Freshness | None, findings: Findings) -> Judged | None:
    """Return how the policy judges a head; None with a finding if it does not accept it.

    A head that is too old is accepted with a finding: it is a true one.
    """
    try:
        judged = policy.judge(head.note)
    except LogError as error:
        findings.add(Finding(Kind.NO_QUORUM, told(error)))
        return None
    if policy.quorum == NO_QUORUM:
        text = "the policy asks for no witness: a log that shows others something else is not noticed"
        findings.add(Finding(Kind.NO_WITNESSES, text))
    elif freshness is not None:
        try:
            policy.judge(head.note, freshness)
        except LogError as error:
            findings.add(Finding(Kind.STALE, told(error)))
    return judged


def split(first: Head, second: Head, source: Source) -> list[bytes] | None:
    """Return None if the second head's tree begins with the first's; else what proves that it does not.

    Args:
        first: the smaller head.
        second: the other one.
        source: where the second one's tiles are read.

    Returns:
        A consistency proof that leads to the second root and not to the first; empty between equal sizes.

    Raises:
        LogError: the tiles are not those of the second head, so nothing is shown.
        SourceError: they cannot be had.
    """
    if first.tree.size == second.tree.size:
        return None if first.tree.root == second.tree.root else []
    reader = TileReader(second.tree, source.read)
    if reader.root(first.tree.size) == first.tree.root:
        return None
    return reader.consistency_path(first.tree.size)


def in_order(one: tuple[Head, Source], other: tuple[Head, Source]) -> Sequence[tuple[Head, Source]]:
    """Return two heads with their sources, the smaller one first."""
    return sorted((one, other), key=lambda pair: pair[0].tree.size)
