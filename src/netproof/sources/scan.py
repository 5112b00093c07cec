"""One pass over a file's bytes: its digest, and whether it is plain enough for the fast reader.

SHA-256 is what ties every finding to the file that an auditor holds in hand.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Scan:
    """What one pass over a file tells.

    Attributes:
        sha256: Digest of the bytes, in hexadecimal.
        lines: Lines, the last one counted even without its end.
        plain: No NUL byte and no carriage return outside a line end.
        longest: Bytes of the longest line, or more.
    """

    sha256: str
    lines: int
    plain: bool
    longest: int


def scan(path: Path) -> Scan:
    """Read a file once.

    Raises:
        SourceError: It cannot be read.
    """
    digest = hashlib.sha256()
    lines = returns = pairs = since = longest = 0
    nul = False
    last = b""
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                lines += chunk.count(b"\n")
                nul = nul or b"\0" in chunk
                if b"\r" in chunk or last == b"\r":
                    returns += chunk.count(b"\r")
                    pairs += chunk.count(b"\r\n") + (last == b"\r" and chunk[:1] == b"\n")
                # A chunk of 1 MiB without a line end is what the bound is about; inside a chunk
                # with line ends no line reaches it.
                if (end := chunk.rfind(b"\n")) < 0:
                    since += len(chunk)
                else:
                    longest = max(longest, since + chunk.find(b"\n"))
                    since = len(chunk) - end - 1
                last = chunk[-1:]
    except OSError as error:
        raise SourceError(f"{path.name}: expected a readable file, got {error.strerror}") from error
    longest = max(longest, since)
    return Scan(digest.hexdigest(), lines + (last not in (b"", b"\n")), not nul and returns == pairs, longest)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal.

    Raises:
        SourceError: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SourceError(f"{path.name}: expected a readable file, got {error.strerror}") from error
