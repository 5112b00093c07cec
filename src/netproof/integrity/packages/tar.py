"""The members of a tar archive: ustar, GNU and pax, read strictly in one pass.

Sparse members, devices, unknown kinds, a second name for one member and bytes behind the end are
refused: programs that unpack tar files do not agree about them.

Source: POSIX.1-2024, pax, "ustar Interchange Format" and "pax Extended Header"; GNU tar manual,
"Basic Tar Format".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from netproof.integrity.packages import limits
from netproof.integrity.packages.aside import of_tar
from netproof.integrity.packages.entry import Entry, Kind
from netproof.integrity.packages.refusal import Refusal, refuse, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netproof.integrity.packages.names import Ledger
    from netproof.integrity.packages.streams import Pieces

BLOCK: Final = 512
_KINDS: Final = {
    b"0": Kind.FILE,
    b"\0": Kind.FILE,
    b"7": Kind.FILE,
    b"1": Kind.HARD_LINK,
    b"2": Kind.LINK,
    b"5": Kind.FOLDER,
}
_CAPABILITY: Final = "SCHILY.xattr.security.capability"
_MEANT: Final = frozenset({"path", "linkpath", "size", _CAPABILITY})
_SIZE_MAX: Final = 1 << 62
_NARROW_MAX: Final = 1 << 33  # eleven octal digits


@dataclass(slots=True)
class _Said:
    """What extended headers say of the next member."""

    name: str | None = None
    target: str | None = None
    size: int | None = None
    capabilities: bool = False
    kinds: set[bytes] = field(default_factory=set)
    records: dict[str, bytes] = field(default_factory=dict)


def is_header(block: bytes) -> bool:
    """Return whether a block is the header of a tar member."""
    try:
        return len(block) == BLOCK and _octal(block[148:156]) == _sum(block)
    except ValueError:
        return False


def entries(pieces: Pieces, place: str, ledger: Ledger, *, prefix: str = "") -> Iterator[Entry]:
    """Yield the members of a tar archive.

    Args:
        pieces: Its bytes.
        place: What it is called in errors.
        ledger: Judges names.
        prefix: A folder under which all members are filed.

    Raises:
        SourceError: It is refused, or damaged.
    """
    said = _Said()
    while any(block := pieces.exactly(BLOCK)):
        if not is_header(block):
            raise refuse(place, Refusal.DAMAGED, "a header whose sum is wrong")
        flag, size = block[156:157], _number(place, block[124:136])
        if flag in (b"x", b"g", b"L", b"K"):
            _extend(place, said, flag, _content(pieces, place, size))
            continue
        yield from _member(pieces, place, ledger, block, said, prefix)
        said = _Said()
    if said.kinds:
        raise refuse(place, Refusal.DAMAGED, "an extended header without a member")
    for piece in pieces.rest():
        if piece.strip(b"\0"):
            raise refuse(place, Refusal.HIDDEN, "other bytes behind the end of the archive")


def _member(
    pieces: Pieces, place: str, ledger: Ledger, block: bytes, said: _Said, prefix: str
) -> Iterator[Entry]:
    """Yield the member that a header describes; none for the root folder."""
    name = said.name if said.name is not None else _name(place, block)
    kind = _kind(place, block[156:157], name)
    target = said.target if said.target is not None else _text(place, block[157:257])
    size = _size(place, block, said, name)
    if kind is not Kind.FILE and size:
        raise refuse(place, Refusal.HEADERS, f"a {kind} {shown(name)} of {size:,} bytes")
    if kind is Kind.HARD_LINK and prefix:
        target = prefix + target.removeprefix("./")
    path = ledger.admit(_below(prefix, name), kind, target if kind in (Kind.LINK, Kind.HARD_LINK) else "")
    if not path:
        return
    bare = target if kind in (Kind.LINK, Kind.HARD_LINK) else ""
    mode = _number(place, block[100:108]) & 0o7777
    aside = of_tar(block, said.records) if ledger.noting else {}
    yield Entry(path, kind, mode, bare, _run(pieces, size), said.capabilities, aside)


def _size(place: str, block: bytes, said: _Said, name: str) -> int:
    """Return a member's size; two headers may differ only where the first is too narrow."""
    size = _number(place, block[124:136])
    if said.size is None:
        return size
    if said.size < _NARROW_MAX and said.size != size:
        raise refuse(place, Refusal.HEADERS, f"{shown(name)} of {size:,} bytes and of {said.size:,}")
    return said.size


def _below(prefix: str, name: str) -> str:
    """Return a name under a folder; a name that is no good stays as it is, to be refused."""
    if not prefix or name.startswith("/"):
        return name
    return prefix + (name.removeprefix("./") if name != "." else "")


def _run(pieces: Pieces, size: int) -> Iterator[bytes]:
    """Yield a member's bytes and pass over the filling behind them."""
    yield from pieces.run(size)
    pieces.exactly(-size % BLOCK)


