"""One writer at a time.

The lock is the operating system's (flock), so a writer that dies leaves none behind; the file only tells who
holds it. On a network file system it holds as far as that passes locks on.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.integrity.log.layout import LOCK
from netproof.tlog.encoding import shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FLAGS = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a log's folder.

    Raises:
        LogError: somebody else holds it; says who.
    """
    path = folder / LOCK
    try:
        file = os.open(path, _FLAGS, 0o644)
    except OSError as error:
        raise LogError(f"{path}: expected a file that can be locked, got: {error.strerror}") from error
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(file, 20).decode("ascii", "replace").strip()
            raise LogError(
                f"{folder}: expected to be the only writer, got process {shown(holder)}",
                hint="wait until it has finished; the lock goes with the process",
            ) from error
        os.ftruncate(file, 0)
        os.pwrite(file, b"%d\n" % os.getpid(), 0)
        yield
    finally:
        os.close(file)


@contextmanager
def copying_into(folder: Path) -> Iterator[None]:
    """Hold a folder that a copy is written to; it leaves no file there.

    Raises:
        LogError: somebody else writes to it.
    """
    at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(at, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise LogError(
                f"{folder}: expected nobody else to copy a log there", hint="wait until that has finished"
            ) from error
        yield
    finally:
        os.close(at)
