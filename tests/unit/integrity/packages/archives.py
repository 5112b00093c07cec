"""Packages made by hand, honest and hostile: what a test says of a member is what the bytes say."""

from __future__ import annotations

import gzip
import hashlib
import io
import struct
import tarfile
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netproof.integrity.packages import Inventory, inventory

if TYPE_CHECKING:
    from pathlib import Path

BLOCK = 512


def opened(folder: Path, data: bytes, name: str = "package") -> Inventory:
    """What lies in a package of these bytes."""
    path = folder / name
    path.write_bytes(data)
    return inventory(path)


def paths(found: Inventory) -> list[str]:
    """The names of a package's members."""
    return [member.path for member in found.members]


def header(  # noqa: PLR0913 - the fields of a header
    name: bytes,
    *,
    flag: bytes = b"0",
    size: int = 0,
    mode: int = 0o644,
    target: bytes = b"",
    magic: bytes = b"ustar\x0000",
    prefix: bytes = b"",
) -> bytes:
    """One header of a tar archive with a right sum."""
    block = bytearray(BLOCK)
    block[:100] = name.ljust(100, b"\0")
    block[100:108] = b"%07o\0" % mode
    block[108:124] = b"0000000\x000000000\0"
    block[124:136] = b"%011o\0" % size
    block[136:148] = b"00000000000\0"
    block[148:156] = b" " * 8
    block[156:157] = flag
    block[157:257] = target.ljust(100, b"\0")
    block[257:265] = magic
    block[345:500] = prefix.ljust(155, b"\0")
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def member(name: bytes, data: bytes = b"", **said: object) -> bytes:
    """A header, its bytes and their filling."""
    return header(name, size=len(data), **said) + data + bytes(-len(data) % BLOCK)  # type: ignore[arg-type]


def record(key: bytes, value: bytes) -> bytes:
    """One record of a pax header."""
    length = len(key) + len(value) + 3
    while len(b"%d" % length) + len(key) + len(value) + 3 != length:
        length = len(b"%d" % length) + len(key) + len(value) + 3
    return b"%d %s=%s\n" % (length, key, value)


def tar(*members: bytes) -> bytes:
    """A tar archive of ready members."""
    return b"".join(members) + bytes(2 * BLOCK)


def tar_of(files: dict[str, bytes], modes: dict[str, int] | None = None) -> bytes:
    """A tar archive as Python writes it."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(data), (modes or {}).get(name, 0o644)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def tar_gz(files: dict[str, bytes], modes: dict[str, int] | None = None) -> bytes:
    """The same, compressed."""
    return gzip.compress(tar_of(files, modes), mtime=0)


def zip_of(files: dict[str, bytes]) -> bytes:
    """A zip archive as Python writes it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


@dataclass
class Zipped:
    """A member of a zip archive, both headers as the test wants them."""

    name: bytes = b"a"
    data: bytes = b"hello"
    local: dict[str, object] = field(default_factory=dict)
    method: int = 0
    flags: int = 0
    made_by: int = 3 << 8
    mode: int = 0o100644
    extra: bytes = b""
    behind: bytes = b""

    def packed(self) -> bytes:
        """The bytes as they are stored."""
        if self.method != 8:
            return self.data
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        return packer.compress(self.data) + packer.flush()

    def fields(self) -> dict[str, object]:
        """What both headers say."""
        return {
            "name": self.name, "flags": self.flags, "method": self.method, "crc": zlib.crc32(self.data),
            "packed": len(self.packed()), "size": len(self.data), "extra": self.extra,
        }  # fmt: skip


def zipped(*members: Zipped, before: bytes = b"", between: bytes = b"", comment: bytes = b"") -> bytes:
    """A zip archive of members, with bytes where none belong."""
    out, central = bytearray(before), bytearray()
    for one in members:
        at = len(out)
        said = one.fields()
        local = said | one.local
        out += struct.pack("<4sHHHHHLLLHH", b"PK\3\4", 20, local["flags"], local["method"], 0, 0, local["crc"],
            local["packed"], local["size"], len(local["name"]), len(local["extra"]))  # type: ignore[arg-type]  # fmt: skip
        out += local["name"] + local["extra"] + one.packed() + one.behind  # type: ignore[operator]
        central += struct.pack("<4sHHHHHHLLLHHHHHLL", b"PK\1\2", one.made_by | 20, 20, said["flags"], said["method"],
            0, 0, said["crc"], said["packed"], said["size"], len(one.name), len(one.extra), 0, 0, 0,
            one.mode << 16, at)  # fmt: skip
        central += one.name + one.extra
    out += between
    end = struct.pack(
        "<4sHHHHLLH",
        b"PK\5\6",
        0,
        0,
        len(members),
        len(members),
        len(central),
        len(out),
        len(comment),
    )
    return bytes(out + central + end + comment)


