"""Tar archives that must not be opened: each refusal by its name."""

from __future__ import annotations

import gzip
import io
import tarfile
from typing import TYPE_CHECKING

import pytest

from netproof.errors import SourceError
from netproof.integrity.packages import limits
from tests.unit.integrity.packages.archives import header, member, opened, paths, record, tar, tar_of

if TYPE_CHECKING:
    from pathlib import Path

CASES = {
    "a name with two dots": ("path traversal", tar(member(b"a/../../b"))),
    "a name that is two dots": ("path traversal", tar(member(b".."))),
    "an absolute name": ("absolute path", tar(member(b"/etc/passwd"))),
    "a name with a drive": ("absolute path", tar(member(b"C:/x"))),
    "a name with a backslash": ("unclean name", tar(member(b"a\\b"))),
    "traversal with backslashes": ("path traversal", tar(member(b"a\\..\\..\\b"))),
    "a name with an empty part": ("unclean name", tar(member(b"a//b"))),
    "a name with a dot in it": ("unclean name", tar(member(b"a/./b"))),
    "no name": ("unclean name", tar(member(b""))),
    "a control character": ("control or bidirectional", tar(member(b"a\x1b[31m"))),
    "a line end": ("control or bidirectional", tar(member(b"a\nb"))),
    "a turned text": ("control or bidirectional", tar(member("txt.\u202egnp".encode()))),
    "a blank of no width": ("control or bidirectional", tar(member("a\u200bb".encode()))),
    "a name that is not UTF-8": ("control or bidirectional", tar(member(b"a\xff"))),
    "a name twice": ("duplicate name", tar(member(b"a", b"1"), member(b"a", b"2"))),
    "a name twice, once with a dot": ("duplicate name", tar(member(b"a", b"1"), member(b"./a", b"2"))),
    "names that differ in case": ("case clash", tar(member(b"README"), member(b"readme"))),
    "folders that differ in case": ("case clash", tar(member(b"Etc/a"), member(b"etc/b"))),
    "names that differ in composition": ("case clash", tar(member("é".encode()), member("e\u0301".encode()))),
    "a link, then a file below it": (
        "member below a file or link",
        tar(member(b"d", flag=b"2", target=b"e"), member(b"d/x", b"1")),
    ),
    "a file, then a link above it": (
        "member below a file or link",
        tar(member(b"d/x", b"1"), member(b"d", flag=b"2", target=b"e")),
    ),
    "a link that climbs out": ("link that leaves", tar(member(b"a/l", flag=b"2", target=b"../../etc"))),
    "a link to an absolute path": ("link that leaves", tar(member(b"l", flag=b"2", target=b"/etc/passwd"))),
    "a link to a drive": ("link that leaves", tar(member(b"l", flag=b"2", target=b"C:/x"))),
    "a link that leaves through another": (
        "link that leaves",
        tar(member(b"a/b/d", flag=b"2", target=b"../.."), member(b"a/b/l", flag=b"2", target=b"d/../x")),
    ),
    "links in a circle": (
        "links without end",
        tar(member(b"a", flag=b"2", target=b"b"), member(b"b", flag=b"2", target=b"a")),
    ),
    "a link without a target": ("name too long", tar(member(b"l", flag=b"2"))),
    "a hard link to nothing": ("hard link outside", tar(member(b"l", flag=b"1", target=b"etc/passwd"))),
    "a hard link that climbs out": ("path traversal", tar(member(b"l", flag=b"1", target=b"../x"))),
    "a hard link to a link": (
        "hard link outside",
        tar(member(b"s", flag=b"2", target=b"x"), member(b"l", flag=b"1", target=b"s")),
    ),
    "a hard link to a file of another case": (
        "hard link outside",
        tar(member(b"README"), member(b"l", flag=b"1", target=b"readme")),
    ),
    "two sizes of one member": (
        "differing headers",
        tar(member(b"p", record(b"size", b"512"), flag=b"x"), member(b"a")),
    ),
    "a character device": ("device", tar(member(b"null", flag=b"3"))),
    "a block device": ("device", tar(member(b"sda", flag=b"4"))),
    "a pipe": ("device", tar(member(b"p", flag=b"6"))),
    "a kind that nobody knows": ("unknown kind", tar(member(b"x", flag=b"Z"))),
    "a sparse member of GNU tar": ("sparse member", tar(member(b"x", flag=b"S"))),
    "a sparse member in a pax header": (
        "sparse member",
        tar(member(b"p", record(b"GNU.sparse.map", b"0,1"), flag=b"x"), member(b"x")),
    ),
    "two names for one member": (
        "differing headers",
        tar(member(b"p", record(b"path", b"b"), flag=b"x"), member(b"L", b"c\0", flag=b"L"), member(b"a")),
    ),
    "a name twice in a pax header": (
        "differing headers",
        tar(member(b"p", record(b"path", b"b") + record(b"path", b"c"), flag=b"x"), member(b"a")),
    ),
    "one name for all members": (
        "differing headers",
        tar(member(b"g", record(b"path", b"b"), flag=b"g"), member(b"a")),
    ),
    "a folder with bytes": ("differing headers", tar(member(b"d/", b"hidden", flag=b"5"))),
    "a link with bytes": ("differing headers", tar(member(b"l", b"hidden", flag=b"2", target=b"x"))),
    "another archive behind the end": ("hidden bytes", tar(member(b"a")) + tar(member(b"b"))),
    "no end": ("damaged", member(b"a", b"1")),
    "an end in the middle of a member": ("damaged", header(b"a", size=5000)),
    "a wrong sum": ("damaged", tar(member(b"a"), b"x" + member(b"b")[1:])),
    "a pax header that is none": ("damaged", tar(member(b"p", b"99 path=b\n", flag=b"x"), member(b"a"))),
    "a pax length that counts nothing": ("damaged", tar(member(b"p", b"0 a=b\n", flag=b"x"), member(b"a"))),
    "a pax size that is no number": (
        "damaged",
        tar(member(b"p", record(b"size", b"-1"), flag=b"x"), member(b"a")),
    ),
    "a pax header for nobody": ("damaged", tar(member(b"a"), member(b"p", record(b"path", b"b"), flag=b"x"))),
    "an endless pax header": ("bomb: size", header(b"p", flag=b"x", size=1 << 32)),
    "a name without end": (
        "name too long",
        tar(member(b"L", b"a" * 1025 + b"\0", flag=b"L"), member(b"a")),
    ),
    "folders without end": ("name too long", tar(member(b"L", b"a/" * 70 + b"a", flag=b"L"), member(b"a"))),
    "other bytes behind the stream": ("hidden bytes", gzip.compress(tar(member(b"a"))) + b"something"),
    "few other bytes behind the stream": ("hidden bytes", gzip.compress(tar(member(b"a"))) + b"x"),
    "a stream that ends too early": ("damaged", gzip.compress(tar(member(b"a", b"1" * 9000)))[:-9]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_tar_archive_is_refused_by_name(name: str, tmp_path: Path) -> None:
    refusal, data = CASES[name]

    with pytest.raises(SourceError, match=rf"refused \({refusal}"):
        opened(tmp_path, data)


def test_what_a_refusal_shows_cannot_steer_a_terminal(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        opened(tmp_path, tar(member(b"a\x1b[31m\r\nb")))

    assert str(caught.value).isprintable()


@pytest.mark.parametrize("packing", ["gz", "bz2", "xz"])
def test_a_stream_of_extreme_ratio_is_a_bomb(
    packing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "RATIO_FREE", 1 << 20)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=f"w:{packing}") as archive:  # type: ignore[call-overload]
        info = tarfile.TarInfo("zeros")
        info.size = 8 << 20
        archive.addfile(info, io.BytesIO(bytes(8 << 20)))

    with pytest.raises(SourceError, match=r"refused \(bomb: ratio\)"):
        opened(tmp_path, out.getvalue())


def test_what_unpacks_to_too_much_is_a_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNPACKED_BYTES_MAX", 4096)

    with pytest.raises(SourceError, match=r"refused \(bomb: size\)"):
        opened(tmp_path, gzip.compress(tar_of({"a": b"x" * 5000})))


def test_too_many_members_are_a_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MEMBERS_MAX", 10)

    with pytest.raises(SourceError, match=r"refused \(bomb: number\)"):
        opened(tmp_path, tar(*(member(b"%d" % number) for number in range(11))))


def test_too_many_folders_are_a_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "NODES_MAX", 10)

    with pytest.raises(SourceError, match=r"refused \(bomb: number\)"):
        opened(tmp_path, tar(member(b"a/b/c/d/e/f"), member(b"g/h/i/j/k")))


def test_too_many_streams_one_behind_the_other_are_a_bomb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "STREAMS_MAX", 3)

    with pytest.raises(SourceError, match=r"refused \(bomb: number\)"):
        opened(tmp_path, gzip.compress(tar(member(b"a"))) + gzip.compress(b"") * 3)


