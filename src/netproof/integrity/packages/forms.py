"""Which form has a package? Told by its bytes, never by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final

from netproof.integrity.packages import deb, rpm, tar, zip_
from netproof.integrity.packages.aside import of_stream
from netproof.integrity.packages.budget import Budget
from netproof.integrity.packages.streams import MAGIC, Pieces, chunks_of, codec_magic, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netproof.integrity.packages.entry import Entry
    from netproof.integrity.packages.names import Ledger

_ZIP: Final = (b"PK\3\4", b"PK\5\6")


def may_be_package(head: bytes) -> bool:
    """Return whether a file that begins so may be a package; compressed ones are not looked into yet."""
    return _plain(head) is not None or codec_magic(head[:8]) != b""


def form_of(file: BinaryIO, place: str) -> str | None:
    """Return the form of a package: zip, tar, deb or rpm; None: it is none of them.

    Args:
        file: Its bytes; it can be sought in.
        place: What it is called in errors.

    Raises:
        SourceError: It is compressed, and cannot be unpacked.
    """
    file.seek(0)
    head = file.read(tar.BLOCK)
    if (form := _plain(head)) is not None or not codec_magic(head[:8]):
        return form
    file.seek(0)
    pieces = Pieces(_unpacked(file, head, place, Budget()), place)
    return "tar" if tar.is_header(pieces.at_most(tar.BLOCK)) else None


def _plain(head: bytes) -> str | None:
    """Return the form of a package that is not compressed as a whole."""
    if head.startswith(_ZIP):
        return "zip"
    if deb.is_deb(head):
        return "deb"
    if head.startswith(rpm.MAGIC):
        return "rpm"
    return "tar" if tar.is_header(head[: tar.BLOCK]) else None


def entries_of(
    form: str, file: BinaryIO, size: int, place: str, ledger: Ledger, budget: Budget
) -> Iterator[Entry]:
    """Yield the members of a package.

    Raises:
        SourceError: It is refused, or damaged.
    """
    file.seek(0)
    if form == "zip":
        return zip_.entries(file, size, place, ledger, budget)
    if form == "deb":
        return deb.entries(Pieces(chunks_of(file), place), place, ledger, budget)
    if form == "rpm":
        return rpm.entries(Pieces(chunks_of(file), place), place, ledger, budget)
    head = file.read(tar.BLOCK)
    file.seek(0)
    ledger.aside |= of_stream(b"" if _plain(head) else head)
    return tar.entries(Pieces(_unpacked(file, head, place, budget), place), place, ledger)


def _unpacked(file: BinaryIO, head: bytes, place: str, budget: Budget) -> Iterator[bytes]:
    """Yield a file's bytes, unpacked where they are compressed."""
    magic = codec_magic(head[:8]) if _plain(head) is None else b""
    return unpacked(chunks_of(file), MAGIC[magic], place, budget) if magic else chunks_of(file)
