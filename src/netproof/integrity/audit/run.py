"""One audit of somebody else's log: is it the same log as last time, and is all of it there?

The head is fetched, judged and compared with the highest one that earlier audits verified; then every entry
that is new is hashed and read. What cannot be had is a finding, never a pass. Two heads of which one does not
begin with the other are kept as evidence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from netproof.errors import LogError, SourceError
from netproof.integrity.audit.ahead import Ahead
from netproof.integrity.audit.facts import UNTOLD, Facts
from netproof.integrity.audit.finding import Audit, Finding, Findings, Kind
from netproof.integrity.audit.heads import accepted, in_order, signed_head, split
from netproof.integrity.audit.reading import Progress, Reading
from netproof.integrity.audit.rules import Rules
from netproof.integrity.audit.source import Folder, told
from netproof.integrity.audit.state import Head, State, first_log, remembered

if TYPE_CHECKING:
    from netproof.integrity.audit.source import Source
    from netproof.tlog.policy import Freshness, Judged, Policy

GROWTH_MAX = 20_000_000
"""New entries that one audit takes on trust of the head; more is told as a finding."""
THREADS = 4
_ONLY_BYTES = "only_bytes"
"""Fact: some entries were hashed and not read as statements, so that nobody has judged what they say."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an audit is asked beyond the policy.

    Attributes:
        against: another copy of the log, or what another reader is shown; None: none.
        statements: read entries as statements; no: they are only hashed, as for a log of something else.
        growth_max: new entries that are believed at once.
        policy_sha256: digest of the policy's file in hexadecimal, to be compared with what the log
            announced; empty: it is not compared.
    """

    against: Source | None = None
    statements: bool = True
    growth_max: int = GROWTH_MAX
    policy_sha256: str = ""


def audit(  # noqa: PLR0913 - what is audited, by whom, when, and how
    source: Source,
    policy: Policy,
    state: Path,
    *,
    now: int,
    freshness: Freshness | None = None,
    asked: Asked | None = None,
    progress: Progress = lambda *_: None,
) -> Audit:
    """Audit a log, and remember what was seen.

    Args:
        source: where it is read.
        policy: which logs and witnesses count.
        state: folder of the auditor's memory, for all logs.
        now: seconds since 1970; the caller's clock.
        freshness: how old the quorum may be; None accepts any age.
        asked: what else is asked.
        progress: told how many new entries were read, and how many there are.

    Raises:
        SourceError: the memory cannot be used. What is wrong with the log is a finding instead.
    """
    findings = Findings()
    head = signed_head(source, policy, findings)
    origins = {head.tree.origin} if head else {log.key.name for log in policy.logs}
    answer = _Answer(source.where, now)
    if len(origins) == 1:
        with remembered(state, origins.pop()) as memory:
            run = _Run(source, policy, asked or Asked(), findings, memory, answer)
            run.recall()
            if head is not None:
                answer.head = accepted(head, policy, freshness, findings)
                if answer.head is not None:
                    _check_address(source, state, head, findings)
                run.audit(head, progress)
            run.conclude()
    return answer.told(findings, asked or Asked())


def was_told(answer: Audit) -> None:
    """Remember that an audit's findings were told; until then each audit tells them as new ones.

    Args:
        answer: of an audit; written out by now.

    Raises:
        SourceError: the memory cannot be used.
    """
    if answer.state and answer.new:
        with Facts.opened(Path(answer.state) / "facts.sqlite") as facts:
            facts.remember(UNTOLD, 0)
            facts.commit()


def _check_address(source: Source, state: Path, head: Head, findings: Findings) -> None:
    """Take a finding where an address shows another log than before, which the policy may accept as well."""
    if isinstance(source, Folder):
        return  # whoever copies logs into a folder knows which
    first = first_log(state, source.where, head.tree.origin)
    if first != head.tree.origin:
        text = f"{source.where}: expected log {first}, as this address showed before, got {head.tree.origin}"
        findings.add(Finding(Kind.BAD_HEAD, told(Exception(text))))


@dataclass(slots=True)
class _Answer:
    """What becomes the audit's answer."""

    where: str
    now: int
    head: Judged | None = None
    before: int | None = None
    consistent: bool | None = None
    read: int = 0
    read_to: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    state: str = ""

    def told(self, findings: Findings, asked: Asked) -> Audit:
        """Return the answer."""
        order = list(Kind)
        kept = sorted(
            findings.kept, key=lambda one: (order.index(one.kind), -1 if one.entry is None else one.entry)
        )
        return Audit(
            where=self.where,
            now=self.now,
            head=self.head,
            before=self.before,
            consistent=self.consistent,
            read=self.read,
            read_to=self.read_to,
            kinds=self.kinds,
            findings=tuple(kept),
            counts={kind: many for kind in order if (many := findings.old[kind] + findings.new[kind])},
            new={kind: findings.new[kind] for kind in order if findings.new[kind]},
            state=self.state,
            only_bytes=not asked.statements,
        )


