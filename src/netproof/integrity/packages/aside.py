"""What headers of a package say and no inventory compares: times, owners, how it is packed.

Who compares two builds of one source must know of each such difference; `integrity.rebuild` lists them.
What is not named here but stands in a header has a name of its own and is never set aside.
"""

from __future__ import annotations

import hashlib
import struct
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from netproof.integrity.packages.streams import MAGIC, Codec, codec_magic

if TYPE_CHECKING:
    from collections.abc import Mapping


class Aside(StrEnum):
    """What may differ between two builds of one source."""

    TIME = "time"
    OWNER = "owner"
    ORDER = "order"
    COMPRESSION = "compression"
    FORM = "form"
    SIGNATURE = "signature"


SIGNATURES_MAX: Final = 1 << 16
"""Largest member that may be a signature [bytes]."""
_SUFFIXES: Final = (".sig", ".asc", ".p7s", ".p7", ".cms", ".rsa", ".dsa", ".ec", ".sign")
_ZIP_TIMES, _ZIP_OWNERS = (0x5455, 0x000A), (0x7875, 0x5855)
_ZIP_FORMS: Final = (0x0001, 0x7075, 0xD935, 0xCAFE)
_PAX: Final = {
    "mtime": Aside.TIME,
    "atime": Aside.TIME,
    "ctime": Aside.TIME,
    "LIBARCHIVE.creationtime": Aside.TIME,
    "uid": Aside.OWNER,
    "gid": Aside.OWNER,
    "uname": Aside.OWNER,
    "gname": Aside.OWNER,
    "path": Aside.FORM,
    "linkpath": Aside.FORM,
    "size": Aside.FORM,
    "hdrcharset": Aside.FORM,
    "SCHILY.dev": Aside.FORM,
    "SCHILY.ino": Aside.FORM,
    "SCHILY.nlink": Aside.FORM,
}
_RPM: Final = {
    63: Aside.FORM,
    1006: Aside.TIME,
    1007: Aside.OWNER,
    1034: Aside.TIME,
    1039: Aside.OWNER,
    1040: Aside.OWNER,
    1094: Aside.TIME,
    1095: Aside.FORM,
    1096: Aside.FORM,
    1125: Aside.COMPRESSION,
    1126: Aside.COMPRESSION,
    5092: Aside.COMPRESSION,
    5097: Aside.COMPRESSION,
}

_RPM_NAMES: Final = {
    1000: "name",
    1001: "version",
    1002: "release",
    1003: "epoch",
    1022: "architecture",
    1044: "source package",
    1047: "provides",
    1048: "requires, flags",
    1049: "requires",
    1050: "requires, versions",
    1085: "script interpreter",
    1086: "script interpreter",
    1087: "script interpreter",
    1088: "script interpreter",
    1090: "obsoletes",
    1112: "provides, flags",
    1113: "provides, versions",
}
_TEXT_MAX: Final = 80


def may_be_signature(path: str) -> bool:
    """Return whether a member is called as signatures are; only its bytes can tell."""
    return path.lower().endswith(_SUFFIXES) or path.rpartition("/")[2].startswith("_gpg")


def short(data: bytes) -> str:
    """Return what stands for bytes that are only compared: short text as it is, else digits."""
    if 0 < len(data) <= _TEXT_MAX and data.isascii() and data.decode("ascii").isprintable():
        return data.decode("ascii")
    return data.hex() if len(data) <= 16 else f"sha256 {hashlib.sha256(data).hexdigest()}"


def of_stream(head: bytes) -> dict[str, str]:
    """Return what the first bytes of a compressed file say."""
    magic = codec_magic(head)
    told = {str(Aside.COMPRESSION): str(MAGIC.get(magic, "none"))}
    if magic and MAGIC[magic] is Codec.GZIP:
        # RFC 1952 §2.3: time, then level and system; a name, where one is given, goes the way of times.
        told |= {str(Aside.TIME): head[4:8].hex(), str(Aside.FORM): (head[3:4] + head[8:10]).hex()}
    return told


def of_zip(
    stamp: tuple[int, int],
    versions: tuple[int, int, int],
    packed: tuple[int, int],
    fields: Mapping[int, bytes],
) -> dict[str, str]:
    """Return what the central directory says of a member of a zip archive.

    Args:
        stamp: Date and time.
        versions: Who made it, what is needed to read it, its flags.
        packed: How it is compressed, and to how many bytes.
        fields: Extra fields by number.
    """
    times = b"".join(fields.get(number, b"") for number in _ZIP_TIMES)
    owners = b"".join(fields.get(number, b"") for number in _ZIP_OWNERS)
    forms = [number for number in _ZIP_FORMS if number in fields]
    told = {
        str(Aside.TIME): short(struct.pack("<HH", *stamp) + times),
        str(Aside.OWNER): short(owners),
        str(Aside.FORM): f"{versions} {forms}",
        str(Aside.COMPRESSION): f"method {packed[0]}, {packed[1]} bytes",
    }
    known = {*_ZIP_TIMES, *_ZIP_OWNERS, *_ZIP_FORMS}
    return told | {f"extra field 0x{n:04x}": short(fields[n]) for n in sorted(fields.keys() - known)}


def of_tar(block: bytes, records: Mapping[str, bytes]) -> dict[str, str]:
    """Return what a member's headers say in a tar archive: the block, and the records of pax."""
    parts: dict[str, list[bytes]] = {
        str(Aside.TIME): [block[136:148]],
        str(Aside.OWNER): [block[108:124], block[265:329]],
        str(Aside.FORM): [block[156:157], block[257:265], block[329:345]],
    }
    told = {}
    for key, value in sorted(records.items()):
        if key in _PAX:
            parts[_PAX[key]].append(f"{key}=".encode() + value)
        else:
            told[f"record {key}"] = short(value)
    return {name: short(b"\n".join(found)) for name, found in parts.items()} | told


def of_ar(block: bytes) -> dict[str, str]:
    """Return what the header of a part of a Debian package says."""
    return {str(Aside.TIME): short(block[16:28]), str(Aside.OWNER): short(block[28:48])}


def of_rpm(tags: Mapping[int, bytes]) -> dict[str, str]:
    """Return what the tags of an RPM's header say, apart from its files and scripts."""
    told: dict[str, list[str]] = {}
    for tag, value in sorted(tags.items()):
        name = f"tag {tag} ({_RPM_NAMES[tag]})" if tag in _RPM_NAMES else f"tag {tag}"
        told.setdefault(str(_RPM.get(tag, name)), []).append(short(value))
    return {name: " ".join(values) for name, values in told.items()}
