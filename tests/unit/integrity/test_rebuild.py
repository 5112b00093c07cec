"""Is a release what its source builds: what may differ is listed, the rest makes it different (attack 43)."""

from __future__ import annotations

import gzip
import io
import lzma
import os
import shutil
import struct
import subprocess
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from netproof.errors import SourceError
from netproof.integrity.rebuild import Comparison, Result, compare
from tests.unit.integrity.packages.archives import (
    Packed,
    header,
    member,
    record,
    rpm_of,
    tar,
    tar_of,
    zip_of,
)
from tests.unit.integrity.signatures.authority import cms_signature, holder

if TYPE_CHECKING:
    from pathlib import Path


def against(folder: Path, published: bytes, built: bytes) -> Comparison:
    """What comes of two files."""
    (folder / "published").write_bytes(published)
    (folder / "built").write_bytes(built)
    return compare(folder / "published", folder / "built")


def told(one: Comparison) -> list[tuple[str, tuple[str, ...]]]:
    """What was set aside, and of what."""
    return [(said.kind, said.paths) for said in one.normalised]


def stamped(files: dict[str, bytes], **said: object) -> bytes:
    """A tar archive whose members have these fields."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            for key, value in said.items():
                setattr(info, key, value)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def zipped(
    files: dict[str, bytes], *, day: int = 1, method: int = zipfile.ZIP_DEFLATED, note: bytes = b""
) -> bytes:
    """A zip archive whose members have this day, method and comment."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, (2026, 1, day, 0, 0, 0))
            info.comment = note
            archive.writestr(info, data, method)
    return out.getvalue()


FILES = {"bin/agent": b"\x7fELF agent" * 50, "etc/agent.conf": b"port = 4433\n"}
CONTROL = (
    b"Package: agent\nVersion: 1\nArchitecture: all\nMaintainer: A <a@b.example>\nDescription: An agent.\n"
)
BACK = dict(reversed(FILES.items()))


def test_the_same_bytes_are_identical_whatever_they_are(tmp_path: Path) -> None:
    got = against(tmp_path, b"no package at all", b"no package at all")

    assert (got.result, got.normalised, got.reason) == (Result.IDENTICAL, (), "")


def test_other_bytes_that_are_no_package_are_different(tmp_path: Path) -> None:
    got = against(tmp_path, b"image one", b"image two")

    assert got.result is Result.DIFFERENT
    assert got.reason == "published is no package whose members could be compared, and the bytes differ"


@pytest.mark.parametrize(
    ("published", "built", "want"),
    [
        (stamped(FILES, mtime=1), stamped(FILES, mtime=2), [("time", ("bin/agent", "etc/agent.conf"))]),
        (stamped(FILES, mtime=1.5), stamped(FILES, mtime=1), [("time", ("bin/agent", "etc/agent.conf"))]),
        (stamped(FILES, uid=0), stamped(FILES, uid=1000), [("owner", ("bin/agent", "etc/agent.conf"))]),
        (stamped(FILES, uname="root"), stamped(FILES), [("owner", ("bin/agent", "etc/agent.conf"))]),
        (stamped(FILES), stamped(BACK), [("order", ("",))]),
        (gzip.compress(stamped(FILES), mtime=1), gzip.compress(stamped(FILES), mtime=2), [("time", ("",))]),
        (gzip.compress(stamped(FILES), 1, mtime=0), gzip.compress(stamped(FILES), 9, mtime=0), [("form", ("",))]),
        (stamped(FILES), lzma.compress(stamped(FILES)), [("compression", ("",))]),
        (stamped(FILES), stamped(FILES) + bytes(512), [("container", ("",))]),
        (zipped(FILES), zipped(FILES, day=2), [("time", ("bin/agent", "etc/agent.conf"))]),
        (zipped(FILES), zipped(BACK), [("order", ("",))]),
    ],
    ids=["tar times", "fractions of seconds", "owner numbers", "owner names", "tar order", "gzip time", "gzip level",
         "codec", "filling", "zip times", "zip order"],
)  # fmt: skip
def test_what_headers_say_besides_is_set_aside_and_listed(
    tmp_path: Path, published: bytes, built: bytes, want: list[tuple[str, tuple[str, ...]]]
) -> None:
    got = against(tmp_path, published, built)

    assert (got.result, told(got)) == (Result.NORMALISED, want)
    assert all(one.sentence for one in got.normalised)


