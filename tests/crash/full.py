"""A disk that is really full: a file system in memory of a few megabytes, where one may be mounted."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[bool]:
    """Mount a small file system on a folder; yields whether that was permitted."""
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "netproof-test", folder],
        capture_output=True,
        check=False,
    )
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", folder], check=True)


def resize(folder: Path, kilobytes: int) -> None:
    """Give the file system another size."""
    subprocess.run(["mount", "-o", f"remount,size={kilobytes}k", folder], check=True)
