"""Which files does a list name, and which releases are they?

CSV with a header: `file` and any of supplier, product, release, part, signature. Paths are relative to the
list.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from netproof.errors import SourceError
from netproof.integrity.register.naming import Said
from netproof.integrity.signatures.artifact import read_small

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS: Final = ("file", "supplier", "product", "release", "part", "signature")
LIST_BYTES_MAX: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class Item:
    """A file to be logged.

    Attributes:
        path: where it lies.
        said: which release it is, as far as somebody said.
        signatures: those named for it; none: what lies beside it.
        shown: what to call it.
    """

    path: Path
    said: Said
    signatures: tuple[Path, ...]
    shown: str


def read_list(path: Path) -> list[Item]:
    """Return the files that a list names.

    Raises:
        SourceError: it cannot be read, or a line is not what the header promises; names the line.
    """
    try:
        text = read_small(path, LIST_BYTES_MAX).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{path}: expected text in UTF-8, got byte {error.start}: {error.reason}"
        ) from error
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(rows, [])
        _check_header(path, header)
        return [_item(path, rows.line_num, header, row) for row in rows if row]
    except csv.Error as error:
        raise SourceError(f"{path}:{rows.line_num}: expected CSV, got: {error}") from error


def _check_header(path: Path, header: list[str]) -> None:
    """Refuse columns that mean nothing here, and a list without files."""
    wrong = [name for name in header if name not in COLUMNS]
    if wrong or "file" not in header or len(set(header)) != len(header):
        raise SourceError(
            f"{path}:1: expected the column file and any of {', '.join(COLUMNS[1:])}, "
            f"got {', '.join(header)[:200] or 'nothing'}",
            hint="the first line names the columns, each once",
        )


def _item(path: Path, line: int, header: list[str], row: list[str]) -> Item:
    """Return the file that one line names."""
    if len(row) != len(header):
        raise SourceError(f"{path}:{line}: expected {len(header)} values, got {len(row)}")
    values = dict(zip(header, row, strict=True))
    name, signature = values.pop("file"), values.pop("signature", "")
    if not name or "\0" in name + signature:
        raise SourceError(f"{path}:{line}: expected the name of a file, got {name[:80]!r}")
    home = path.parent
    return Item(home / name, Said(**values), (home / signature,) if signature else (), name)
