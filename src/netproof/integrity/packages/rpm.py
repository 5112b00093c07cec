"""The members of an RPM package: what its header lists and its payload brings must be the same.

The header is read first and every name in it judged; then each member of the payload (cpio) must be in the
header, with the same mode, size and digest, and nothing may be missing. Scripts that run at installation
are filed under `RPM/`, as files of their own.

Source: RPM 4.19 manual, "RPM V4 Package Format"; cpio(5), "New ASCII Format".
"""

from __future__ import annotations

import hashlib
import stat
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from netproof.integrity.packages import limits
from netproof.integrity.packages.entry import Entry, Kind
from netproof.integrity.packages.names import clean
from netproof.integrity.packages.refusal import Refusal, refuse, shown
from netproof.integrity.packages.rpm_header import Brought, Header, read_header, skip_header, wrong
from netproof.integrity.packages.streams import Codec, Pieces, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netproof.integrity.packages.budget import Budget
    from netproof.integrity.packages.names import Ledger

MAGIC: Final = b"\xed\xab\xee\xdb"
_LEAD: Final = 96
_KINDS: Final = {stat.S_IFREG: Kind.FILE, stat.S_IFDIR: Kind.FOLDER, stat.S_IFLNK: Kind.LINK}
_CODECS: Final = {
    "": Codec.GZIP,
    "gzip": Codec.GZIP,
    "bzip2": Codec.BZIP2,
    "xz": Codec.XZ,
    "lzma": Codec.LZMA,
    "zstd": Codec.ZSTD,
}
_NEWC, _STRIPPED = (b"070701", b"070702"), b"07070X"
_FIELDS: Final = 13
_END: Final = "TRAILER!!!"


@dataclass(frozen=True, slots=True)
class _Head:
    """A member's header in the payload; of a stripped one only the number in the RPM's header is known."""

    name: str
    number: int
    inode: tuple[int, int, int]
    mode: int
    links: int
    size: int


def entries(pieces: Pieces, place: str, ledger: Ledger, budget: Budget) -> Iterator[Entry]:
    """Yield the members of an RPM package.

    Args:
        pieces: Its bytes.
        place: What it is called in errors.
        ledger: Judges names.
        budget: The package's account.

    Raises:
        SourceError: It is refused, or damaged.
    """
    lead = pieces.exactly(_LEAD)
    if not lead.startswith(MAGIC) or lead[4] not in (3, 4):
        raise refuse(place, Refusal.FORMAT, f"an RPM of version {lead[4]}")
    ledger.aside["signature"] = skip_header(pieces, place)
    header = read_header(pieces, place)
    ledger.aside |= header.aside
    if header.form != "cpio" or header.compressor not in _CODECS:
        got = f"a payload of {shown(header.form)} in {shown(header.compressor)}"
        raise refuse(place, Refusal.METHOD, got)
    listed = {path: one for one in header.files if one is not None for path in [_admit(ledger, one, place)]}
    for name, script in header.scripts:
        yield Entry(ledger.admit(f"RPM/{name}", Kind.FILE), Kind.FILE, None, "", iter((script,)))
    inner = f"{place}!/payload"
    payload = Pieces(_plain(pieces, header.compressor, inner, budget), inner)
    yield from _Payload(payload, inner, header, listed).entries()


def _plain(pieces: Pieces, compressor: str, place: str, budget: Budget) -> Iterator[bytes]:
    """Yield the payload, unpacked as the header says; where it says nothing, gzip or not packed at all."""
    start = pieces.at_most(limits.CHUNK)
    chunks = chain((start,), pieces.rest())
    if not compressor and not start.startswith(b"\x1f\x8b"):
        return chunks
    return unpacked(chunks, _CODECS[compressor], place, budget)


def _admit(ledger: Ledger, one: Brought, place: str) -> str:
    """Return the clean name of a file in the header; names there start at the root of the system."""
    form = stat.S_IFMT(one.mode)
    if form not in _KINDS:
        raise refuse(place, Refusal.DEVICE, f"{shown(one.name)} of mode {one.mode:o}")
    kind = _KINDS[form]
    return ledger.admit(one.name.removeprefix("/"), kind, one.target if kind is Kind.LINK else "")


