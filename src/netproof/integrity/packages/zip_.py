"""The members of a zip archive, read strictly: every byte of the file is accounted for.

The central directory is read first and every name in it judged; each local header must say the same as
the central one; members lie one behind the other without a gap or an overlap, from the first byte to the
central directory. So no other program sees other members in it.

Source: PKWARE APPNOTE 6.3.10, §4.3 and §4.4. Compression: stored and deflate, as in ISO/IEC 21320-1.
"""

from __future__ import annotations

import stat
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from netproof.integrity.packages import limits
from netproof.integrity.packages.aside import of_zip, short
from netproof.integrity.packages.entry import Entry, Kind
from netproof.integrity.packages.refusal import Refusal, refuse, shown
from netproof.integrity.packages.streams import Codec, chunks_of, unpacked
from netproof.integrity.packages.zip_end import Extent, extent, wide

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netproof.integrity.packages.budget import Budget
    from netproof.integrity.packages.names import Ledger

_CENTRAL: Final = struct.Struct("<4sHHHHHHLLLHHHHHLL")
_LOCAL: Final = struct.Struct("<4sHHHHHLLLHH")
_SECRET: Final = 1 << 0 | 1 << 6 | 1 << 13
_BEHIND, _UTF8 = 1 << 3, 1 << 11
_TOLD: Final = _SECRET | _BEHIND | _UTF8
_STORED, _DEFLATE, _AES = 0, 8, 99
_UNICODE_PATH: Final = 0x7075


@dataclass(frozen=True, slots=True)
class Listed:
    """A member as the central directory has it."""

    raw: bytes
    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    mode: int
    at: int
    aside: dict[str, str]


def entries(file: BinaryIO, size: int, place: str, ledger: Ledger, budget: Budget) -> Iterator[Entry]:
    """Yield the members of a zip archive.

    Args:
        file: Its bytes; it can be sought in.
        size: How many.
        place: What it is called in errors.
        ledger: Judges names.
        budget: The package's account.

    Raises:
        SourceError: It is refused, or damaged.
    """
    whole = extent(file, size, place)
    listed = _listed(file, whole, place, noting=ledger.noting)
    kinds = [_kind(one, place) for one in listed]
    paths = [
        ledger.admit(one.name, kind, None if kind is Kind.LINK else "")
        for one, kind in zip(listed, kinds, strict=True)
    ]
    starts = _starts(file, listed, whole, place)
    for one, kind, path, start in zip(listed, kinds, paths, starts, strict=True):
        chunks = _chunks(file, one, start, place, budget)
        mode = one.mode & 0o7777 if one.mode else None
        if kind is Kind.LINK:
            target = _target(place, one, b"".join(chunks))
            ledger.lead(path, target)
            yield Entry(path, kind, mode, target, iter(()), aside=one.aside)
        elif path:
            yield Entry(path, kind, mode, "", chunks, aside=one.aside)


def _listed(file: BinaryIO, whole: Extent, place: str, *, noting: bool) -> list[Listed]:
    """Return what the central directory lists."""
    if whole.count > limits.MEMBERS_MAX:
        raise refuse(place, Refusal.NUMBER, f"{whole.count:,} members")
    if whole.length > limits.HEADER_MAX:
        raise refuse(place, Refusal.SIZE, f"a central directory of {whole.length:,} bytes")
    file.seek(whole.start)
    data = file.read(whole.length)
    listed = []
    at = 0
    while at < len(data):
        one, at = _central(data, at, place, noting=noting)
        listed.append(one)
    if len(listed) != whole.count:
        raise refuse(place, Refusal.HEADERS, f"{len(listed):,} members where {whole.count:,} are counted")
    return listed


