"""What the world may see of a log, as a folder that any web server can serve.

Tiles first, the checkpoint last: a reader never finds a checkpoint whose tiles are missing. Every tile is
verified before it is copied; a copy only ever grows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.integrity.log import layout
from netproof.integrity.log.disk import DISK, Disk
from netproof.integrity.log.keeping import keep_file, read_kept
from netproof.integrity.log.lock import copying_into
from netproof.integrity.log.placing import AT_ONCE, place
from netproof.integrity.log.reading import history, open_own, published
from netproof.integrity.log.settings import SETTINGS_BYTES_MAX, read_policy
from netproof.tlog.tiles import tiles_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from netproof.integrity.log.reading import Published
    from netproof.tlog.tiles import Tile

_PUBLIC = (layout.NEW, layout.TILES, layout.KEPT)


def copy_public(folder: Path, to: Path, *, files: bool = False, disk: Disk = DISK) -> int:
    """Copy what readers of a log need: tiles, kept checkpoints, settings, policy and checkpoint.

    Args:
        folder: the log's own folder.
        to: where; made if it is not there. One that has an older copy gets what is new.
        files: also what entries name by digest.
        disk: where it is written.

    Returns:
        How many files were written.

    Raises:
        LogError: the log does not hold; the copy is newer, of another log, or somebody else's work of this
            moment; or it cannot be written.
    """
    log = published(folder)
    try:
        _make_folder(to, disk)
        with copying_into(to):
            _check_older(log, to)
            for name in (*_PUBLIC, *([layout.FILES] if files else [])):
                _make_folder(to / name, disk)
            count = _copy_all(log, folder, to, disk)
            if files:
                count += _copy_kept(folder, to, disk)
            count += _copy(to, [(layout.CHECKPOINT, log.note)], disk)
            for left in (to / layout.NEW).iterdir():
                disk.remove(left)
            (to / layout.NEW).rmdir()
    except OSError as error:
        raise LogError(f"{to}: expected a folder that can be written, got: {layout.said(error)}") from error
    return count


def _make_folder(path: Path, disk: Disk) -> None:
    """Make a folder, if it is not there."""
    if not path.is_dir():
        disk.make_folder(path)


def _copy_all(log: Published, folder: Path, to: Path, disk: Disk) -> int:
    """Copy tiles, then what stands beside the checkpoint."""
    notes = [(size, note) for size, note in history(folder) if size <= log.checkpoint.size]
    count = _copy_tiles(log, to, [size for size, _ in notes], disk)
    # A kept checkpoint may gain cosignatures, so it is written again where it differs.
    heads = [(layout.kept_name(size), note) for size, note in notes]
    heads += [(layout.SETTINGS, log.settings.encode()), (layout.POLICY, read_policy(folder))]
    return count + _copy(to, heads, disk)


def _check_older(log: Published, to: Path) -> None:
    """Refuse to replace the copy of another log, or a newer one."""
    try:
        there = open_own(layout.read_note(to, layout.CHECKPOINT), log.settings)
    except FileNotFoundError:
        return
    if there.size > log.checkpoint.size or log.reader.root(there.size) != there.root:
        raise LogError(
            f"{to}: expected an older copy of this log, got a tree of {there.size} entries that differs",
            hint="never overwrite it: it shows that this log went back or was forked",
        )


def _copy_tiles(log: Published, to: Path, sizes: list[int], disk: Disk) -> int:
    """Copy the tiles that are not there, and the partial ones of every kept size."""
    count = 0
    files: list[tuple[str, bytes]] = []
    for tile in _wanted(log.checkpoint.size, sizes):
        if (to / tile.path).is_file():
            continue
        files.append((tile.path, log.reader.tile(tile)))
        if len(files) == AT_ONCE:
            place(to, files, disk, fixed=True)
            count += len(files)
            files = []
    place(to, files, disk, fixed=True)
    return count + len(files)


def _wanted(size: int, sizes: list[int]) -> Iterator[Tile]:
    """Yield every tile of a log, and the partial ones of the sizes it had."""
    yield from tiles_of(size)
    for old in sizes:
        if old < size:
            yield from layout.partial_tiles(old)


def _copy(to: Path, files: list[tuple[str, bytes]], disk: Disk) -> int:
    """Copy files that may change, where they differ."""
    changed = [(name, data) for name, data in files if not _same(to, name, data)]
    place(to, changed, disk)
    return len(changed)


def _same(to: Path, name: str, data: bytes) -> bool:
    """Return whether a file has these bytes already."""
    try:
        return layout.read_file(to, name, max(len(data), SETTINGS_BYTES_MAX)) == data
    except FileNotFoundError:
        return False


def _copy_kept(folder: Path, to: Path, disk: Disk) -> int:
    """Copy what is kept by digest, each compared with it."""
    names = sorted(path.name for path in (folder / layout.FILES).iterdir() if not path.name.startswith("."))
    new = [name for name in names if not (to / layout.FILES / name).exists()]
    for name in new:
        keep_file(to, read_kept(folder, name), disk=disk)
    return len(new)