class _Payload:
    """The payload, held against the header as it flows by."""

    def __init__(self, pieces: Pieces, place: str, header: Header, listed: dict[str, Brought]) -> None:
        self._pieces, self._place, self._header = pieces, place, header
        self._awaited = dict(listed)
        # Hard links: only the last of them has the bytes.
        self._waiting: dict[tuple[int, int, int], list[tuple[str, Brought]]] = {}

    def entries(self) -> Iterator[Entry]:
        """Yield the members."""
        while (head := self._head()) is not None:
            path = clean(self._place, head.name.removeprefix("/"))
            one = self._awaited.pop(path, None)
            if one is None:
                raise refuse(self._place, Refusal.HEADERS, f"{shown(path)}, which the header does not list")
            yield from self._member(head, path, one)
        if self._awaited or self._waiting:
            missing = next(iter(self._awaited), None) or next(iter(self._waiting.values()))[0][0]
            raise refuse(
                self._place, Refusal.HEADERS, f"no bytes of {shown(missing)}, which the header lists"
            )
        for piece in self._pieces.rest():
            if piece.strip(b"\0"):
                raise refuse(self._place, Refusal.HIDDEN, "other bytes behind the end of the payload")

    def _member(self, head: _Head, path: str, one: Brought) -> Iterator[Entry]:
        """Yield a member, and the hard links that waited for its bytes."""
        kind = _KINDS[stat.S_IFMT(one.mode)]
        partial = kind is Kind.FILE and head.links > 1 and not head.size and bool(one.size)
        size = head.size if kind is not Kind.FOLDER else 0
        if head.mode != one.mode or (head.size != one.size and kind is Kind.FILE and not partial):
            raise refuse(
                self._place, Refusal.HEADERS, f"another mode or size of {shown(path)} than the header's"
            )
        if partial:
            self._waiting.setdefault(head.inode, []).append((path, one))
            return
        mode = one.mode & 0o7777
        if kind is Kind.LINK:
            if size > limits.NAME_MAX or b"".join(self._run(size)) != one.target.encode():
                raise refuse(
                    self._place, Refusal.HEADERS, f"another target of {shown(path)} than the header's"
                )
            yield Entry(path, kind, mode, one.target, iter(()))
            return
        chunks = self._hashed(self._run(size), path, one) if kind is Kind.FILE else self._run(size)
        yield Entry(path, kind, mode, "", chunks, one.capabilities)
        for other, told in self._waiting.pop(head.inode, []):
            if told.digest != one.digest or told.size != one.size:
                raise refuse(
                    self._place, Refusal.HEADERS, f"another digest of {shown(other)} than of its hard link"
                )
            yield Entry(other, Kind.HARD_LINK, mode, path, iter(()), told.capabilities)

    def _hashed(self, chunks: Iterator[bytes], path: str, one: Brought) -> Iterator[bytes]:
        """Yield a file's bytes and hold them against the header's digest."""
        digest = hashlib.new(self._header.algorithm, usedforsecurity=False)
        for chunk in chunks:
            digest.update(chunk)
            yield chunk
        if one.digest and digest.hexdigest() != one.digest.lower():
            raise refuse(
                self._place, Refusal.HEADERS, f"other bytes of {shown(path)} than the header's digest tells"
            )

    def _run(self, size: int) -> Iterator[bytes]:
        """Yield a member's bytes and pass over the filling behind them."""
        yield from self._pieces.run(size)
        self._pieces.exactly(-size % 4)

    def _head(self) -> _Head | None:
        """Return the next member's header; None at the end."""
        magic = self._pieces.exactly(6)
        if magic == _STRIPPED:
            return self._stripped()
        if magic not in _NEWC:
            raise refuse(self._place, Refusal.DAMAGED, "a cpio header that is none")
        fields = [self._hexadecimal() for _ in range(_FIELDS)]
        inode, mode, _, _, links, _, size, major, minor, _, _, length, _ = fields
        if not 0 < length <= limits.NAME_MAX + 2:
            raise refuse(self._place, Refusal.LENGTH, f"a name of {length:,} bytes")
        raw = self._pieces.exactly(length)
        self._pieces.exactly(-(6 + 8 * _FIELDS + length) % 4)
        try:
            name = raw.removesuffix(b"\0").decode("utf-8")
        except UnicodeDecodeError as error:
            raise refuse(self._place, Refusal.CHARACTERS, f"{raw[:100]!a}, which is not UTF-8") from error
        if name == _END:
            return None
        return _Head(name, -1, (inode, major, minor), mode, links, size)

    def _stripped(self) -> _Head:
        """Return the header of a member that is described in the RPM's header only."""
        number = self._hexadecimal()
        self._pieces.exactly(-(6 + 8) % 4)
        one = self._header.files[number] if number < len(self._header.files) else None
        if one is None:
            raise wrong(self._place)
        size = len(one.target.encode()) if stat.S_ISLNK(one.mode) else one.size
        return _Head(one.name, number, (number, 0, 0), one.mode, 1, size)

    def _hexadecimal(self) -> int:
        """Return a number of eight hexadecimal digits."""
        digits = self._pieces.exactly(8)
        if digits.strip(b"0123456789abcdefABCDEF"):
            raise refuse(self._place, Refusal.DAMAGED, "a cpio header that is none")
        return int(digits, 16)
