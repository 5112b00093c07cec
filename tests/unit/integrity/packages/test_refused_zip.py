"""Zip archives that must not be opened: each refusal by its name."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest

from netproof.errors import SourceError
from netproof.integrity.packages import limits
from tests.unit.integrity.packages.archives import Zipped, opened, paths, zip_of, zipped

if TYPE_CHECKING:
    from pathlib import Path

DATA = b"hello"
CRC = zlib.crc32(DATA)
UTF8 = 1 << 11


def unicode_path(name: bytes) -> bytes:
    """An extra field with a second name."""
    return struct.pack("<HHBL", 0x7075, 5 + len(name), 1, 0) + name


def overlapping() -> bytes:
    """Two members of the directory that share one local header."""
    one = bytearray(zipped(Zipped(b"a"), Zipped(b"b")))
    at = one.rindex(b"PK\1\2")
    one[at + 42 : at + 46] = struct.pack("<L", 0)
    return bytes(one)


def two_ends() -> bytes:
    """An archive whose comment is an end of another archive's."""
    other = b"PK\5\6" + bytes(18)
    return zipped(Zipped(b"a"), comment=other)


def told(change: dict[int, bytes], data: bytes | None = None) -> bytes:
    """An archive with bytes of its end changed."""
    out = bytearray(data or zipped(Zipped(b"a")))
    for at, value in change.items():
        out[len(out) - 22 + at : len(out) - 22 + at + len(value)] = value
    return bytes(out)