def test_members_compressed_otherwise_are_listed(tmp_path: Path) -> None:
    got = against(tmp_path, zipped(FILES), zipped(FILES, method=zipfile.ZIP_STORED))

    assert got.result is Result.NORMALISED
    assert ("compression", ("bin/agent", "etc/agent.conf")) in told(got)


def test_a_package_inside_is_compared_by_its_members(tmp_path: Path) -> None:
    inner, other = (
        gzip.compress(stamped(FILES, mtime=1), mtime=0),
        gzip.compress(stamped(FILES, mtime=2), mtime=0),
    )

    got = against(tmp_path, tar_of({"data.tar.gz": inner}), tar_of({"data.tar.gz": other}))

    assert got.result is Result.NORMALISED
    assert told(got) == [
        ("content", ("data.tar.gz",)),
        ("time", ("data.tar.gz!/bin/agent", "data.tar.gz!/etc/agent.conf")),
    ]


@pytest.mark.parametrize(
    ("published", "built", "path"),
    [
        (tar_of(FILES), tar_of(FILES | {"bin/agent": b"\x7fELF other"}), "bin/agent"),
        (tar_of(FILES | {"bin/more": b"x"}), tar_of(FILES), "bin/more"),
        (tar_of(FILES, {"bin/agent": 0o4755}), tar_of(FILES), "bin/agent"),
        (
            tar(member(b"a", b"1"), header(b"l", flag=b"2", target=b"a")),
            tar(member(b"a", b"1"), member(b"b", b"1"), header(b"l", flag=b"2", target=b"b")),
            "b",
        ),
        (
            tar_of({"in.tar": stamped(FILES)}),
            tar_of({"in.tar": stamped(FILES | {"etc/agent.conf": b"port = 1\n"})}),
            "in.tar!/etc/agent.conf",
        ),
    ],
    ids=["content", "a file more", "rights", "link", "content inside"],
)
def test_what_a_member_is_must_be_the_same(tmp_path: Path, published: bytes, built: bytes, path: str) -> None:
    got = against(tmp_path, published, built)

    assert got.result is Result.DIFFERENT
    assert path in [one.path for one in got.files]


@pytest.mark.parametrize(
    ("published", "built", "what"),
    [
        (zipped(FILES, note=b"run me"), zipped(FILES), "comment"),
        (zip_of(FILES), tar_of(FILES), "format"),
        (
            tar(header(b"x", flag=b"x", size=len(record(b"SCHILY.acl.access", b"user::rwx")))
                + record(b"SCHILY.acl.access", b"user::rwx").ljust(512, b"\0"), member(b"a", b"1")),
            tar(member(b"a", b"1")),
            "record SCHILY.acl.access",
        ),
    ],
    ids=["comment", "other format", "access list"],
)  # fmt: skip
def test_what_only_a_header_says_and_gives_power_is_never_set_aside(
    tmp_path: Path, published: bytes, built: bytes, what: str
) -> None:
    got = against(tmp_path, published, built)

    assert got.result is Result.DIFFERENT
    assert what in [one.what for one in got.headers]


def test_a_program_that_is_called_a_signature_is_not_set_aside(tmp_path: Path) -> None:
    got = against(tmp_path, tar_of(FILES | {"agent.sig": b"#!/bin/sh\nrm -rf /\n"}), tar_of(FILES))

    assert (got.result, [one.path for one in got.files]) == (Result.DIFFERENT, ["agent.sig"])


def test_a_detached_signature_is_set_aside_and_named(tmp_path: Path) -> None:
    signature = cms_signature(FILES["bin/agent"], [holder("Sample Networks")])

    got = against(tmp_path, tar_of(FILES | {"agent.cms": signature}), tar_of(FILES))

    assert (got.result, told(got)) == (Result.NORMALISED, [("signature", ("agent.cms",))])