def ar(*parts: tuple[bytes, bytes]) -> bytes:
    """An ar archive."""
    out = b"!<arch>\n"
    for name, data in parts:
        out += b"%-16s%-12d%-6d%-6d%-8s%-10d`\n" % (name, 0, 0, 0, b"100644", len(data))
        out += data + b"\n" * (len(data) % 2)
    return out


def deb_of(control: dict[str, bytes], files: dict[str, bytes], modes: dict[str, int] | None = None) -> bytes:
    """A Debian package."""
    inner = (
        tar_gz({f"./{n}": d for n, d in control.items()}),
        tar_gz({f"./{n}": d for n, d in files.items()}, {f"./{n}": m for n, m in (modes or {}).items()}),
    )
    return ar((b"debian-binary", b"2.0\n"), (b"control.tar.gz", inner[0]), (b"data.tar.gz", inner[1]))


@dataclass
class Packed:
    """A file of an RPM package, header and payload as the test wants them."""

    name: str
    data: bytes = b""
    mode: int = 0o100644
    target: str = ""
    flags: int = 0
    links: int = 1
    inode: int = 0
    header: dict[str, object] = field(default_factory=dict)
    in_payload: bool = True
    whole: bool = True


def cpio(name: str, data: bytes, *, mode: int = 0, links: int = 1, inode: int = 1) -> bytes:
    """One member of a cpio archive, new ASCII format."""
    raw = name.encode() + b"\0"
    fields = [inode, mode, 0, 0, links, 0, len(data), 0, 0, 0, 0, len(raw), 0]
    head = b"070701" + b"".join(b"%08x" % number for number in fields) + raw
    return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)


def rpm_header(tags: dict[int, tuple[int, list[object]]]) -> bytes:
    """A header structure."""
    index, store = b"", b""
    for tag, (kind, values) in sorted(tags.items()):
        if kind in (3, 4, 5):
            width = {3: "H", 4: "L", 5: "Q"}[kind]
            store += bytes(-len(store) % struct.calcsize(width))
            raw = struct.pack(f">{len(values)}{width}", *values)
        else:
            raw = b"".join(
                value if isinstance(value, bytes) else str(value).encode() + b"\0" for value in values
            )
        index += struct.pack(">LLLL", tag, kind, len(store), len(values))
        store += raw
    return struct.pack(">4s4xLL", b"\x8e\xad\xe8\x01", len(tags), len(store)) + index + store


def rpm_of(files: list[Packed], scripts: dict[int, str] | None = None, *, behind: bytes = b"") -> bytes:
    """An RPM package."""
    rows = [
        {"mode": one.mode, "size": len(one.data), "digest": hashlib.sha256(one.data).hexdigest()
         if one.mode & 0o170000 == 0o100000 else "", "target": one.target} | one.header
        for one in files
    ]  # fmt: skip
    names = [one.name.rsplit("/", 1) for one in files]
    folders = sorted({f"{top}/" for top, _ in names})
    tags: dict[int, tuple[int, list[object]]] = {
        1028: (4, [row["size"] for row in rows]),
        1030: (3, [row["mode"] for row in rows]),
        1035: (8, [row["digest"] for row in rows]),
        1036: (8, [row["target"] for row in rows]),
        1037: (4, [one.flags for one in files]),
        1116: (4, [folders.index(f"{top}/") for top, _ in names]),
        1117: (8, [name for _, name in names]),
        1118: (8, list(folders)),
        1124: (6, ["cpio"]),
        1125: (6, ["gzip"]),
        5011: (4, [8]),
    }
    tags |= {tag: (6, [text]) for tag, text in (scripts or {}).items()}
    payload = b"".join(
        cpio(f".{one.name}", (one.target.encode() or one.data) if one.whole else b"", mode=one.mode,
             links=one.links, inode=one.inode or number)
        for number, one in enumerate(files, 1) if one.in_payload
    )  # fmt: skip
    lead = b"\xed\xab\xee\xdb\x03\x00".ljust(96, b"\0")
    signature = rpm_header({1000: (4, [0])})
    signature += bytes(-(len(signature) - 32) % 8)
    return lead + signature + rpm_header(tags) + gzip.compress(payload + cpio("TRAILER!!!", b"") + behind)