def _central(data: bytes, at: int, place: str, *, noting: bool) -> tuple[Listed, int]:
    """Return a member of the central directory, and where the next begins."""
    if len(data) - at < _CENTRAL.size or data[at : at + 4] != b"PK\1\2":
        raise refuse(place, Refusal.DAMAGED, "a central directory that is none")
    (
        _,
        made_by,
        needed,
        flags,
        method,
        clock,
        day,
        crc,
        packed,
        size,
        names,
        extras,
        comments,
        disk,
        inner,
        outer,
        start,
    ) = _CENTRAL.unpack_from(data, at)
    name_at = at + _CENTRAL.size
    extra_at = name_at + names
    end = extra_at + extras + comments
    if end > len(data) or disk not in (0, 0xFFFF):
        raise refuse(place, Refusal.DAMAGED, "a central directory that is none")
    raw = data[name_at:extra_at]
    fields = _fields(data[extra_at : extra_at + extras], place)
    size, packed, start = wide(fields, (size, packed, start), place)
    name = _name(raw, flags, place)
    _same_name(name, fields, place)
    mode = outer >> 16
    if made_by >> 8 != 3 and not stat.S_ISLNK(mode):
        mode = 0  # only Unix writes modes there; a link is believed from anybody
    aside = {}
    if noting:
        aside = of_zip((day, clock), (made_by, needed, flags), (method, packed), fields)
        aside |= {"comment": short(data[end - comments : end])} if comments else {}
        aside |= {"attributes": f"{inner:x} {outer & 0xFFFF:x}"} if inner & ~1 or outer & 0xFFCF else {}
    return Listed(raw, name, flags, method, crc, packed, size, mode, start, aside), end


def _name(raw: bytes, flags: int, place: str) -> str:
    """Return a name as text; a NUL in it is refused later, with all controls."""
    try:
        return raw.decode("utf-8" if flags & _UTF8 else "cp437")
    except UnicodeDecodeError as error:
        raise refuse(place, Refusal.CHARACTERS, f"{raw[:100]!a}, which is not UTF-8") from error


def _same_name(name: str, fields: dict[int, bytes], place: str) -> None:
    """Refuse a second name in an extra field that is not the first."""
    second = fields.get(_UNICODE_PATH)
    if second is not None and second[5:] != name.encode("utf-8", "surrogatepass"):
        raise refuse(place, Refusal.HEADERS, f"a second name for {shown(name)} in an extra field")


def _fields(data: bytes, place: str) -> dict[int, bytes]:
    """Return extra fields by their number."""
    fields: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(data):
        number, length = struct.unpack_from("<HH", data, at)
        at += 4
        if at + length > len(data) or (number in fields and number in (1, _UNICODE_PATH)):
            raise refuse(place, Refusal.DAMAGED, "extra fields that are none")
        fields[number] = data[at : at + length]
        at += length
    return fields


def _kind(one: Listed, place: str) -> Kind:
    """Return what a member is; refuse what cannot be read or is none of ours."""
    if one.flags & _SECRET or one.method == _AES:
        raise refuse(place, Refusal.ENCRYPTED, shown(one.name))
    if one.method not in (_STORED, _DEFLATE):
        raise refuse(place, Refusal.METHOD, f"method {one.method} of {shown(one.name)}")
    if one.method == _STORED and one.packed != one.size:
        raise refuse(
            place, Refusal.HEADERS, f"{shown(one.name)} stored in {one.packed:,} of {one.size:,} bytes"
        )
    form = stat.S_IFMT(one.mode)
    if form not in (0, stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK):
        raise refuse(place, Refusal.DEVICE, f"{shown(one.name)} of mode {one.mode:o}")
    folder = one.name.endswith("/")
    if (form == stat.S_IFDIR) != folder and form:
        raise refuse(place, Refusal.HEADERS, f"{shown(one.name)} of mode {one.mode:o}")
    if folder and one.size:
        raise refuse(place, Refusal.HEADERS, f"a folder {shown(one.name)} of {one.size:,} bytes")
    if form == stat.S_IFLNK:
        if one.size > limits.NAME_MAX:
            raise refuse(place, Refusal.LENGTH, f"{shown(one.name)} with a target of {one.size:,} bytes")
        return Kind.LINK
    return Kind.FOLDER if folder else Kind.FILE


