"""Debian packages: what is read of them, what is refused, and that dpkg-deb reads the same."""

from __future__ import annotations

import bz2
import io
import lzma
import shutil
import subprocess
import tarfile
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from netproof.errors import SourceError
from tests.unit.integrity.packages.archives import ar, deb_of, member, opened, paths, tar, tar_gz

if TYPE_CHECKING:
    from pathlib import Path

CONTROL = {
    "control": b"Package: x\nVersion: 1\nArchitecture: all\nMaintainer: A <a@b.example>\nDescription: d\n"
}
VERSION = (b"debian-binary", b"2.0\n")
FIRST = (b"control.tar.gz", tar_gz(CONTROL))

CASES = {
    "another version": ("unknown format", ar((b"debian-binary", b"9.0\n"), FIRST, (b"data.tar", tar()))),
    "no data": ("damaged", ar(VERSION, FIRST)),
    "data before control": ("unknown kind", ar(VERSION, (b"data.tar", tar()), FIRST)),
    "data twice": ("unknown kind", ar(VERSION, FIRST, (b"data.tar", tar()), (b"data.tar", tar()))),
    "a part that nobody knows": ("unknown kind", ar(VERSION, (b"evil", b""), FIRST, (b"data.tar", tar()))),
    "a packing that nobody knows": ("unknown kind", ar(VERSION, (b"control.tar.rar", b""))),
    "a header that is none": ("damaged", ar(VERSION, FIRST)[:-30]),
    "traversal": ("path traversal", ar(VERSION, FIRST, (b"data.tar", tar(member(b"./../x"))))),
    "an absolute name": ("absolute path", ar(VERSION, FIRST, (b"data.tar", tar(member(b"/etc/x"))))),
    "absolute in control": ("absolute path", ar(VERSION, (b"control.tar", tar(member(b"/etc/x"))))),
    "a file over the control file": (
        "duplicate name",
        ar(VERSION, FIRST, (b"data.tar", tar(member(b"DEBIAN/control")))),
    ),
    "a link that climbs out": (
        "link that leaves",
        ar(VERSION, FIRST, (b"data.tar", tar(member(b"l", flag=b"2", target=b"../x")))),
    ),
    "a device": ("device", ar(VERSION, FIRST, (b"data.tar", tar(member(b"dev/null", flag=b"3"))))),
    "other bytes behind data": ("hidden bytes", ar(VERSION, FIRST, (b"data.tar.gz", tar_gz({"a": b""}) + b"x"))),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_debian_package_is_refused_by_name(name: str, tmp_path: Path) -> None:
    refusal, data = CASES[name]

    with pytest.raises(SourceError, match=rf"refused \({refusal}"):
        opened(tmp_path, data)


def test_files_and_scripts_are_listed(tmp_path: Path) -> None:
    data = deb_of(CONTROL | {"postinst": b"#!/bin/sh\n"}, {"usr/bin/x": b"1"}, {"usr/bin/x": 0o4755})

    got = opened(tmp_path, data)

    assert got.form == "deb"
    assert [(m.path, m.mode) for m in got.members] == [
        ("DEBIAN/control", 0o644), ("DEBIAN/postinst", 0o644), ("usr/bin/x", 0o4755),
    ]  # fmt: skip


def test_case_tells_names_apart_and_links_start_at_the_root_on_linux(tmp_path: Path) -> None:
    data = tar(member(b"./a"), member(b"./A"), member(b"./l", flag=b"2", target=b"/etc/alternatives/x"))

    got = opened(tmp_path, ar(VERSION, FIRST, (b"data.tar", data)))

    assert paths(got) == ["A", "DEBIAN/control", "a", "l"]


def packed(how: str, data: bytes) -> bytes:
    """Bytes in the packing of a name's end."""
    if how == ".zst":
        return bytes(pa.Codec("zstd").compress(data, asbytes=True))
    if how == ".lzma":
        return lzma.compress(data, lzma.FORMAT_ALONE)
    if how == ".xz":
        return lzma.compress(data)
    return bz2.compress(data) if how == ".bz2" else data


@pytest.mark.parametrize("how", ["", ".xz", ".zst", ".bz2", ".lzma"])
def test_every_packing_is_read(how: str, tmp_path: Path) -> None:
    data = tar(member(b"./big", b"0123456789" * 300_000), member(b"./small", b"1"))

    got = opened(tmp_path, ar(VERSION, FIRST, (b"data.tar" + how.encode(), packed(how, data))))

    assert [(m.path, m.size) for m in got.members][1:] == [("big", 3_000_000), ("small", 1)]


@pytest.mark.parametrize("how", [".xz", ".zst", ".bz2", ".lzma"])
def test_every_packing_that_ends_too_early_is_refused(how: str, tmp_path: Path) -> None:
    data = packed(how, tar(member(b"./big", bytes(range(256)) * 4000)))

    with pytest.raises(SourceError, match=r"refused \(damaged\)"):
        opened(tmp_path, ar(VERSION, FIRST, (b"data.tar" + how.encode(), data[: len(data) // 2])))


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="needs dpkg-deb")
def test_dpkg_deb_reads_the_same(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "DEBIAN").mkdir(parents=True)
    (root / "DEBIAN" / "control").write_bytes(CONTROL["control"])
    (root / "usr" / "bin").mkdir(parents=True)
    (root / "usr" / "bin" / "x").write_bytes(b"1" * 5000)
    (root / "usr" / "bin" / "y").symlink_to("x")
    (root / "usr" / "bin" / "z").hardlink_to(root / "usr" / "bin" / "x")
    package = tmp_path / "x.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-b", root, package], check=True, capture_output=True)
    files = subprocess.run(["dpkg-deb", "--fsys-tarfile", package], check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(files)) as archive:
        want = sorted(name for info in archive if (name := info.name.removeprefix(".").lstrip("/")))

    got = opened(tmp_path, package.read_bytes())

    assert [path for path in paths(got) if not path.startswith("DEBIAN")] == want
    assert {m.path: m.kind for m in got.members}["usr/bin/z"] == "hard_link"