def test_links_that_take_too_many_steps_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LINK_STEPS_MAX", 10)

    with pytest.raises(SourceError, match=r"refused \(links without end\)"):
        opened(tmp_path, tar(member(b"l", flag=b"2", target=b"a/b/c/d/e/f/g/h/i/j/k")))


def test_an_xz_stream_that_asks_for_much_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "UNPACKING_MEMORY", 1 << 16)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:xz") as archive:
        archive.addfile(tarfile.TarInfo("a"))

    with pytest.raises(SourceError, match=r"refused \(bomb: memory\)"):
        opened(tmp_path, out.getvalue())


def test_streams_one_behind_the_other_are_one(tmp_path: Path) -> None:
    data = tar(member(b"a", b"1" * 100_000))
    halves = gzip.compress(data[:50_000]) + gzip.compress(data[50_000:]) + bytes(600)

    assert paths(opened(tmp_path, halves)) == ["a"]


def test_names_that_are_refused_nowhere_are_admitted(tmp_path: Path) -> None:
    got = opened(
        tmp_path,
        tar(
            member(b"./", flag=b"5"),
            member(b"./d/", flag=b"5"),
            member("./d/Főtanúsítvány.crt".encode(), b"1"),
            member(b"d/..hidden", b"2"),
            member(b"d/l", flag=b"2", target=b"../d/./..hidden"),
            member(b"d/h", flag=b"1", target=b"./d/..hidden"),
            member(b"x", b"3", prefix=b"long"),
            member(b"y", b"4", magic=b"ustar  \0", prefix=b"times, no prefix"),
        ),
    )

    assert paths(got) == ["d", "d/..hidden", "d/Főtanúsítvány.crt", "d/h", "d/l", "long/x", "y"]
    assert got.members[3].sha256 == got.members[1].sha256
