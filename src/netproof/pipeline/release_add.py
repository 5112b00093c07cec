"""Releases into the log: tables read, files verified, entries appended, a checkpoint published.

The first batch is verified before the log is locked, so that one slow file keeps nobody waiting.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from netproof.integrity.log import read_settings, writing
from netproof.integrity.register import log_folder
from netproof.integrity.register.add import BATCH, Outcome, add
from netproof.integrity.register.candidates import from_files, from_sbom, from_table, rows_with_digest
from netproof.integrity.register.durable import durable_entries
from netproof.integrity.register.naming import Namer
from netproof.integrity.register.observed import log_observations, naming_key
from netproof.integrity.register.standing import Standing
from netproof.integrity.register.withdraw import withdraw
from netproof.pipeline.release_publish import published
from netproof.pipeline.released import known_releases, newest_observations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from netproof.integrity.register.add import Added, Candidate
    from netproof.integrity.register.candidates import Terms
    from netproof.integrity.register.listing import Item
    from netproof.pipeline.release_publish import Publish
    from netproof.tlog.keys import SigningKey

Progress = Callable[[str, str, int, int], None]
"""Told the stage, what it works on, its number and how many there are."""
VERSION: Final = "1.0"
REFUSED_LISTED: Final = 10_000
LISTED: Final = 1_000
"""How many releases of an answer are listed one by one; the others are counted."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be logged.

    Attributes:
        items: files.
        table: every release of the operator's table that has a digest.
        sbom: what a bill of materials lists.
        supplier: whose the bill's releases are; empty: as it says.
    """

    items: tuple[Item, ...] = ()
    table: bool = False
    sbom: Path | None = None
    supplier: str = ""


def release_add(
    net: Path, wanted: Wanted, terms: Terms, publish: Publish, time: datetime, progress: Progress
) -> dict[str, Any]:
    """Log releases and return what became of each.

    Args:
        net: the network's folder; its log lies in it.
        wanted: what is to be logged.
        terms: on which files are taken.
        publish: how it is published.
        time: said in the statements.
        progress: told of each file.

    Raises:
        SourceError: a table, list or bill of materials cannot be read.
        LogError: there is no log, or it cannot be read or written.
    """
    folder = log_folder(net)
    settings = read_settings(folder)
    left_out: Counter[str] = Counter()
    candidates = _candidates(net, wanted, terms, left_out, progress)
    first = list(islice(candidates, BATCH))
    answer = _Answer()
    with writing(folder) as writer:
        standing = Standing.of(durable_entries(folder, writer))
        for one in add(writer, standing, chain(first, candidates), folder=folder, time=time):
            answer.take(_added(one), one.outcome.value)
        told = published(folder, writer, publish)
        return answer.model(settings.origin, writer.size, told, left_out)


def release_withdraw(net: Path, name: str, reason: str, publish: Publish, time: datetime) -> dict[str, Any]:
    """Log that a release must no longer be used, and return what became of each part of it.

    Args:
        net: the network's folder; its log lies in it.
        name: which release, as `find` takes it.
        reason: why, in one sentence.
        publish: how it is published.
        time: said in the statements.

    Raises:
        LogError: no release has that name, or the log cannot be read or written.
    """
    folder = log_folder(net)
    answer = _Answer()
    with writing(folder) as writer:
        standing = Standing.of(durable_entries(folder, writer))
        for one in withdraw(writer, standing, name, reason, time):
            row = _row(f"entry {one.logged.index}", one.outcome.value, one.index) | {
                "release": one.logged.named.fields(),
                "sha256": one.logged.sha256,
            }
            answer.take(row, one.outcome.value)
        told = published(folder, writer, publish)
        return answer.model(writer.settings.origin, writer.size, told, Counter())


def _candidates(
    net: Path, wanted: Wanted, terms: Terms, left_out: Counter[str], progress: Progress
) -> Iterator[Candidate]:
    """Yield what may be logged, with progress."""
    known = known_releases(net, lambda *at: progress("read", *at))
    if wanted.sbom is not None:
        yield from _counted(from_sbom(wanted.sbom, known, wanted.supplier, terms, left_out), 0, progress)
    if wanted.table:
        if known.unreadable:
            left_out["release with an unreadable digest"] = known.unreadable
        yield from _counted(from_table(known), rows_with_digest(known), progress)
    yield from _counted(from_files(wanted.items, Namer(known), terms), len(wanted.items), progress)


def _counted(candidates: Iterable[Candidate], total: int, progress: Progress) -> Iterator[Candidate]:
    """Yield candidates; each is told when it is ready."""
    for number, one in enumerate(candidates, 1):
        progress("verify", one.shown, number, max(total, number))
        yield one


def observations_add(
    net: Path, publish: Publish, keys: tuple[SigningKey, ...], progress: Progress
) -> dict[str, Any]:
    """Log what was last seen to run on each component, without saying on which; return how many.

    Args:
        net: the network's folder; its log lies in it.
        publish: how it is published.
        keys: the log's, from which the key that hides components is derived.
        progress: told how many are done.

    Raises:
        SourceError: a table cannot be read.
        LogError: there is no key or no log, or it cannot be written.
    """
    folder = log_folder(net)
    hidden = naming_key(keys)
    read_settings(folder)
    left_out: Counter[str] = Counter()
    answer = _Answer()
    seen = newest_observations(net, left_out)
    with writing(folder) as writer:
        done = log_observations(
            writer, seen, hidden, lambda number: progress("verify", "observations", number, number)
        )
        for one, reason in done.refused:
            row = _row(f"observation of {one.product}", Outcome.REFUSED.value, None)
            answer.take(row | {"sha256": one.sha256, "reason": reason}, Outcome.REFUSED.value)
        answer.count(Outcome.LOGGED.value, done.logged)
        answer.count(Outcome.ALREADY.value, done.already)
        told = published(folder, writer, publish)
        return answer.model(writer.settings.origin, writer.size, told, left_out)


class _Answer:
    """Collects rows; keeps those that are refused, and the first of the others."""

    def __init__(self) -> None:
        self._rows: list[dict[str, Any]] = []
        self._counts: Counter[str] = Counter()
        self._listed: Counter[bool] = Counter()

    def take(self, row: dict[str, Any], outcome: str) -> None:
        """Take one row."""
        self._counts[outcome] += 1
        refused = outcome == Outcome.REFUSED
        if self._listed[refused] < (REFUSED_LISTED if refused else LISTED):
            self._listed[refused] += 1
            self._rows.append(_as_text(row))

    def count(self, outcome: str, number: int) -> None:
        """Count rows that are not listed."""
        self._counts[outcome] += number

    def model(
        self,
        origin: str,
        size: int,
        told: tuple[dict[str, Any] | None, str],
        left_out: Counter[str],
    ) -> dict[str, Any]:
        """Return the answer."""
        return {
            "schema_version": VERSION,
            "log": {"origin": origin, "size": size},
            "summary": {outcome.value: self._counts[outcome] for outcome in Outcome},
            "releases": self._rows,
            "unlisted": self._counts.total() - len(self._rows),
            "left_out": [
                {"kind": _as_text(kind), "number": number} for kind, number in sorted(left_out.items())
            ],
            "checkpoint": told[0],
            "unpublished": told[1],
        }


def _added(one: Added) -> dict[str, Any]:
    """Return what became of a candidate, as plain values."""
    candidate, evidence = one.candidate, one.candidate.evidence
    row = _row(candidate.shown, one.outcome.value, one.index)
    row |= {"verdict": candidate.verdict or None, "reason": one.reason, "notes": list(one.notes)}
    if candidate.named is not None:
        row["release"] = candidate.named.fields()
    if evidence is not None:
        row |= {
            "sha256": evidence.digests["sha256"],
            "size": evidence.size,
            "signatures": [
                {"format": s.format, "sha256": s.sha256, "signer": s.signer} for s in evidence.signatures
            ],
            "sbom_sha256": evidence.sbom or None,
            "provenance_sha256": evidence.provenance or None,
        }
    return row


def _row(shown: str, outcome: str, index: int | None) -> dict[str, Any]:
    """Return a row of which nothing more is known."""
    return {
        "shown": shown,
        "outcome": outcome,
        "entry": index,
        "verdict": None,
        "release": None,
        "sha256": None,
        "size": None,
        "signatures": [],
        "sbom_sha256": None,
        "provenance_sha256": None,
        "reason": "",
        "notes": [],
    }


def _as_text(value: Any) -> Any:
    """Return values whose words UTF-8 can hold; names of files and options may be any bytes."""
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode("utf-8")
        case dict():
            return {key: _as_text(one) for key, one in value.items()}
        case list():
            return [_as_text(one) for one in value]
        case _:
            return value
