"""Reads somebody else's text line by line, within bounds: UTF-8, no NUL, no endless line, no endless file."""

from __future__ import annotations

import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING

from netproof.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

FILE_MAX = 4 << 30
"""Most bytes of a file that is read line by line."""
LINE_MAX = 1 << 18
"""Most bytes of a line; a signature or key in a measurement list takes some thousand."""
GOT_CHARACTERS = 80
_BOM = "\ufeff"


@contextmanager
def opened(path: Path, size_max: int = FILE_MAX) -> Iterator[BinaryIO]:
    """Open a regular file of bounded size.

    Raises:
        SourceError: It is something else, larger, or cannot be read.
    """
    try:
        with path.open("rb") as file:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                raise SourceError(f"{path.name}: expected a regular file, got something else")
            if status.st_size > size_max:
                raise SourceError(
                    f"{path.name}: expected at most {size_max:,} bytes, got {status.st_size:,}",
                    hint="split it",
                )
            yield file
    except OSError as error:
        raise SourceError(f"{path.name}: expected a readable file, got {error.strerror}") from error


def numbered(file: BinaryIO, place: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file with their numbers, without line ends.

    Raises:
        SourceError: A line is too long, no UTF-8, or holds a NUL.
    """
    number = size = 0
    while raw := file.readline(LINE_MAX + 2):
        number += 1
        size += len(raw)
        text = raw.rstrip(b"\r\n")
        if len(text) > LINE_MAX or size > FILE_MAX:
            raise SourceError(f"{place}:{number}: expected a line of at most {LINE_MAX:,} bytes, got more")
        if (at := text.find(b"\0")) >= 0:
            raise SourceError(f"{place}:{number}:{at + 1}: expected text, got a NUL byte")
        try:
            yield number, text.decode("utf-8").removeprefix(_BOM if number == 1 else "")
        except UnicodeDecodeError as error:
            byte = f"byte 0x{text[error.start]:02X}"
            raise SourceError(
                f"{place}:{number}:{error.start + 1}: expected text in UTF-8, got {byte}"
            ) from error


def got(text: str) -> str:
    """Return the beginning of somebody else's text, quoted, for a message."""
    return repr(text if len(text) <= GOT_CHARACTERS else text[:GOT_CHARACTERS] + "…")