class _Run:
    """An audit under way."""

    def __init__(
        self,
        source: Source,
        policy: Policy,
        asked: Asked,
        findings: Findings,
        memory: State,
        answer: _Answer,
    ) -> None:
        self.source = source
        self.policy = policy
        self.asked = asked
        self.findings = findings
        self.memory = memory
        self.answer = answer
        self.forks = memory.forks()
        self.retold = set(self.forks)
        self.untold = bool(memory.facts.number(UNTOLD))

    def recall(self) -> None:
        """Tell what earlier audits found that stays true; drop facts that belong to no verified head.

        Facts of an audit that only hashed entries are dropped, too, by one that reads them.
        """
        facts, head = self.memory.facts, self.memory.head
        unread = self.asked.statements and facts.number(_ONLY_BYTES)
        if facts.read_to > (head.tree.size if head else 0) or unread:
            facts.forget()
            facts.commit()
        for finding in facts.findings():
            self.findings.add(finding)
        counted = self.findings.new if self.untold else self.findings.old
        counted.update(facts.left_off())
        self.answer.before = head.tree.size if head else None
        self.answer.state = str(self.memory.folder)

    def audit(self, head: Head, progress: Progress) -> None:
        """Compare the head with what is known, then read what is new."""
        if self.asked.against is not None:
            self._compare(head, self.asked.against)
        if not self._continues(head) or self.answer.head is None:
            return
        if head.tree.size - self.memory.facts.read_to > self.asked.growth_max:
            text = (
                f"the head has {head.tree.size:,} entries, {self.memory.facts.read_to:,} have been read: "
                f"more than {self.asked.growth_max:,} new ones are not believed at once"
            )
            self.findings.add(Finding(Kind.FAST_FORWARD, text))
            return
        if self.memory.head is None or self.memory.head.tree.size < head.tree.size:
            self.memory.advance(head)
        self._read(head, self.answer.head.proven_by, progress)

    def conclude(self) -> None:
        """Tell forks of earlier audits, and sum up what was read."""
        for folder in sorted(self.retold):
            text = "an earlier audit found that the log showed two histories"
            self.findings.add(Finding(Kind.FORK, text, new=self.untold, evidence=str(folder)))
        facts = self.memory.facts
        self.answer.read_to, self.answer.kinds = facts.read_to, facts.counts()
        announced = facts.text("policy")
        if self.asked.policy_sha256 and announced not in {"", self.asked.policy_sha256}:
            text = f"the log announced another policy than the one used here, with SHA-256 {announced}"
            self.findings.add(Finding(Kind.OTHER_POLICY, text))

    def _continues(self, head: Head) -> bool:
        """Return whether the head begins with the one before, with a finding where it does not."""
        before = self.memory.head
        if before is None:
            text = "nothing is remembered of this log: that it is what it was before cannot be told yet"
            self.findings.add(Finding(Kind.FIRST_AUDIT, text))
            return True
        smaller = head.tree.size < before.tree.size
        if smaller:
            text = f"the log shows {head.tree.size:,} entries, an earlier audit verified {before.tree.size:,}"
            self.findings.add(Finding(Kind.ROLLBACK, text))
        pair = (head, before) if smaller else (before, head)
        consistent = self._consistent(*pair, self.source, quiet=smaller)
        self.answer.consistent = consistent
        return bool(consistent) and not smaller

    def _compare(self, head: Head, other: Source) -> None:
        """Compare the head with the one that another copy shows."""
        shown = signed_head(other, self.policy, self.findings)
        if shown is None:
            return
        if shown.tree.origin != head.tree.origin:
            text = f"{other.where}: expected log {head.tree.origin}, got {shown.tree.origin}"
            self.findings.add(Finding(Kind.BAD_HEAD, text))
            return
        (first, _), (second, source) = in_order((head, self.source), (shown, other))
        behind = second.tree.size - first.tree.size
        if self._consistent(first, second, source) and behind:
            late = other.where if first is shown else self.source.where
            text = f"{late} is {behind:,} entries behind"
            self.findings.add(Finding(Kind.BEHIND, text))

    def _consistent(self, first: Head, second: Head, source: Source, *, quiet: bool = False) -> bool | None:
        """Return whether a head begins with a smaller one; a fork is kept as evidence; None: not shown.

        With `quiet`, nothing is told where it could not be shown: that tiles of a larger tree are gone after
        a rollback is no second finding.
        """
        try:
            path = split(first, second, source)
        except (LogError, SourceError) as error:
            if not quiet:
                kind = Kind.BAD_TILES if isinstance(error, LogError) else Kind.UNAVAILABLE
                self.findings.add(Finding(kind, f"{source.where}: {told(error)}"))
            return None
        if path is None:
            return True
        self.memory.facts.remember(UNTOLD, 1)
        self.memory.facts.commit()
        folder = self.memory.keep_fork(first, second, path)
        self.retold.discard(folder)
        same = first.tree.size == second.tree.size
        what = (
            "two trees of" if same else f"a tree of {second.tree.size:,} that does not begin with its tree of"
        )
        text = f"the log signed {what} {first.tree.size:,} entries"
        new = self.untold or folder not in self.forks
        self.findings.add(Finding(Kind.FORK, text, new=new, evidence=str(folder)))
        return False

    def _read(self, head: Head, proven_by: int | None, progress: Progress) -> None:
        """Read what is new."""
        facts = self.memory.facts
        rules = Rules(facts, self.findings, proven_by)
        take, settle = (rules.take, rules.settle) if self.asked.statements else (_nothing, _nothing)
        reading = Reading(facts, self.findings, take, settle)
        if not self.asked.statements and facts.read_to < head.tree.size:
            facts.remember(_ONLY_BYTES, 1)
        threads = 0 if isinstance(self.source, Folder) else THREADS
        with Ahead(self.source, threads) as ahead:
            try:
                reading.run(head.tree, ahead, progress)
            except (LogError, SourceError) as error:
                kind = Kind.BAD_TILES if isinstance(error, LogError) else Kind.UNAVAILABLE
                self.findings.add(Finding(kind, f"{self.source.where}: {told(error)}"))
        self.answer.read = reading.read


def _nothing(*_: object) -> None:
    """Judge nothing."""
