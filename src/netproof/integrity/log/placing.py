"""How a file gets its name: written elsewhere, synced, renamed.

Under its name a file is therefore always whole and durable, so other bytes under the name of a tile are never
the rest of a crash. A file that already has the same bytes is put in place again: if an earlier sync failed,
the bytes that can be read may not be on the disk.
"""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.integrity.log.layout import NEW, read_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from netproof.integrity.log.disk import Disk

AT_ONCE = 128
"""Files that are open at the same time, between writing and syncing."""


def place(folder: Path, files: Sequence[tuple[str, bytes]], disk: Disk, *, fixed: bool = False) -> None:
    """Write files below a folder; when it returns, they and their names are durable.

    Args:
        folder: the log's folder.
        files: paths below it, with their bytes.
        disk: where.
        fixed: a file that is there must have the same bytes.

    Raises:
        LogError: a fixed file has other bytes, or a link stands where a folder should.
        OSError: it cannot be written; what is there stays whole.
    """
    folders: dict[Path, None] = {}
    for at in range(0, len(files), AT_ONCE):
        part = files[at : at + AT_ONCE]
        for name, data in part:
            if fixed:
                check_same(folder, name, data)
            for made in _folders(folder, name, disk):
                folders[made] = None
        _place_some(folder, part, disk)
    sync_names(folders, disk)


def check_same(folder: Path, name: str, data: bytes) -> None:
    """Refuse to write bytes where other bytes stand."""
    try:
        there = read_file(folder, name, len(data))
    except FileNotFoundError:
        return
    if there != data:
        raise LogError(
            f"{folder / name}: expected the bytes that this log's entries make, got others",
            hint="a tile never changes: the file was altered, or two logs were mixed; see `fsck`",
        )


def _folders(folder: Path, name: str, disk: Disk) -> list[Path]:
    """Make the folders that a file needs; return every one whose names it needs, so that all are synced."""
    way = [folder]
    for part in name.split("/")[:-1]:
        way.append(way[-1] / part)
        try:
            state = way[-1].lstat()
        except FileNotFoundError:
            disk.make_folder(way[-1])
            continue
        if not stat.S_ISDIR(state.st_mode):
            raise LogError(f"{way[-1]}: expected a folder, got something else or a link")
    return way


def _place_some(folder: Path, files: Sequence[tuple[str, bytes]], disk: Disk) -> None:
    """Write some files under names of their own, sync them, then give them their names."""
    opened: list[int] = []
    under_way = [folder / NEW / str(number) for number in range(len(files))]
    try:
        for path, (_, data) in zip(under_way, files, strict=True):
            opened.append(disk.create(path))
            disk.write(opened[-1], data)
        disk.sync_all(opened)
    finally:
        for file in opened:
            disk.close(file)
    for path, (name, _) in zip(under_way, files, strict=True):
        disk.rename(path, folder / name)


def sync_names(folders: Iterable[Path], disk: Disk) -> None:
    """Sync the names in folders."""
    for path in folders:
        disk.sync_folder(path)
