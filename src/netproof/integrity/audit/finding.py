"""What did an audit come to?

Only values. A finding speaks against the log (or says that nothing could be seen, which is no pass); a note
is worth knowing and speaks against nothing. Some findings are facts about the log that no later audit
undoes: those are told again each time.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netproof.tlog.policy import Judged

LISTED = 1_000
"""How many findings of one kind are listed; all are counted."""


class Kind(StrEnum):
    """What was found, the gravest first."""

    FORK = "fork"
    ROLLBACK = "rollback"
    BAD_HEAD = "bad_head"
    NO_QUORUM = "no_quorum"
    BAD_TILES = "bad_tiles"
    BAD_ENTRIES = "bad_entries"
    FAST_FORWARD = "fast_forward"
    STALE = "stale"
    UNAVAILABLE = "unavailable"
    TWO_DIGESTS = "two_digests"
    AFTER_WITHDRAWAL = "after_withdrawal"
    KEY_NO_LONGER_TRUSTED = "key_no_longer_trusted"
    NOT_A_STATEMENT = "not_a_statement"
    WITHDRAWN_UNKNOWN = "withdrawn_unknown"
    TIME_BACK = "time_back"
    TIME_AHEAD = "time_ahead"
    OTHER_POLICY = "other_policy"
    NO_WITNESSES = "no_witnesses"
    FIRST_AUDIT = "first_audit"
    BEHIND = "behind"


NOTES = frozenset(
    {
        Kind.WITHDRAWN_UNKNOWN,
        Kind.TIME_BACK,
        Kind.TIME_AHEAD,
        Kind.OTHER_POLICY,
        Kind.NO_WITNESSES,
        Kind.FIRST_AUDIT,
        Kind.BEHIND,
    }
)
"""Kinds that speak against nothing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    Attributes:
        kind: of which sort.
        text: what it is, in words.
        entry: index of the entry that it is about; None: about the log.
        new: no earlier audit with the same state told it.
        evidence: folder that holds what proves it; empty: none is needed or kept.
    """

    kind: Kind
    text: str
    entry: int | None = None
    new: bool = True
    evidence: str = ""


@dataclass(slots=True)
class Findings:
    """Findings as they are made: all counted, the first of each kind kept, old and new apart."""

    kept: list[Finding] = field(default_factory=list)
    old: Counter[Kind] = field(default_factory=Counter)
    new: Counter[Kind] = field(default_factory=Counter)

    def add(self, finding: Finding) -> None:
        """Take one more."""
        counts = self.new if finding.new else self.old
        counts[finding.kind] += 1
        if counts[finding.kind] <= LISTED:
            self.kept.append(finding)


@dataclass(frozen=True, slots=True)
class Audit:
    """The answer of an audit.

    Attributes:
        where: what was audited.
        now: when [s since 1970].
        head: the head that the policy accepts; None: there is none.
        before: size of the head that an earlier audit had verified; None: this is the first.
        consistent: the head begins with the one before; None: it was not shown either way.
        read: how many entries this audit read.
        read_to: entries from the first to this one have been read, by this audit and earlier ones.
        kinds: how many entries of each kind have been read by all audits together.
        findings: the first of each kind, the gravest first.
        counts: how many there are of each kind.
        new: how many of each kind no earlier audit with the same state told.
        state: where the auditor's memory lies.
        only_bytes: entries were hashed but not read as statements.
    """

    where: str
    now: int
    head: Judged | None
    before: int | None
    consistent: bool | None
    read: int
    read_to: int
    kinds: Mapping[str, int]
    findings: tuple[Finding, ...]
    counts: Mapping[Kind, int]
    new: Mapping[Kind, int]
    state: str
    only_bytes: bool = False

    @property
    def passed(self) -> bool:
        """Whether nothing speaks against the log and all of it was seen."""
        return not any(kind not in NOTES for kind in self.counts)

    @property
    def passed_since(self) -> bool:
        """Whether that is so of all that no earlier audit had told."""
        return not any(kind not in NOTES for kind in self.new)