CASES = {
    "a name with two dots": ("path traversal", zipped(Zipped(b"../x"))),
    "an absolute name": ("absolute path", zipped(Zipped(b"/etc/passwd"))),
    "a name with a drive": ("absolute path", zipped(Zipped(b"c:\\x"))),
    "a share": ("absolute path", zipped(Zipped(b"\\\\server\\x"))),
    "traversal with backslashes": ("path traversal", zipped(Zipped(b"a\\..\\x"))),
    "a control character": ("control or bidirectional", zipped(Zipped(b"a\0b"))),
    "a turned text": (
        "control or bidirectional",
        zipped(Zipped("a\u202eb".encode(), flags=UTF8)),
    ),
    "a name that is not UTF-8": ("control or bidirectional", zipped(Zipped(b"a\xff", flags=UTF8))),
    "a name twice": ("duplicate name", zipped(Zipped(b"a"), Zipped(b"a", b"other"))),
    "names that differ in case": ("case clash", zipped(Zipped(b"a"), Zipped(b"A"))),
    "a file below a link": (
        "member below a file or link",
        zipped(Zipped(b"d", b"e", mode=0o120777), Zipped(b"d/x")),
    ),
    "a link that leaves": ("link that leaves", zipped(Zipped(b"l", b"../../etc", mode=0o120777))),
    "a link to an absolute path": ("link that leaves", zipped(Zipped(b"l", b"/etc", mode=0o120777))),
    "a link that another system wrote": (
        "link that leaves",
        zipped(Zipped(b"l", b"../x", mode=0o120777, made_by=0)),
    ),
    "a link whose target is a book": ("name too long", zipped(Zipped(b"l", b"a/" * 900, mode=0o120777))),
    "a device": ("device", zipped(Zipped(b"null", b"", mode=0o020666))),
    "another name locally": ("differing headers", zipped(Zipped(b"a", local={"name": b"b"}))),
    "another size locally": ("differing headers", zipped(Zipped(b"a", local={"size": 4}))),
    "another sum locally": ("differing headers", zipped(Zipped(b"a", local={"crc": 1}))),
    "another compression locally": ("differing headers", zipped(Zipped(b"a", local={"method": 8}))),
    "another coding of the name locally": ("differing headers", zipped(Zipped(b"a", local={"flags": UTF8}))),
    "a second name in an extra field": ("differing headers", zipped(Zipped(b"a", extra=unicode_path(b"b")))),
    "a file that calls itself a folder": ("differing headers", zipped(Zipped(b"a", mode=0o040755))),
    "a folder that calls itself a file": ("differing headers", zipped(Zipped(b"a/", b""))),
    "a folder with bytes": ("differing headers", zipped(Zipped(b"a/", b"x", mode=0o040755))),
    "bytes that the sum does not tell": (
        "differing headers",
        zipped(Zipped(b"a", b"hello")).replace(b"hello", b"HELLO"),
    ),
    "another sum behind the bytes": (
        "differing headers",
        zipped(Zipped(b"a", flags=8, behind=struct.pack("<4sLLL", b"PK\7\x08", 1, 5, 5))),
    ),
    "fewer members than are counted": ("differing headers", told({8: b"\2\0", 10: b"\2\0"})),
    "two ends": ("differing headers", two_ends()),
    "a program before the archive": ("unknown format", b"#!/bin/sh\n" + zipped(Zipped(b"a"))),
    "another archive before it": ("hidden bytes", zipped(Zipped(b"b")) + zipped(Zipped(b"a"))),
    "a member before the first one": ("hidden bytes", zipped(Zipped(b"a"), before=zipped(Zipped(b"evil"))[:40])),
    "a member that the directory does not list": (
        "hidden bytes",
        zipped(Zipped(b"a"), between=zipped(Zipped(b"evil"))[:40]),
    ),
    "members that overlap": ("overlapping members", overlapping()),
    "an encrypted member": ("encrypted member", zipped(Zipped(b"a", flags=1))),
    "a member in strong encryption": ("encrypted member", zipped(Zipped(b"a", flags=0x40))),
    "masked headers": ("encrypted member", zipped(Zipped(b"a", flags=0x2000))),
    "a member in AES": ("encrypted member", zipped(Zipped(b"a", method=99))),
    "a compression that nobody knows": ("unknown compression", zipped(Zipped(b"a", method=97))),
    "one part of several": ("damaged", told({4: b"\1\0"})),
    "no directory": ("damaged", told({12: struct.pack("<L", 46), 16: struct.pack("<L", 0)}, b"PK\3\4" + bytes(42) + b"PK\5\6" + bytes(18))),
    "no end": ("damaged", zipped(Zipped(b"a"))[:-1]),
    "a stream that is none": (
        "damaged",
        zipped(Zipped(b"a", b"\xff" * 5, method=8)).replace(
            Zipped(b"a", b"\xff" * 5, method=8).packed(), b"\xff" * len(Zipped(b"a", b"\xff" * 5, method=8).packed())
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_zip_archive_is_refused_by_name(name: str, tmp_path: Path) -> None:
    refusal, data = CASES[name]

    with pytest.raises(SourceError, match=rf"refused \({refusal}"):
        opened(tmp_path, data)


def test_a_member_of_extreme_ratio_is_a_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RATIO_FREE", 1 << 20)

    with pytest.raises(SourceError, match=r"refused \(bomb: ratio\)"):
        opened(tmp_path, zip_of({"zeros": bytes(8 << 20)}))


def test_too_many_members_are_a_bomb_before_any_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MEMBERS_MAX", 10)

    with pytest.raises(SourceError, match=r"refused \(bomb: number\)"):
        opened(tmp_path, zip_of({str(number): b"" for number in range(11)}))


def test_a_huge_directory_is_a_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HEADER_MAX", 40)

    with pytest.raises(SourceError, match=r"refused \(bomb: size\)"):
        opened(tmp_path, zip_of({"a": b""}))


def test_what_other_programs_write_is_opened(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("d")
        archive.writestr("d/a", b"1" * 1000)
        archive.writestr("ü", b"2")
        with archive.open("wide", "w", force_zip64=True) as file:
            file.write(b"3")
        archive.comment = b"a comment"

    got = opened(tmp_path, out.getvalue())

    assert [(m.path, m.kind, m.size) for m in got.members] == [
        ("d", "folder", 0), ("d/a", "file", 1000), ("wide", "file", 1), ("ü", "file", 1),
    ]  # fmt: skip


class Unseekable(io.RawIOBase):
    """A pipe: sizes and sums come behind the bytes."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.data += data
        return len(data)


def test_sums_behind_the_bytes_are_read(tmp_path: Path) -> None:
    out = Unseekable()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"1" * 1000)
        archive.writestr("b", b"2")

    assert paths(opened(tmp_path, bytes(out.data))) == ["a", "b"]


def test_a_zip64_end_is_read(tmp_path: Path) -> None:
    data = zipped(Zipped(b"a"))
    at = data.rindex(b"PK\5\6")
    length, start = struct.unpack_from("<LL", data, at + 12)
    wide = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, length, start)
    wide += struct.pack("<4sLQL", b"PK\6\7", 0, at, 1)
    end = bytearray(data[at:])
    end[12:20] = b"\xff" * 8

    assert paths(opened(tmp_path, data[:at] + wide + bytes(end))) == ["a"]
    end[12:16] = struct.pack("<L", length + 1)
    with pytest.raises(SourceError, match=r"refused \(differing headers\)"):
        opened(tmp_path, data[:at] + wide + bytes(end))
