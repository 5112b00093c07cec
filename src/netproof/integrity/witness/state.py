"""What did this witness cosign last, of each log?

A folder that one server at a time may hold: the last cosigned checkpoint of each log, durable before anybody
is answered, and evidence against logs. Each checkpoint carries the witness's own signature, so files that
somebody changed are noticed. An older copy of the folder is not: who lost it retires the witness's keys.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from netproof.errors import LogError, SourceError
from netproof.integrity.witness.request import log_id
from netproof.tlog.cosignature import open_checkpoint
from netproof.tlog.note import NOTE_BYTES_MAX

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from netproof.tlog.checkpoint import Checkpoint
    from netproof.tlog.keys import VerifierKey

EVIDENCE_MAX: Final = 100
"""Files of each kind of evidence that are kept about one log."""
_IDENTITY: Final = "witness"
_LEDGER: Final = "logs"
_HEAD: Final = "checkpoint"
_NEW: Final = ".new"
_LEDGER_BYTES_MAX: Final = 65 * 1_000_000
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_WRITE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_RETIRE: Final = "retire this witness: new keys, a new state, and tell the logs' operators the new keys"


@dataclass(frozen=True, slots=True)
class Last:
    """What was cosigned last of a log.

    Attributes:
        note: the checkpoint with the log's and the witness's signature lines.
        checkpoint: the tree.
        time: when it was cosigned [s since 1970].
    """

    note: bytes
    checkpoint: Checkpoint
    time: int


def create_state(folder: Path, keys: Sequence[VerifierKey]) -> None:
    """Make the folder of a new witness.

    Raises:
        SourceError: there is one already, or it cannot be written.
    """
    if (folder / _IDENTITY).exists():
        raise SourceError(
            f"{folder}: expected no state of a witness yet, got one",
            hint="a state belongs to one witness for ever; name another folder",
        )
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        _write(folder, _IDENTITY, _identity(keys))
        _sync(folder.absolute().parent)
    except OSError as error:
        raise SourceError(f"{folder}: expected a place for the state, got: {_why(error)}") from error


@contextmanager
def open_state(folder: Path, keys: Sequence[VerifierKey]) -> Iterator[State]:
    """Hold a witness's state; nobody else can meanwhile.

    Args:
        folder: as `create_state` made it.
        keys: the witness's own keys.

    Raises:
        SourceError: there is none, it cannot be read, or another server holds it.
        LogError: it is another witness's, or a file of it was changed or is gone.
    """
    try:
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise _none(folder, error) from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise SourceError(
                f"{folder}: expected a state that nobody holds, got one that another server holds",
                hint="one witness is one server; stop the other one",
            ) from error
        yield State(folder, keys)
    finally:
        os.close(lock)


class State:
    """The state of a witness; made by `open_state`, used under the server's own lock."""

    def __init__(self, folder: Path, keys: Sequence[VerifierKey]) -> None:
        self.folder = folder
        self._keys = tuple(keys)
        try:
            self._check_identity()
            listed = self._listed()
            self._heads = dict(self._read_heads(listed))
            if sorted(self._heads) != listed:  # a crash came between a new log's checkpoint and the list
                _write(folder, _LEDGER, _lines(sorted(self._heads)))
        except OSError as error:
            raise _none(folder, error) from error

    def last(self, name: str) -> Last | None:
        """Return what was cosigned last of a log, by its `log_id`; None: nothing ever was."""
        return self._heads.get(name)

    def keep(self, note: bytes) -> None:
        """Make a cosigned checkpoint the last one of its log; it is on disk when this returns.

        Raises:
            OSError: it may or may not be; the state must be opened anew before anything else is cosigned.
        """
        last = self._opened(note, "new checkpoint")
        name = log_id(last.checkpoint.origin)
        folder = self.folder / name
        if name not in self._heads:
            folder.mkdir(mode=0o700, exist_ok=True)
            _sync(self.folder)
        _write(folder, _HEAD, note)
        if name not in self._heads:
            # Written after the checkpoint: a name in the list without its checkpoint is a loss, not a crash.
            _write(self.folder, _LEDGER, _lines(sorted([*self._heads, name])))
        self._heads[name] = last

    def keep_evidence(self, name: str, kind: str, digest: str, content: bytes) -> bool:
        """Keep a file of evidence about a log; the same digest once, and a bounded number of each kind.

        Returns:
            Whether it is new, and kept.

        Raises:
            OSError: it could not be written.
        """
        folder = self.folder / name / "evidence"
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True)
            _sync(folder.parent)
            _sync(self.folder)
        kept = {path.name for path in folder.glob(f"{kind}-*.json")}
        file = f"{kind}-{digest}.json"
        if file in kept or len(kept) >= EVIDENCE_MAX:
            return False
        _write(folder, file, content)
        return True

    def _check_identity(self) -> None:
        """Refuse the state of another witness."""
        got = _read(self.folder / _IDENTITY, NOTE_BYTES_MAX)
        if got != _identity(self._keys):
            raise LogError(
                f"{self.folder}: expected the state of {self._keys[0].name} and its keys, got another's",
                hint="each key file has a state of its own; a state is never moved to other keys",
            )

    def _listed(self) -> list[str]:
        """Return the names of the logs that were ever cosigned."""
        try:
            data = _read(self.folder / _LEDGER, _LEDGER_BYTES_MAX)
        except FileNotFoundError:
            return []
        return data.decode("ascii", "replace").split("\n")[:-1]

    def _read_heads(self, listed: list[str]) -> Iterator[tuple[str, Last]]:
        """Yield the last checkpoint of each log, by the log's name."""
        present = [path.parent.name for path in self.folder.glob(f"*/{_HEAD}")]
        for name in sorted({*listed, *present}):
            place = self.folder / name / _HEAD
            try:
                data = _read(place, NOTE_BYTES_MAX)
            except FileNotFoundError as error:
                raise LogError(
                    f"{place}: expected the checkpoint that was cosigned last, got no file", hint=_RETIRE
                ) from error
            last = self._opened(data, str(place))
            if log_id(last.checkpoint.origin) != name:
                raise LogError(f"{place}: expected another log's checkpoint", hint=_RETIRE)
            yield name, last

    def _opened(self, note: bytes, place: str) -> Last:
        """Return a checkpoint that this witness cosigned."""
        try:
            signed = open_checkpoint(note, self._keys)
        except LogError as error:
            raise LogError(f"{place}: not as this witness wrote it: {error}", hint=_RETIRE) from error
        times = [line.time for line in signed.signatures if line.time is not None]
        return Last(note, signed.checkpoint, max(times, default=0))


def _identity(keys: Sequence[VerifierKey]) -> bytes:
    """Return the file that binds a state to its keys."""
    return _lines(sorted(str(key) for key in keys))


def _lines(lines: Sequence[str]) -> bytes:
    """Return lines as bytes."""
    return "".join(f"{line}\n" for line in lines).encode()


def _read(path: Path, limit: int) -> bytes:
    """Return a file's bytes; `LogError` where it is too long, `OSError` where it is a link or no file."""
    with os.fdopen(os.open(path, _READ), "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise LogError(f"{path}: expected at most {limit} bytes, got more")
    return data


def _write(folder: Path, name: str, data: bytes) -> None:
    """Put a file in place whole, and durably: nobody ever finds half of it."""
    new = folder / f".{name}{_NEW}"
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, _WRITE, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    new.rename(folder / name)
    _sync(folder)


def _sync(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _none(folder: Path, error: OSError) -> SourceError:
    """Return the error for a folder that is no state."""
    return SourceError(
        f"{folder}: expected the state of a witness, got: {_why(error)}",
        hint=f"`netproof release witness init` makes it, once; if it was lost, {_RETIRE}",
    )


def _why(error: OSError) -> str:
    """Return what the system said."""
    return (error.strerror or str(error)).lower()
