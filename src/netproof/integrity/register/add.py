"""Which of these releases go into the log, and as which entries?

Takes candidates in their order, in batches: refuses what the standing of the log forbids, keeps what the
entries name by digest, appends a batch with one sync. A refused one does not stop the others. Within a batch
each is judged as if its releases came one by one.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Final

from netproof.errors import LogError, SourceError
from netproof.integrity.log import keep_file
from netproof.integrity.register import entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from netproof.integrity.log import Writer
    from netproof.integrity.register.entries import Evidence, Named
    from netproof.integrity.register.evidence import Kept
    from netproof.integrity.register.standing import Standing

BATCH: Final = 4096
"""Entries that become durable together."""
_AT_ONCE: Final = 16
"""Files that are kept at once: each waits for the disk, which takes many in one go."""


class Outcome(StrEnum):
    """What became of a release."""

    LOGGED = "logged"
    ALREADY = "already_logged"
    WITHDRAWN = "withdrawn"
    WITHDRAWN_BEFORE = "already_withdrawn"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be logged as a release.

    Attributes:
        shown: what the user called it: a file, or where it stands in a table or bill of materials.
        verdict: of its signatures; empty where no file was at hand.
        named: which release; None: neither the user nor the tables say it.
        evidence: what is known of its bytes; None: nothing.
        refused: why it is not to be logged; empty: nothing speaks against it so far.
        notes: what else a person should know.
        keep: files that the log names beside it.
        unnamed: why nobody says which release it is; the log itself may.
        listed: a row of the operator's own table, which stays there when the release is withdrawn.
    """

    shown: str
    verdict: str
    named: Named | None
    evidence: Evidence | None
    refused: str = ""
    notes: tuple[str, ...] = ()
    keep: tuple[Kept, ...] = ()
    unnamed: str = ""
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a candidate.

    Attributes:
        index: of its entry; None: refused.
        reason: why it is refused; else empty.
        notes: all that a person should know.
    """

    candidate: Candidate
    outcome: Outcome
    index: int | None
    reason: str
    notes: tuple[str, ...]


def add(
    writer: Writer,
    standing: Standing,
    candidates: Iterable[Candidate],
    *,
    folder: Path,
    time: datetime,
) -> Iterator[Added]:
    """Log releases, and yield what became of each, in their order.

    Args:
        writer: of the log.
        standing: what the log says already; grows.
        candidates: taken batch by batch.
        folder: the log's own.
        time: said in the statements.

    Raises:
        LogError: the log cannot be written. Batches that were yielded are durable.
    """
    waiting = iter(candidates)
    while batch := list(islice(waiting, BATCH)):
        yield from _batch(writer, standing, batch, folder, time)


def _batch(
    writer: Writer, standing: Standing, batch: list[Candidate], folder: Path, time: datetime
) -> list[Added]:
    """Log one batch; all that it appends becomes durable together."""
    known = writer.size
    done: list[Added] = []
    statements: list[bytes] = []
    places: list[int] = []
    lost = _keep(batch, folder)
    for candidate in batch:
        judged, entry = _judge(candidate, standing, time)
        if entry is not None:
            judged = _kept(judged, lost)
        if entry is not None and judged.outcome is Outcome.LOGGED:
            # It counts for the rest of the batch; its number is not known before the batch is durable.
            standing.take(known + len(statements), entry)
            places.append(len(done))
            statements.append(entry)
        done.append(judged)
    for place, index in zip(places, writer.append(statements) if statements else [], strict=True):
        one = done[place]
        done[place] = Added(one.candidate, one.outcome, index, one.reason, one.notes)
    return done


def _keep(batch: list[Candidate], folder: Path) -> dict[str, str]:
    """Keep the files that entries may name, many at once; return why one could not be kept, by its digest.

    They are kept before anything is judged: one that no entry names in the end does no harm.
    """
    wanted = {
        file.sha256: file
        for one in batch
        if not one.refused and one.evidence is not None
        for file in one.keep
    }

    def keep(file: Kept) -> str:
        try:
            keep_file(folder, file.content())
        except SourceError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = dict(zip(wanted, pool.map(keep, wanted.values()), strict=True))
    return {sha256: why for sha256, why in answers.items() if why}


def _kept(judged: Added, lost: dict[str, str]) -> Added:
    """Refuse a candidate of which a file is no longer what it was."""
    why = next((lost[file.sha256] for file in judged.candidate.keep if file.sha256 in lost), "")
    return Added(judged.candidate, Outcome.REFUSED, None, why, judged.notes) if why else judged


def _judge(candidate: Candidate, standing: Standing, time: datetime) -> tuple[Added, bytes | None]:
    """Return what becomes of a candidate, and its entry if it is to be logged."""
    named, evidence = candidate.named, candidate.evidence
    if named is None and evidence is not None and not candidate.refused:
        named = standing.named(evidence.digests["sha256"])
        candidate = replace(candidate, named=named)
    reason = candidate.refused
    if not reason and (named is None or evidence is None):
        reason = candidate.unnamed or "nothing is known of it"
    if reason or named is None or evidence is None:
        return Added(candidate, Outcome.REFUSED, None, reason, candidate.notes), None
    gone = standing.withdrawal(named, evidence) if candidate.listed else None
    if gone is not None:
        return Added(candidate, Outcome.WITHDRAWN_BEFORE, gone.index, "", ()), None
    reason = standing.refusal(named, evidence)
    if reason:
        return Added(candidate, Outcome.REFUSED, None, reason, candidate.notes), None
    known = standing.logged(named, evidence)
    if known is not None:
        return Added(candidate, Outcome.ALREADY, known.index, "", candidate.notes), None
    try:
        entry = entries.release(named, evidence, time).entry
    except LogError as error:
        return Added(candidate, Outcome.REFUSED, None, str(error), candidate.notes), None
    alike = tuple(
        f"looks like {other}, which is logged: make sure that both are meant"
        for other in standing.looks_like(named)
    )
    return Added(candidate, Outcome.LOGGED, None, "", (*candidate.notes, *alike)), entry
