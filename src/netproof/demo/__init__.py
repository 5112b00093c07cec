"""Made-up operators: the example "Musternetz", and others of any size for tests and benchmarks."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from netproof.demo.build import make
from netproof.demo.describe import network_toml, planted_toml, readme
from netproof.demo.geography import LEAST
from netproof.demo.market import read_market
from netproof.demo.write import write_csv, write_parquet
from netproof.errors import SourceError
from netproof.tables.spec import all_specs

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Format", "write"]

Format = Literal["csv", "parquet"]
"""How tables are written."""

LISTED = 2000
"""Up to so many sites the planted faults are listed in a file; above, only their rate stays."""


def _fill(
    folder: Path,
    sites: int,
    seed: int,
    format_: Format,
    progress: Callable[[str, int, int], None] | None,
) -> None:
    """Write all files of a network into an existing folder."""
    operator = make(sites, seed)
    write_table = write_csv if format_ == "csv" else write_parquet
    for number, (name, frame) in enumerate(operator.frames.items()):
        if progress:
            progress(name, number, len(operator.frames))
        write_table(folder / f"{name}.{format_}", all_specs()[name], frame)
    for place, files in (("documents", operator.documents), ("trust", operator.trust)):
        (folder / place).mkdir()
        for name, content in files.items():
            (folder / place / name).write_bytes(content)
    from netproof.demo.release_log import write_logs  # noqa: PLC0415 - slow to import

    write_logs(folder, operator.frames, read_market())
    rows = {name: len(frame) for name, frame in operator.frames.items()}
    texts = {"network.toml": network_toml(), "README.md": readme(rows, sites, seed)}
    if sites <= LISTED:
        texts["planted.toml"] = planted_toml(operator.planted, sites, seed)
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode("utf-8"))
    if progress:
        progress("", len(operator.frames), len(operator.frames))


def write(
    folder: Path,
    *,
    sites: int = 400,
    seed: int = 2026,
    format: Format = "csv",  # noqa: A002 -- the word of the command line
    progress: Callable[[str, int, int], None] | None = None,
) -> None:
    """Write a complete made-up network; nothing is left behind when that fails.

    Args:
        folder: Where to; absent or empty.
        sites: How many sites, at least 100; 200,000 make about a million components.
        seed: What chance starts from; the same seed gives the same bytes.
        format: How the tables are written.
        progress: Is told the table, how many are done, and how many there are.

    Raises:
        SourceError: The folder is not empty or cannot be written, or the sites are too few.
    """
    if sites < LEAST:
        raise SourceError(
            f"a made-up network has at least {LEAST} sites, got {sites}",
            hint=f"ask for {LEAST} or more sites",
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SourceError(
            f"{folder}: expected an empty or absent folder, found something there",
            hint="name a new folder; an example never overwrites files",
        )
    folder = folder.resolve()
    if folder == Path.cwd():
        raise SourceError(
            f"{folder}: expected a new folder, got the one you stand in",
            hint="name a folder below it: it is put in place as a whole",
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise SourceError(
            f"{folder}: cannot be written: {error.strerror}", hint="name a folder that you may write"
        ) from error
    try:
        half.chmod(0o755)
        _fill(half, sites, seed, format, progress)
        # Replacing an empty folder by a full one is one step: readers see nothing or everything.
        half.replace(folder)
    except OSError as error:
        raise SourceError(
            f"{folder}: cannot be written: {error.strerror}", hint="is the disk full, or the folder in use?"
        ) from error
    finally:
        shutil.rmtree(half, ignore_errors=True)
