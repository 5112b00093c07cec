"""Which entries of the log count for a date, and by when was each provably in it?

Reads the kept checkpoints of a log's folder. Each must bear the log's own signature and state a tree with
which the newest one begins; the time is its quorum's, by the log's policy. What the log itself says of time
does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.integrity import log
from netproof.integrity.log import layout
from netproof.integrity.log.reading import open_own
from netproof.tlog.policy_text import parse_policy

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from netproof.integrity.log import Published
    from netproof.tlog.policy import Policy

_LATEST = 253_402_300_799
"""The last second of the year 9999 [s since 1970]; a witness that states a later one states nothing."""


@dataclass(frozen=True, slots=True)
class State:
    """The log as it counts for a date; the row of table log_state.

    Attributes:
        origin: which log.
        size: entries that count.
        checkpoint_at: by when a quorum had cosigned them; None: no quorum.
        problem: why nothing is proven for the date; empty: nothing to say.
    """

    origin: str
    size: int = 0
    checkpoint_at: datetime | None = None
    problem: str = ""

    @property
    def quorum(self) -> bool:
        """Whether a quorum cosigned them."""
        return self.checkpoint_at is not None


@dataclass(frozen=True, slots=True)
class Proven:
    """A log and the checkpoints that it has kept.

    Attributes:
        published: the tree of the largest kept checkpoint.
        kept: sizes of the kept checkpoints, ascending, each with the time by which a quorum had cosigned it
            [s since 1970]; None: no quorum.
        renewed: size and likewise time of the newest checkpoint, which may be a kept one cosigned anew.
    """

    published: Published
    kept: tuple[tuple[int, int | None], ...]
    renewed: tuple[int, int | None]

    def state(self, as_of: date, size: int | None = None, renewed: int | None = None) -> State:
        """Return what counts for a date.

        Args:
            as_of: the date; a quorum must have cosigned by its end (UTC).
            size: what counted when that was asked before: the newest kept checkpoint of at most that size
                is taken, whatever the date. Its renewed cosignatures are gone by then and do not count.
            renewed: when it had been cosigned anew then; who asks has kept that checkpoint and judged it.
        """
        origin = self.published.settings.origin
        if size is not None:
            known = [(kept, at) for kept, at in self.kept if kept <= size]
            if not known:
                return State(origin, problem=f"no checkpoint of at most {size} entries is kept")
            fitted, first_at = known[-1]
            late = first_at is not None and renewed is not None and first_at < renewed
            return State(origin, fitted, _moment(renewed if late else first_at))
        timed = [(kept, at) for kept, at in self.kept if at is not None]
        if not timed:
            return State(origin, self.kept[-1][0])
        end = _end(as_of)
        fitting = [(kept, at) for kept, at in timed if at < end]
        if not fitting:
            first = _moment(timed[0][1])
            return State(
                origin, problem=f"a quorum of witnesses cosigned it first on {first:%Y-%m-%d}, after {as_of}"
            )
        newest, at = fitting[-1]
        again, anew = self.renewed
        if again == newest and anew is not None and at < anew < end:
            at = anew
        return State(origin, newest, _moment(at))

    def times(self, size: int) -> list[tuple[int, datetime | None]]:
        """Return by when entries were proven: for each kept checkpoint up to a size, its size and the time.

        An entry takes the time of the first that is larger than its index. Where a checkpoint has no quorum,
        the next one that has proves its entries too.
        """
        found: list[tuple[int, datetime | None]] = []
        after: int | None = None
        for kept, at in reversed([one for one in self.kept if one[0] <= size]):
            after = at if at is not None else after
            found.append((kept, _moment(after)))
        return found[::-1]


def read_proven(folder: Path) -> Proven:
    """Read the kept checkpoints of a log.

    Args:
        folder: the log's own folder.

    Raises:
        LogError: there is no log or no checkpoint, a file cannot be read, a checkpoint is not signed by the
            log or states another tree than the newest one begins with.

    Cost: a few signatures for each kept checkpoint, about a millisecond.
    """
    settings = log.read_settings(folder)
    policy = parse_policy(log.read_policy(folder))
    notes = list(log.history(folder))
    if not notes:
        raise LogError("no checkpoint is published yet", hint="netproof release log NET checkpoint")
    published = log.published(folder, size=notes[-1][0])
    kept = []
    for size, note in notes:
        checkpoint = open_own(note, settings, folder / layout.kept_name(size))
        if checkpoint.size != size or published.reader.root(size) != checkpoint.root:
            raise LogError(f"the kept checkpoint of {size} entries states another tree than the log has")
        kept.append((size, _proven_by(note, policy)))
    newest = log.published(folder)
    # The writer keeps a checkpoint before it publishes it, so after a crash either may be the larger one.
    small, large = sorted((newest, published), key=lambda one: one.checkpoint.size)
    if large.reader.root(small.checkpoint.size) != small.checkpoint.root:
        raise LogError("the newest checkpoint states another tree than the kept ones")
    return Proven(published, tuple(kept), (newest.checkpoint.size, _proven_by(newest.note, policy)))


def _proven_by(note: bytes, policy: Policy) -> int | None:
    """Return by when a quorum had cosigned a checkpoint; None: no quorum, or none that states a time."""
    try:
        at = policy.judge(note).proven_by
    except LogError:
        return None
    return at if at is not None and at <= _LATEST else None


def _moment(seconds: int | None) -> datetime | None:
    """Return seconds since 1970 as a moment in UTC, as tables keep it."""
    if seconds is None:
        return None
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).replace(tzinfo=None)


def _end(day: date) -> int:
    """Return the first second after a day, in UTC [s since 1970]."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) + 86_400


def cosigners(folder: Path, size: int) -> list[str]:
    """Return the names of the witnesses that cosigned a kept checkpoint, by the log's policy.

    Raises:
        LogError: The checkpoint is not kept, or has no quorum.
    """
    policy = parse_policy(log.read_policy(folder))
    judged = policy.judge(log.published(folder, size=size).note)
    return [name.decode("utf-8", "backslashreplace") for name in judged.witnesses]
