"""Write a report to disk: the whole file, or nothing.

The data goes to a temporary name in the same folder and is then renamed, so
that nobody ever reads half a report and a report that stands stays as it was.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from netproof.errors import ReportError


def write_file(path: Path, data: str | bytes) -> None:
    """Write `data` to `path`; text as UTF-8 with line ends as they are.

    Raises:
        ReportError: The folder is missing or not writable, the disk is full, or `path` is a
            folder. Nothing is left behind, and an existing file is unchanged.
    """
    temporary: Path | None = None
    try:
        content = data.encode("utf-8") if isinstance(data, str) else data
        if path.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name[:40]}.", delete=False) as file:
            temporary = Path(file.name)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode(path))
        temporary.replace(path)
    except UnicodeEncodeError as error:
        raise ReportError(
            f"{path}: expected text that UTF-8 can hold, got U+{ord(error.object[error.start]):04X}",
            hint="read the sources again; a text in them was decoded wrongly",
        ) from error
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise ReportError(
            f"{path}: expected a place where a file can be written, got: {error.strerror or error}",
            hint=f"name a file in a folder that exists and that you may write to; {_what_is_there(path)}",
        ) from error


def _mode(path: Path) -> int:
    """Permissions of the file that is replaced, or what the umask leaves of a new one."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _what_is_there(path: Path) -> str:
    """What stands where the file should go, in words."""
    if path.is_dir():
        return f"{path} is a folder"
    if not path.parent.exists():
        return f"{path.parent} does not exist"
    if not path.parent.is_dir():
        return f"{path.parent} is not a folder"
    return f"{path.parent} exists"
