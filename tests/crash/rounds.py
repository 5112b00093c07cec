"""Rounds of a log's life that end badly: killed at a random moment, a disk that is full, one that fails.

Every round goes on with the same log. A child writes; what it acknowledged or showed it notes in a file beside
the log, which a kill does not take away. Then the log is opened as after any start, and compared.
"""

from __future__ import annotations

import base64
import os
import signal
import time
import warnings
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.integrity.log import DISK, create, fsck, published, writing
from netproof.integrity.log.reading import open_own
from tests.crash.disks import failing_at
from tests.crash.story import POLICY, SETTINGS
from tests.tlogs import LOG, TIME

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from netproof.integrity.log import Disk, Writer
    from netproof.tlog.note import SignatureLine

BATCH_MAX = 400
ROUND_S = 0.05
"""Longest that a child lives before it is killed [s]."""


def batch(number: int, step: int) -> list[bytes]:
    """The entries of a step of a round; a few are in every round, so that some are in the log already."""
    numbers = Random(f"{number}/{step}")  # noqa: S311 - chance that can be repeated
    own = [
        b"%d/%d/%d " % (number, step, at) + numbers.randbytes(60)
        for at in range(numbers.randrange(BATCH_MAX))
    ]
    return [*own, b"in every round", b"%d" % (step % 7)]


@dataclass
class Life:
    """A log that lives through many rounds.

    Attributes:
        folder: the log's.
        acknowledged: by index, what the writer said is durable.
        roots: by size, the root that it showed.
        ended: how the rounds ended, counted.
    """

    folder: Path
    acknowledged: dict[int, bytes]
    roots: dict[int, bytes]
    ended: dict[str, int]

    @classmethod
    def begin(cls, folder: Path) -> Life:
        """Make the log."""
        create(folder, SETTINGS, POLICY)
        return cls(folder, {}, {}, {})

    def killed(self, number: int, numbers: Random) -> None:
        """A round that SIGKILL ends at a random moment."""
        wait = numbers.uniform(0, ROUND_S)
        child = self._child(number, lambda: DISK)
        time.sleep(wait)  # this is the random moment
        os.kill(child, signal.SIGKILL)
        self._end(child, number)

    def failed(self, number: int, numbers: Random) -> None:
        """A round in which one operation of the disk fails, and the process ends by that."""
        at = numbers.randint(1, 300)
        self._end(self._child(number, lambda: failing_at(at)), number)

    def filled(self, number: int) -> None:
        """A round that a full disk ends; the caller makes it small before and larger afterwards."""
        child = self._child(number, lambda: DISK, steps=10_000)
        assert os.waitpid(child, 0)[1] == 0
        self._count("disk full")

    def look(self, number: int) -> None:
        """Open the log again, as any start does, and compare it with what it said in this round."""
        news = self._notes(number)
        with writing(self.folder) as writer:
            assert writer.size >= max(self.acknowledged, default=-1) + 1
            self._show(writer.checkpoint([LOG], TIME))
        log = published(self.folder)
        # What became durable without being acknowledged counts from now on: it is published.
        bundles = {bundle: log.reader.entries(bundle) for bundle in {index // 256 for index in news}}
        assert {index: bundles[index // 256][index % 256] for index in news} == news
        for size in sorted(self.roots)[-20:]:
            assert log.reader.root(size) == self.roots[size]

    def look_at_all(self) -> None:
        """Compare everything that was ever acknowledged or shown."""
        log = published(self.folder)
        entries = dict(log.entries())
        assert {index: entries[index] for index in self.acknowledged} == self.acknowledged
        for size, root in self.roots.items():
            assert log.reader.root(size) == root
        assert fsck(self.folder) == []

    def _child(self, number: int, disk: Callable[[], Disk], steps: int = 200) -> int:
        """Start a child that writes; return its process id."""
        child = fork()
        if child:
            return child
        code = 1
        try:
            code = self._write(number, disk(), steps)
        finally:
            os._exit(code)

    def _write(self, number: int, disk: Disk, steps: int) -> int:
        """What the child does; it notes each promise before it goes on."""
        notes = os.open(self._notes_path(number), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            with writing(self.folder, disk=disk) as writer:
                for step in range(steps):
                    places = writer.append(batch(number, step))
                    os.write(notes, b"entries %d %s\n" % (step, b",".join(b"%d" % place for place in places)))
                    if step % 3 == 2:
                        _sign(writer, notes)
        except LogError:
            return 0
        return 0

    def _end(self, child: int, number: int) -> None:
        """Wait for a child and count how it ended."""
        status = os.waitpid(child, 0)[1]
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, f"round {number}: the writer broke"
        self._count("killed" if os.WIFSIGNALED(status) else "disk failed")

    def _count(self, how: str) -> None:
        self.ended[how] = self.ended.get(how, 0) + 1

    def _notes_path(self, number: int) -> Path:
        return self.folder.with_name(f"notes-{number}")

    def _notes(self, number: int) -> dict[int, bytes]:
        """Read what the child of a round noted; return what it acknowledged."""
        path = self._notes_path(number)
        lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
        news: dict[int, bytes] = {}
        for line in lines:
            what, *rest = line.split(b" ")
            if what == b"entries":
                places = [int(place) for place in rest[1].split(b",")]
                news |= dict(zip(places, batch(number, int(rest[0])), strict=True))
            else:
                self._show(base64.b64decode(rest[0]))
        path.unlink(missing_ok=True)
        self.acknowledged |= news
        return news

    def _show(self, note: bytes) -> None:
        """Remember a checkpoint; two of one size must be of one tree."""
        checkpoint = open_own(note, SETTINGS)
        assert self.roots.setdefault(checkpoint.size, checkpoint.root) == checkpoint.root


def fork() -> int:
    """Fork; newer interpreters warn where threads run, as those of the test runner do."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _sign(writer: Writer, notes: int) -> None:
    """Sign a checkpoint and note it as soon as a witness would see it."""

    def witness(note: bytes, path: Callable[[int], list[bytes]]) -> list[SignatureLine]:
        os.write(notes, b"checkpoint %s\n" % base64.b64encode(note))
        path(1)
        return []

    writer.checkpoint([LOG], TIME, witness)