def _starts(file: BinaryIO, listed: list[Listed], whole: Extent, place: str) -> list[int]:
    """Return where each member's bytes begin; every byte before the central directory must be a member's."""
    starts = [0] * len(listed)
    order = sorted(range(len(listed)), key=lambda number: listed[number].at)
    end = 0
    for rank, number in enumerate(order):
        one = listed[number]
        after = listed[order[rank + 1]].at if rank + 1 < len(order) else whole.start
        if one.at != end:
            refusal = Refusal.OVERLAP if one.at < end else Refusal.HIDDEN
            raise refuse(place, refusal, f"{abs(one.at - end):,} bytes before {shown(one.name)}")
        starts[number], large = _local(file, one, place)
        end = starts[number] + one.packed
        if end > after:
            raise refuse(place, Refusal.OVERLAP, f"{shown(one.name)} that reaches over what follows")
        if one.flags & _BEHIND:
            end += _descriptor(file, one, end, after - end, place, large=large)
    if end != whole.start:
        raise refuse(place, Refusal.HIDDEN, f"{whole.start - end:,} bytes before the central directory")
    return starts


def _local(file: BinaryIO, one: Listed, place: str) -> tuple[int, bool]:
    """Return where a member's bytes begin and whether its sizes are wide; both headers must agree."""
    file.seek(one.at)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size or head[:4] != b"PK\3\4":
        raise refuse(place, Refusal.HEADERS, f"no local header of {shown(one.name)}")
    _, _, flags, method, _, _, crc, packed, size, names, extras = _LOCAL.unpack(head)
    raw, extra = file.read(names), file.read(extras)
    fields = _fields(extra, place)
    if raw != one.raw:
        raise refuse(place, Refusal.HEADERS, f"{shown(one.name)}, locally named {raw[:100]!a}")
    if (flags ^ one.flags) & _TOLD or method != one.method:
        raise refuse(place, Refusal.HEADERS, f"other flags or compression of {shown(one.name)} locally")
    _same_name(one.name, fields, place)
    large = 1 in fields
    if large and 0xFFFFFFFF in (size, packed):
        size, packed, _ = wide(fields, (size, packed, 0), place)
    told, known = (crc, packed, size), (one.crc, one.packed, one.size)
    later = flags & _BEHIND and crc == 0 and packed == 0 and size == 0
    if told != known and not later:
        raise refuse(place, Refusal.HEADERS, f"another sum or size of {shown(one.name)} locally")
    return one.at + _LOCAL.size + names + extras, large


def _descriptor(file: BinaryIO, one: Listed, at: int, room: int, place: str, *, large: bool) -> int:
    """Return the length of the descriptor behind a member; it must say what the directory says."""
    file.seek(at)
    data = file.read(min(room, 24))
    for sizes in ("QQ", "LL") if large else ("LL", "QQ"):
        if sizes == "LL" and max(one.packed, one.size) > 0xFFFFFFFF:
            continue
        bare = struct.pack(f"<L{sizes}", one.crc, one.packed, one.size)
        for form in (b"PK\7\x08" + bare, bare):
            if data.startswith(form) and len(form) <= room:
                return len(form)
    raise refuse(place, Refusal.HEADERS, f"another sum or size of {shown(one.name)} behind its bytes")


def _chunks(file: BinaryIO, one: Listed, start: int, place: str, budget: Budget) -> Iterator[bytes]:
    """Yield a member's bytes, and hold them against the sum and the size that were told."""
    file.seek(start)
    packed = chunks_of(file, one.packed)
    plain = (
        packed if one.method == _STORED else unpacked(packed, Codec.DEFLATE, f"{place}/{one.name}", budget)
    )
    crc = size = 0
    for chunk in plain:
        crc = zlib.crc32(chunk, crc)
        size += len(chunk)
        if size > one.size:
            break
        yield chunk
    if (crc, size) != (one.crc, one.size):
        raise refuse(place, Refusal.HEADERS, f"other bytes of {shown(one.name)} than its sum and size tell")


def _target(place: str, one: Listed, data: bytes) -> str:
    """Return where a link leads: its content."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refuse(place, Refusal.CHARACTERS, f"a target of {shown(one.name)} that is not UTF-8") from error
