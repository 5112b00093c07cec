"""What the log asks of the disk: few operations, so that a test can let any of them fail.

Nothing is written in place: a file appears under its name whole and synced, or not at all, and only the
journal's last segment grows. Randomness comes from here too: a salt is something that the machine gives.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FILE_MODE = 0o644
FOLDER_MODE = 0o755
PRIVATE_MODE = 0o700
"""Of the journal: its salts are nobody else's business."""
SALT_BYTES = 16
_FEW = 4
_TOGETHER = 16
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Disk:
    """The file operations of a log; each may raise `OSError`."""

    def make_folder(self, path: Path, mode: int = FOLDER_MODE) -> None:
        """Make a folder; its parent is synced by whoever needs it to last."""
        path.mkdir(mode=mode)

    def create(self, path: Path) -> int:
        """Return a descriptor of a new, empty file; one left over under that name goes first."""
        self.remove(path)
        return os.open(path, _NEW, FILE_MODE)

    def write(self, file: int, data: bytes) -> None:
        """Write all bytes, also where the system takes them in parts."""
        rest = memoryview(data)
        while rest:
            rest = rest[self.write_some(file, rest) :]

    def write_some(self, file: int, data: memoryview) -> int:
        """Write some bytes and return how many the system took."""
        return os.write(file, data)

    def sync(self, file: int) -> None:
        """Return when content and length of a file will outlive a loss of power."""
        os.fsync(file)

    def sync_data(self, file: int) -> None:
        """Return when the content of a file, and the length that reads need, will outlive a loss of power."""
        os.fdatasync(file)

    def close(self, file: int) -> None:
        """Close a descriptor."""
        os.close(file)

    def rename(self, old: Path, new: Path) -> None:
        """Put a file in place of another, or where there was none, at once."""
        old.replace(new)

    def sync_folder(self, path: Path) -> None:
        """Return when the names in a folder will outlive a loss of power."""
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def remove(self, path: Path) -> None:
        """Remove a file, if it is there."""
        with suppress(FileNotFoundError):
            path.unlink()

    def sync_all(self, files: Sequence[int]) -> None:
        """Sync many files; at the same time, because disks take syncs together that come together."""
        if len(files) <= _FEW:
            for file in files:
                self.sync(file)
            return
        with ThreadPoolExecutor(_TOGETHER) as threads:
            list(threads.map(self.sync, files))

    def salt(self) -> bytes:
        """Return random bytes that nobody outside can know."""
        return os.urandom(SALT_BYTES)


DISK = Disk()
"""The disk of this machine."""
