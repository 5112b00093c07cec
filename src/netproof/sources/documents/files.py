"""Is a document where the row says, and which bytes does it hold?

A name leads to a regular file below the folder or to nothing: no absolute path, no `..`, no link on
the way. What is too large is said to be so, never read halfway.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pathlib import Path

HELD_MAX = 50_000_000
"""Largest file whose signatures are looked at [bytes]."""
DIGEST_MAX = 1_000_000_000
"""Largest file of which a digest is made [bytes]."""
_NAME_MAX = 1000
_CHUNK = 1 << 20
_LINK = errno.ELOOP  # what O_NOFOLLOW answers of a link


@dataclass(frozen=True, slots=True)
class Document:
    """One file.

    Attributes:
        exists: Whether there is a regular file of that name below the folder.
        sha256: Its digest; None: not made.
        content: Its bytes; None: not there or too large.
        reason: Why something of it is missing; else empty.
    """

    exists: bool
    sha256: bytes | None = None
    content: bytes | None = None
    reason: str = ""


def read_document(folder: Path, name: str) -> Document:
    """Return the file of that name below a folder.

    Args:
        folder: Below which it lies.
        name: As a row names it, with `/` between folders.
    """
    parts = name.split("/")
    if len(name) > _NAME_MAX or "\0" in name or "\\" in name or any(p in ("", ".", "..") for p in parts):
        return Document(exists=False, reason="its name is no path below documents/")
    try:
        descriptor = _open(folder, parts)
    except OSError as error:
        if error.errno == _LINK:
            return Document(exists=False, reason="a link stands in its place")
        why = os.strerror(error.errno or 0).lower()
        return Document(exists=False, reason=f"cannot be opened below documents/: {why}")
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return Document(exists=False, reason="expected a file, got a folder or a device")
    with os.fdopen(descriptor, "rb") as file:
        return _read(file)


def _open(folder: Path, parts: list[str]) -> int:
    """Open a file step by step, following no link; a pipe does not make it wait."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
    here = os.open(folder, flags | os.O_DIRECTORY)
    try:
        for part in parts[:-1]:
            # With O_DIRECTORY a link answers "not a directory", so that the kind is asked first.
            if stat.S_ISLNK(os.stat(part, dir_fd=here, follow_symlinks=False).st_mode):
                raise OSError(_LINK, os.strerror(_LINK))
            below = os.open(part, flags | os.O_DIRECTORY, dir_fd=here)
            os.close(here)
            here = below
        return os.open(parts[-1], flags, dir_fd=here)
    finally:
        with suppress(OSError):
            os.close(here)


def _read(file: BinaryIO) -> Document:
    """Return an open file's digest and bytes, within the bounds."""
    if os.fstat(file.fileno()).st_size > DIGEST_MAX:
        return Document(exists=True, reason=f"larger than {DIGEST_MAX:,} bytes: not read")
    digest, held, size = hashlib.sha256(), [], 0
    try:
        while size <= DIGEST_MAX and (chunk := file.read(_CHUNK)):
            size += len(chunk)
            digest.update(chunk)
            if size <= HELD_MAX:
                held.append(chunk)
    except OSError as error:
        return Document(exists=True, reason=f"cannot be read: {error.strerror}")
    if size > HELD_MAX:
        return Document(
            exists=True,
            sha256=digest.digest(),
            reason=f"larger than {HELD_MAX:,} bytes: its signature is not looked at",
        )
    return Document(exists=True, sha256=digest.digest(), content=b"".join(held))