def _content(pieces: Pieces, place: str, size: int) -> bytes:
    """Return the bytes of an extended header."""
    if size > limits.PAX_MAX:
        raise refuse(place, Refusal.SIZE, f"an extended header of {size:,} bytes")
    data = pieces.exactly(size)
    pieces.exactly(-size % BLOCK)
    return data


def _kind(place: str, flag: bytes, name: str) -> Kind:
    """Return what a member is."""
    if flag in (b"3", b"4", b"6"):
        what = {b"3": "character device", b"4": "block device", b"6": "pipe"}[flag]
        raise refuse(place, Refusal.DEVICE, f"a {what} {shown(name)}")
    if flag == b"S":
        raise refuse(place, Refusal.SPARSE, shown(name))
    if flag not in _KINDS:
        raise refuse(place, Refusal.KIND, f"kind {ascii(flag)[1:]} of {shown(name)}")
    kind = _KINDS[flag]
    # Before POSIX a folder was a file whose name ends in a slash.
    return Kind.FOLDER if kind is Kind.FILE and name.endswith("/") else kind


def _name(place: str, block: bytes) -> str:
    """Return the name in a header; only POSIX headers have a second part of it."""
    name = _text(place, block[:100])
    if block[257:263] == b"ustar\0" and (start := _text(place, block[345:500])):
        return f"{start}/{name}"
    return name


def _extend(place: str, said: _Said, flag: bytes, data: bytes) -> None:
    """Take in what an extended header says."""
    if flag in said.kinds and flag != b"g":
        raise refuse(place, Refusal.HEADERS, "two extended headers of one kind for one member")
    said.kinds.add(flag)
    if flag == b"L":
        said.name = _once(place, said.name, _text(place, data))
    elif flag == b"K":
        said.target = _once(place, said.target, _text(place, data))
    else:
        for key, value in _records(place, data).items():
            _record(place, said, flag, key, value)


def _record(place: str, said: _Said, flag: bytes, key: str, value: bytes) -> None:
    """Take in one record of a pax header."""
    said.records[key] = value
    if key.startswith("GNU.sparse"):
        raise refuse(place, Refusal.SPARSE, f"an extended header with {shown(key)}")
    if flag == b"g" and key in _MEANT:
        raise refuse(place, Refusal.HEADERS, f"one {shown(key)} for all members")
    if key == "path":
        said.name = _once(place, said.name, _text(place, value))
    elif key == "linkpath":
        said.target = _once(place, said.target, _text(place, value))
    elif key == "size":
        said.size = _decimal(place, value)
    elif key == _CAPABILITY:
        said.capabilities = True


def _once(place: str, before: str | None, text: str) -> str:
    """Return a text that is said for the first time."""
    if before is not None:
        raise refuse(place, Refusal.HEADERS, f"two names for one member, {shown(before)} and {shown(text)}")
    return text


def _records(place: str, data: bytes) -> dict[str, bytes]:
    """Return the records of a pax header: `length key=value` and a line end, each."""
    records: dict[str, bytes] = {}
    at = 0
    while at < len(data):
        digits, blank, _ = data[at : at + 12].partition(b" ")
        length = _decimal(place, digits) if blank else 0
        record = data[at + len(digits) + 1 : at + length]
        key, equals, value = record.partition(b"=")
        if length <= len(digits) + 1 or at + length > len(data) or not equals or not record.endswith(b"\n"):
            raise refuse(place, Refusal.DAMAGED, "an extended header that is none")
        name = _text(place, key)
        if name in records and (name in _MEANT or name.startswith("GNU.")):
            raise refuse(place, Refusal.HEADERS, f"{shown(name)} twice for one member")
        records[name] = value[:-1]
        at += length
    return records


def _decimal(place: str, data: bytes) -> int:
    """Return a decimal number of bounded length."""
    if not data.isdigit() or len(data) > 18:
        raise refuse(place, Refusal.DAMAGED, "an extended header with a number that is none")
    return int(data)


def _text(place: str, data: bytes) -> str:
    """Return a text up to its NUL."""
    try:
        return data.split(b"\0", 1)[0].decode("utf-8")
    except UnicodeDecodeError as error:
        raise refuse(place, Refusal.CHARACTERS, f"{data[:100]!a}, which is not UTF-8") from error


def _number(place: str, data: bytes) -> int:
    """Return a number in octal digits, or in binary where GNU tar marks it so."""
    if data[0] == 0x80:
        value = int.from_bytes(data[1:], "big")
        if value < _SIZE_MAX:
            return value
    try:
        return _octal(data)
    except ValueError as error:
        raise refuse(place, Refusal.DAMAGED, "a header with a number that is none") from error


def _octal(data: bytes) -> int:
    """Return a number in octal digits, filled with blanks or NULs."""
    digits = data.strip(b" \0")
    if digits and not digits.isdigit():
        raise ValueError
    return int(digits or b"0", 8)


def _sum(block: bytes) -> int:
    """Return the sum of a header, its own field taken as blanks."""
    return sum(block) - sum(block[148:156]) + 8 * 32
