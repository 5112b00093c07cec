"""Where is somebody else's log read from?

A source gives a log's newest checkpoint and its tiles, from a folder or from a web server's prefix. What it
gives is bounded in size and worth nothing before it is verified; where it gives nothing, it says why. Below a
folder no link is followed.
Source: C2SP tlog-tiles 0.1.0 (5ba5ee8), "Parameters" and "Partial Tiles".
"""

from __future__ import annotations

import errno
import os
import re
import stat
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from netproof.errors import SourceError
from netproof.tlog.encoding import HASH_BYTES, shown
from netproof.tlog.note import NOTE_BYTES_MAX
from netproof.tlog.tiles import BUNDLE, ENTRY_BYTES_MAX, TILE_WIDTH, Tile

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = "checkpoint"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class MissingError(SourceError):
    """A source was reached and does not have the file."""


class Source(Protocol):
    """A log that can be read.

    Attributes:
        where: the folder or address, for messages.
    """

    where: str

    def checkpoint(self) -> bytes:
        """Return the newest signed checkpoint.

        Raises:
            SourceError: it cannot be had, or is too large.
        """

    def read(self, tile: Tile) -> bytes:
        """Return a tile or bundle; the full one where the partial one is gone. May be called by threads.

        Raises:
            SourceError: it cannot be had, or is too large.
        """

    def close(self) -> None:
        """Let go of what is open."""


def open_source(where: str | Path) -> Source:
    """Return a log to read.

    Args:
        where: a folder, or the prefix of its files on a web server (http or https).

    Raises:
        SourceError: neither of them.
    """
    text = str(where)
    if isinstance(where, str) and _SCHEME.match(text) and not Path(text).is_dir():
        from netproof.integrity.audit.web import Web  # noqa: PLC0415 - a folder needs no network

        return Web(text)
    return Folder(Path(where))


class Folder:
    """A log's files in a folder.

    Raises:
        SourceError: there is no such folder.
    """

    def __init__(self, folder: Path) -> None:
        self.where = str(folder)
        self._folder = folder
        if not folder.is_dir():
            raise SourceError(
                f"{self.where}: expected a log's folder, got none",
                hint="name the folder with the file `checkpoint`, or an address that begins with https://",
            )

    def checkpoint(self) -> bytes:
        """Return the newest signed checkpoint."""
        return self._get(HEAD, NOTE_BYTES_MAX)

    def read(self, tile: Tile) -> bytes:
        """Return a tile or bundle."""
        return partial_or_full(tile, self._get)

    def close(self) -> None:
        """Nothing stays open."""

    def _get(self, path: str, limit: int) -> bytes:
        """Return a file's bytes; folders on the way and the file itself are no links."""
        place = f"{self.where}/{path}"
        try:
            with ExitStack() as opened:
                descriptor = os.open(self._folder, _DIRECTORY)
                opened.callback(os.close, descriptor)
                *folders, name = path.split("/")
                for folder in folders:
                    descriptor = os.open(folder, _DIRECTORY | os.O_NOFOLLOW, dir_fd=descriptor)
                    opened.callback(os.close, descriptor)
                descriptor = os.open(name, _FILE, dir_fd=descriptor)
                file = opened.enter_context(os.fdopen(descriptor, "rb"))
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise SourceError(f"{place}: expected a file, got something else")
                data = file.read(limit + 1)
        except FileNotFoundError as error:
            raise MissingError(f"{place}: expected a file, got none") from error
        except OSError as error:
            link = error.errno in {errno.ELOOP, errno.ENOTDIR}
            why = "a link" if link else (error.strerror or str(error)).lower()
            raise SourceError(f"{place}: expected a file that can be read, got: {why}") from error
        return bounded(place, data, limit)


def bounded(place: str, data: bytes, limit: int) -> bytes:
    """Return data that is not longer than what can be meant; `SourceError` where it is."""
    if len(data) > limit:
        raise SourceError(f"{place}: expected at most {limit:,} bytes, got more")
    return data


def partial_or_full(tile: Tile, get: Callable[[str, int], bytes]) -> bytes:
    """Return a tile's bytes, or those of the full tile that a log may have kept instead.

    Args:
        tile: what is wanted.
        get: gives the bytes of a path, at most so many.
    """
    try:
        return get(tile.path, _most(tile))
    except MissingError:
        if tile.width == TILE_WIDTH:
            raise
    return get(tile.full.path, _most(tile))


def _most(tile: Tile) -> int:
    """Return how many bytes a tile can have; a full one may lie where a partial one is asked for."""
    return TILE_WIDTH * (2 + ENTRY_BYTES_MAX if tile.level == BUNDLE else HASH_BYTES)


def told(error: Exception) -> str:
    """Return an error's words for a finding; a server's words in it are shown safely."""
    text = str(error)
    return text if text.isprintable() else shown(text)
