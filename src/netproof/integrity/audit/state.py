"""What does an auditor remember of a log?

A folder for each log: the highest head that was verified, word for word as it was signed; the evidence of
forks; and the facts of all entries read so far (`facts`). Files are written to a temporary name, synced and
renamed. One auditor at a time. A state that is lost makes the next audit a first one, and no worse.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from netproof.errors import LogError, SourceError
from netproof.integrity.audit.facts import Facts
from netproof.tlog.checkpoint import parse_checkpoint
from netproof.tlog.encoding import shown, to_base64
from netproof.tlog.note import NOTE_BYTES_MAX, parse_note

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from netproof.tlog.checkpoint import Checkpoint

_README = """Evidence that a log showed two histories.

first and second are two checkpoints, each with the log's signature. If second is the larger one, `path` holds
a consistency proof for second's tree (one hash a line, base64): it leads to the root of second and not to the
root of first, so second's tree does not begin with first's. Between trees of one size no path is needed:
their roots differ.
"""


@dataclass(frozen=True, slots=True)
class Head:
    """A signed checkpoint and the tree that it states."""

    note: bytes
    tree: Checkpoint


class State:
    """What is remembered of one log.

    Attributes:
        folder: where.
        head: the highest verified head; None: no audit was made yet.
        facts: of the entries that were read.
    """

    def __init__(self, folder: Path, facts: Facts) -> None:
        self.folder = folder
        self.facts = facts
        self.head = _read_head(folder / "checkpoint")

    def advance(self, head: Head) -> None:
        """Remember a verified head that is consistent with the one before."""
        _write(self.folder / "checkpoint", head.note)
        self.head = head

    def keep_fork(self, first: Head, second: Head, path: Sequence[bytes] = ()) -> Path:
        """Keep two signed heads of which one does not begin with the other; return the folder.

        Args:
            first: the smaller one, or one of two of equal size.
            second: the larger one.
            path: a consistency proof of the larger tree that does not lead to the smaller one's root.
        """
        name = sha256(first.tree.text + second.tree.text).hexdigest()[:16]
        folder = self.folder / "evidence" / f"{first.tree.size}-{second.tree.size}-{name}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _sync_folder(folder.parent)
        except OSError as error:
            raise _unusable(folder, error) from error
        for file, data in (
            ("first", first.note),
            ("second", second.note),
            ("path", "".join(f"{to_base64(one)}\n" for one in path).encode()),
            ("README", _README.encode()),
        ):
            if not (folder / file).exists():
                _write(folder / file, data)
        return folder

    def forks(self) -> list[Path]:
        """Return the folders with evidence, in the order of their names."""
        return sorted(path for path in (self.folder / "evidence").glob("*-*-*") if path.is_dir())


@contextmanager
def remembered(folder: Path, origin: str) -> Iterator[State]:
    """Yield what is remembered of a log; nobody else may audit it with this state meanwhile.

    Args:
        folder: of all logs that are audited; it is made where it is missing.
        origin: which log.

    Raises:
        SourceError: the folder cannot be used, or another audit uses it.
    """
    own = folder / sha256(origin.encode()).hexdigest()[:32]
    try:
        own.mkdir(parents=True, exist_ok=True)
        lock = os.open(own / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise _unusable(own, error) from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise SourceError(
                f"{own}: expected a state that nobody uses, got one that another audit holds",
                hint="wait for that audit, or give this one a --state of its own",
            ) from error
        _name(own, origin)
        with Facts.opened(own / "facts.sqlite") as facts:
            yield State(own, facts)
    finally:
        os.close(lock)


def first_log(folder: Path, where: str, origin: str) -> str:
    """Return the origin of the first log that an address showed; it is remembered if there was none.

    Args:
        folder: of all logs that are audited.
        where: the address.
        origin: of the log that it shows now, which the policy accepts.

    Raises:
        SourceError: the folder cannot be used.
    """
    file = folder / "addresses" / sha256(where.encode()).hexdigest()[:32]
    line = f"{origin}\n{where}\n".encode()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            _write(file, line)
        with file.open("rb") as known:
            return known.read(NOTE_BYTES_MAX).decode("utf-8", "replace").partition("\n")[0]
    except OSError as error:
        raise _unusable(file, error) from error


def _name(folder: Path, origin: str) -> None:
    """Write down which log the folder is of, for people; refuse a folder of another one."""
    file = folder / "origin"
    line = f"{origin}\n".encode()
    try:
        if file.exists() and file.read_bytes() != line:
            raise SourceError(f"{file}: expected {shown(origin)}, got another log's state")
    except OSError as error:
        raise _unusable(file, error) from error
    if not file.exists():
        _write(file, line)


def _read_head(path: Path) -> Head | None:
    """Return the head that is remembered.

    It was verified when it was written; it is not judged again, so that a key that is struck out of a policy
    later does not take the memory away.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unusable(path, error) from error
    if len(data) > NOTE_BYTES_MAX:
        raise SourceError(f"{path}: expected at most {NOTE_BYTES_MAX:,} bytes, got more")
    try:
        return Head(data, parse_checkpoint(parse_note(data).text))
    except LogError as error:
        raise SourceError(
            f"{path}: expected the head that was last verified, got {error}",
            hint="restore the file, or remove the folder: the next audit is then a first one",
        ) from error


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, to be there after a crash."""
    temporary = path.with_name(f".{path.name}.new")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise _unusable(path, error) from error


def _sync_folder(folder: Path) -> None:
    """Make a rename in a folder survive a crash."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unusable(path: Path, error: OSError) -> SourceError:
    """Return the error for a state that the system does not let anybody use."""
    why = (error.strerror or str(error)).lower()
    return SourceError(
        f"{path}: expected a place that can be read and written, got: {why}",
        hint="name another folder with --state",
    )
