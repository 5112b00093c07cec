"""The members of a Debian package: an ar archive with two tar archives in it.

Files that are installed keep their names; the package's own (control, maintainer scripts) are filed under
`DEBIAN/`, as dpkg-deb does. Members whose name starts with `_` (signatures) are kept as they are.

Source: deb(5), deb-control(5); ar(5), the common form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from netproof.integrity.packages import tar
from netproof.integrity.packages.aside import of_ar
from netproof.integrity.packages.entry import Entry, Kind
from netproof.integrity.packages.refusal import Refusal, refuse, shown
from netproof.integrity.packages.streams import Codec, Pieces, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netproof.integrity.packages.budget import Budget
    from netproof.integrity.packages.names import Ledger

MAGIC: Final = b"!<arch>\n"
FIRST: Final = b"debian-binary"
_HEAD: Final = 60
_PACKING: Final = {
    "": None,
    ".gz": Codec.GZIP,
    ".xz": Codec.XZ,
    ".zst": Codec.ZSTD,
    ".bz2": Codec.BZIP2,
    ".lzma": Codec.LZMA,
}
_PARTS: Final = (("control.tar", "DEBIAN/"), ("data.tar", ""))


def is_deb(head: bytes) -> bool:
    """Return whether a file that starts with these bytes is a Debian package."""
    return head.startswith(MAGIC + FIRST)


def entries(pieces: Pieces, place: str, ledger: Ledger, budget: Budget) -> Iterator[Entry]:
    """Yield the members of a Debian package.

    Args:
        pieces: Its bytes.
        place: What it is called in errors.
        ledger: Judges names.
        budget: The package's account.

    Raises:
        SourceError: It is refused, or damaged.
    """
    pieces.exactly(len(MAGIC))
    name, size = _head(pieces.exactly(_HEAD), place)
    version = b"".join(_part(pieces, size)) if size <= 16 else b""
    if not version.startswith(b"2."):
        raise refuse(place, Refusal.FORMAT, f"{shown(name)} of {ascii(version)[1:]}")
    awaited = list(_PARTS)
    while head := pieces.at_most(_HEAD):
        name, size = _head(head, place)
        ledger.aside |= {f"{said}, {name.partition('.')[0]}": value for said, value in of_ar(head).items()}
        chunks = _part(pieces, size)
        if name.startswith("_"):
            yield Entry(ledger.admit(name, Kind.FILE), Kind.FILE, None, "", chunks)
            continue
        if not awaited or not name.startswith(awaited[0][0]) or name[len(awaited[0][0]) :] not in _PACKING:
            raise refuse(place, Refusal.KIND, f"a part {shown(name)}")
        part, prefix = awaited.pop(0)
        codec = _PACKING[name[len(part) :]]
        ledger.aside[f"compression, {part}"] = str(codec)
        inner = f"{place}!/{name}"
        plain = chunks if codec is None else unpacked(chunks, codec, inner, budget)
        yield from tar.entries(Pieces(plain, inner), inner, ledger, prefix=prefix)
        for _ in chunks:
            raise refuse(place, Refusal.HIDDEN, f"other bytes at the end of {shown(name)}")
    if awaited:
        raise refuse(place, Refusal.DAMAGED, f"no part {awaited[0][0]}")


def _head(block: bytes, place: str) -> tuple[str, int]:
    """Return a part's name and size."""
    digits = block[48:58].rstrip(b" ")
    if len(block) != _HEAD or block[58:] != b"`\n" or not digits.isdigit():
        raise refuse(place, Refusal.DAMAGED, "an ar header that is none")
    return block[:16].decode("ascii", "replace").rstrip(" ").removesuffix("/"), int(digits)


def _part(pieces: Pieces, size: int) -> Iterator[bytes]:
    """Yield a part's bytes; parts begin at even places."""
    yield from pieces.run(size)
    if size % 2:
        pieces.at_most(1)
