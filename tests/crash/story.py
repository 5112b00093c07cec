"""What a log's writer does in the tests of crashes, what it promised on the way, and whether that was kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netproof.integrity.log import DISK, Settings, create, fsck, published, writing
from netproof.integrity.log.reading import open_own
from netproof.tlog.policy_text import encode_policy
from tests.tlogs import LOG, TIME, policy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

    from netproof.integrity.log import Disk, Writer
    from netproof.tlog.note import SignatureLine

SETTINGS = Settings(LOG.name, (LOG.verifier(),))
POLICY = encode_policy(policy(0))


@dataclass
class Promises:
    """What the writer has said to others.

    Attributes:
        made: whether the log was made.
        entries: by index, what was acknowledged.
        shown: checkpoints that somebody outside has seen: a witness, or whoever asked for one.
        published: size of the newest one that was returned.
    """

    made: bool = False
    entries: dict[int, bytes] = field(default_factory=dict)
    shown: list[bytes] = field(default_factory=list)
    published: int = -1

    def copy(self) -> Promises:
        return Promises(self.made, dict(self.entries), list(self.shown), self.published)

    def append(self, writer: Writer, entries: list[bytes]) -> None:
        """Append, and note what was acknowledged."""
        places = writer.append(entries)
        self.entries |= dict(zip(places, entries, strict=True))

    def checkpoint(self, writer: Writer) -> None:
        """Sign, and note what a witness saw and what was returned."""

        def witness(note: bytes, path: Callable[[int], list[bytes]]) -> list[SignatureLine]:
            self.shown.append(note)
            path(max(self.published, 0))
            return []

        self.shown.append(writer.checkpoint([LOG], TIME, witness))
        self.published = open_own(self.shown[-1], SETTINGS).size


def tell(folder: Path, disk: Disk, promises: Promises, numbers: Random) -> None:
    """Make a log and write to it twice; the second time there is something to replay."""
    create(folder, SETTINGS, POLICY, disk=disk)
    promises.made = True
    with writing(folder, disk=disk) as writer:
        promises.append(writer, some(numbers, 2))
        promises.append(writer, [*some(numbers, 255), b""])
        promises.checkpoint(writer)
        promises.append(writer, some(numbers, 3))
        promises.append(writer, some(numbers, 1))
    with writing(folder, disk=disk) as writer:
        promises.append(writer, some(numbers, 2))
        promises.checkpoint(writer)
        promises.append(writer, some(numbers, 2))


def some(numbers: Random, count: int) -> list[bytes]:
    """Made-up entries, none twice."""
    return [numbers.randbytes(numbers.randint(8, 40)) for _ in range(count)]


def check(folder: Path, promises: Promises, *, disk: Disk = DISK, whole: bool = True) -> None:
    """Open the log as whoever starts it again would, and compare it with all that was promised."""
    if not promises.made and not (folder / "log.toml").exists():
        create(folder, SETTINGS, POLICY, disk=disk)
    if promises.published >= 0:
        # Readers need no repair first.
        assert published(folder).checkpoint.size >= promises.published
    with writing(folder, disk=disk) as writer:
        assert writer.size > max(promises.entries, default=-1)
        writer.append([b"after the crash"])
        promises.shown.append(writer.checkpoint([LOG], TIME))
        again = list(promises.entries)[-1:]
        assert writer.append([promises.entries[index] for index in again]) == again
    log = published(folder)
    entries = [entry for _, entry in log.entries()]
    assert {index: entries[index] for index in promises.entries} == promises.entries
    for note in promises.shown:
        old = open_own(note, SETTINGS)
        assert log.reader.root(old.size) == old.root
    assert not whole or fsck(folder) == []
