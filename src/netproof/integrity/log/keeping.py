"""Large things that entries name by digest: signature files, SBOMs, provenance, policies, sealed answers.

They lie as `files/<sha256>`. Nothing overwrites them, and whoever reads one compares its digest.
"""

from __future__ import annotations

import os
import re
import threading
from hashlib import sha256
from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.integrity.log.disk import DISK, Disk
from netproof.integrity.log.layout import FILES, read_file, said
from netproof.tlog.encoding import shown

if TYPE_CHECKING:
    from pathlib import Path

_DIGEST = re.compile(r"[0-9a-f]{64}")
FILE_BYTES_MAX = 1 << 30
"""Largest thing that is kept; packages themselves are not."""


def keep_file(folder: Path, content: bytes, *, disk: Disk = DISK) -> str:
    """Keep something by its digest; when it returns, it is durable. Several may do so at once.

    Args:
        folder: the log's own folder.
        content: the bytes.
        disk: where.

    Returns:
        Its SHA-256 in hexadecimal.

    Raises:
        LogError: it is too large or cannot be written.
    """
    if len(content) > FILE_BYTES_MAX:
        raise LogError(f"file: expected at most {FILE_BYTES_MAX} bytes, got {len(content)}")
    digest = sha256(content).hexdigest()
    path = file_path(folder, digest)
    try:
        if path.exists() and read_kept(folder, digest) == content:
            return digest
        # A name of its own for each process and thread; never that of a digest.
        under_way = path.with_name(f".{digest}.{os.getpid()}.{threading.get_ident()}")
        file = disk.create(under_way)
        try:
            disk.write(file, content)
            disk.sync(file)
        finally:
            disk.close(file)
        disk.rename(under_way, path)
        disk.sync_folder(path.parent)
    except OSError as error:
        raise LogError(f"{path}: expected a file that can be written, got: {said(error)}") from error
    return digest


def file_path(folder: Path, digest: str) -> Path:
    """Return where something with this SHA-256 lies; `LogError` where that is no digest."""
    if not _DIGEST.fullmatch(digest):
        raise LogError(f"file: expected a SHA-256 in hexadecimal, got {shown(digest)}")
    return folder / FILES / digest


def read_kept(folder: Path, digest: str) -> bytes:
    """Return what is kept under a digest.

    Raises:
        LogError: nothing is, or it has another digest.
    """
    path = file_path(folder, digest)
    try:
        content = read_file(folder, f"{FILES}/{digest}", FILE_BYTES_MAX)
    except FileNotFoundError as error:
        raise LogError(f"{path}: expected the file with that digest, got none") from error
    got = sha256(content).hexdigest()
    if got != digest:
        raise LogError(f"{path}: expected bytes with that digest, got {got}")
    return content
