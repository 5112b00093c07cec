"""Where does what lie in a log's folder, and how is it read?

Files are opened one path element after the other without following a link, since the folder of a log may be
somebody else's copy; each has a limit, and only regular files are read. Paths of kept checkpoints are written
as those of tiles: `checkpoints/x001/234`.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.tlog.encoding import HASH_BYTES, shown
from netproof.tlog.note import NOTE_BYTES_MAX
from netproof.tlog.tiles import BUNDLE, ENTRY_BYTES_MAX, TILE_WIDTH, Tile, level_widths

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SETTINGS = "log.toml"
POLICY = "policy"
JOURNAL = "journal"
LOCK = "lock"
SIGNED = "signed"
CHECKPOINT = "checkpoint"
KEPT = "checkpoints"
TILES = "tile"
FILES = "files"
NEW = "new"
"""Files under way: written and synced here, then renamed to their place."""

_BUNDLE_BYTES_MAX = TILE_WIDTH * (2 + ENTRY_BYTES_MAX)
_ELEMENT = re.compile(r"x[0-9]{3}")
_LAST = re.compile(r"[0-9]{3}")
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def read_file(folder: Path, name: str, limit: int) -> bytes:
    """Return the bytes of a regular file below a folder.

    Args:
        folder: the log's folder; it may be reached through a link, nothing below it may.
        name: path below it, with `/`.
        limit: most bytes it may have.

    Raises:
        FileNotFoundError: it is not there.
        LogError: a link, no regular file, larger than the limit, or not readable.
    """
    try:
        return _read(folder, name.split("/"), name, limit)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise LogError(f"{folder / name}: expected {_expected(error)}, got: {_words(error)}") from error


def _read(folder: Path, parts: list[str], name: str, limit: int) -> bytes:
    """Open element after element, then read."""
    at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for number, part in enumerate(parts, 1):
            flags = _OPEN if number == len(parts) else _OPEN | os.O_DIRECTORY
            below = os.open(part, flags, dir_fd=at)
            os.close(at)
            at = below
        state = os.fstat(at)
        if not stat.S_ISREG(state.st_mode):
            raise LogError(f"{folder / name}: expected a regular file")
        return _whole(at, f"{folder / name}", min(state.st_size, limit) + 1, limit)
    finally:
        os.close(at)


def _whole(file: int, place: str, first: int, limit: int) -> bytes:
    """Read to the end, at most one byte more than the limit."""
    data = os.read(file, first)
    while len(data) <= limit and (more := os.read(file, limit + 1 - len(data))):
        data += more
    if len(data) > limit:
        raise LogError(f"{place}: expected at most {limit} bytes, got more")
    return data


def said(error: OSError) -> str:
    """Return what the system said, and about which file."""
    return f"{_words(error)} ({error.filename})" if error.filename else _words(error)


def _words(error: OSError) -> str:
    """Return what the system said."""
    return (error.strerror or str(error)).lower()


def _expected(error: OSError) -> str:
    """Return what was expected of a file that cannot be opened."""
    link = error.errno in {errno.ELOOP, errno.ENOTDIR}
    return "a file reached without links" if link else "a file that can be read"


def read_tile(folder: Path, tile: Tile) -> bytes:
    """Return the bytes of a tile or bundle, or of the full one where the partial one is gone.

    Raises:
        LogError: neither is there, or it is larger than any.
    """
    limit = _BUNDLE_BYTES_MAX if tile.level == BUNDLE else TILE_WIDTH * HASH_BYTES
    for one in dict.fromkeys((tile, tile.full)):
        try:
            return read_file(folder, one.path, limit)
        except FileNotFoundError:
            continue
    raise LogError(
        f"{folder / tile.path}: expected the tile, got no file",
        hint="`netproof release log NET fsck` lists what is missing; a published copy has it",
    )


def partial_tiles(size: int) -> Iterator[Tile]:
    """Yield the partial tiles and bundle of a log of this size."""
    for level, width in enumerate([size, *level_widths(size)], BUNDLE):
        if rest := width % TILE_WIDTH:
            yield Tile(level, width // TILE_WIDTH, rest)


def read_note(folder: Path, name: str) -> bytes:
    """Return a signed checkpoint, not verified; `FileNotFoundError` where there is none."""
    return read_file(folder, name, NOTE_BYTES_MAX)


def kept_name(size: int) -> str:
    """Return where the checkpoint of this size is kept, below the log's folder."""
    return f"{KEPT}/{Tile(0, size).path.removeprefix('tile/0/')}"


def kept_sizes(folder: Path) -> list[int]:
    """Return the sizes of the kept checkpoints, ascending.

    Raises:
        LogError: a name that no checkpoint has.
    """
    return sorted(_sizes(folder / KEPT, ""))


def _sizes(folder: Path, digits: str) -> Iterator[int]:
    """Yield the sizes below a folder of kept checkpoints."""
    try:
        names = sorted(path.name for path in folder.iterdir())
    except FileNotFoundError:
        return
    except OSError as error:
        raise LogError(f"{folder}: expected a folder, got: {error.strerror}") from error
    for name in names:
        if _ELEMENT.fullmatch(name):
            yield from _sizes(folder / name, digits + name[1:])
        elif _LAST.fullmatch(name):
            yield int(digits + name)
        else:
            raise LogError(f"{folder}: expected kept checkpoints by size, got {shown(name)}")