def test_a_signature_with_content_of_its_own_is_not_set_aside(tmp_path: Path) -> None:
    signature = cms_signature(b"x", [holder("Sample Networks")], inside=b"a program")

    got = against(tmp_path, tar_of(FILES | {"agent.cms": signature}), tar_of(FILES))

    assert (got.result, [one.path for one in got.files]) == (Result.DIFFERENT, ["agent.cms"])


def rpm(seconds: int, *, name: str = "agent", payload: bytes = b"\x7fELF") -> bytes:
    """An RPM package that says when it was built and what it is called."""
    made = rpm_of([Packed("/usr/bin/agent", payload)])
    start = made.index(HEADER, made.index(HEADER) + 1)
    count, length = struct.unpack_from(">LL", made, start + 8)
    index, values = made[start + 16 : start + 16 + 16 * count], made[start + 16 + 16 * count :]
    added = b"".join(
        struct.pack(">LLLL", tag, kind, length + at, 1) for tag, kind, at in ((1006, 4, 0), (1000, 6, 4))
    )
    more = struct.pack(">L", seconds) + name.encode() + b"\0"
    head = HEADER + bytes(4) + struct.pack(">LL", count + 2, length + len(more))
    return made[:start] + head + index + added + values[:length] + more + values[length:]


HEADER = b"\x8e\xad\xe8\x01"


@pytest.mark.parametrize(
    ("built", "result", "aside", "headers"),
    [
        (rpm(2), Result.NORMALISED, [("time", ("",))], []),
        (rpm(1, name="other"), Result.DIFFERENT, [], ["tag 1000 (name)"]),
        (rpm(2, name="other"), Result.DIFFERENT, [("time", ("",))], ["tag 1000 (name)"]),
    ],
    ids=["time of the build", "another name", "both"],
)
def test_of_an_rpm_only_named_tags_may_differ(
    tmp_path: Path, built: bytes, result: Result, aside: list[tuple[str, tuple[str, ...]]], headers: list[str]
) -> None:
    got = against(tmp_path, rpm(1), built)

    assert (got.result, told(got), [one.what for one in got.headers]) == (result, aside, headers)


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="needs dpkg-deb")
def test_two_builds_by_dpkg_deb_are_the_same_but_for_times_and_compression(tmp_path: Path) -> None:
    (tmp_path / "tree/DEBIAN").mkdir(parents=True)
    (tmp_path / "tree/usr/bin").mkdir(parents=True)
    (tmp_path / "tree/DEBIAN/control").write_bytes(CONTROL)
    (tmp_path / "tree/usr/bin/agent").write_bytes(b"\x7fELF")
    for name, day, how in (("one", 1_700_000_000, "gzip"), ("two", 1_700_086_400, "xz")):
        build = ["dpkg-deb", f"-Z{how}", "--root-owner-group", "--build", "tree", f"{name}.deb"]
        os.utime(tmp_path / "tree/usr/bin/agent", (day, day))
        env = os.environ | {"SOURCE_DATE_EPOCH": str(day)}
        subprocess.run(build, cwd=tmp_path, env=env, check=True, capture_output=True)

    got = compare(tmp_path / "one.deb", tmp_path / "two.deb")

    assert got.result is Result.NORMALISED
    kinds = {one.kind for one in got.normalised}
    assert {"time", "compression"} <= kinds <= {"time", "compression", "form"}


def test_a_package_that_is_refused_is_not_compared(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="refused"):
        against(tmp_path, tar_of({"../up": b"1"}), tar_of(FILES))


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_bytes(b"x")

    for name, why in (
        ("folder", "Is a directory"),
        ("pipe", "a folder or a device"),
        ("none", "No such"),
    ):
        with pytest.raises(SourceError, match=why):
            compare(tmp_path / name, tmp_path / "file")


def test_a_sentence_for_the_log_is_short_and_plain(tmp_path: Path) -> None:
    many = {f"файл-{number:04}": b"x" for number in range(500)}

    (one,) = against(tmp_path, stamped(many, mtime=1), stamped(many, mtime=2)).normalised

    assert len(one.sentence) < 1000
    assert one.sentence.isascii()
    assert one.sentence.endswith("and 480 more")
