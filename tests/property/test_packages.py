"""Laws of the readers of packages: hostile bytes end in a refusal, honest ones read as other programs read them."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import re
import tarfile
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netproof.errors import SourceError
from netproof.integrity.packages import Inventory, inventory
from netproof.integrity.packages.addresses import addresses
from netproof.integrity.packages.csar import check
from netproof.integrity.packages.keys import key_of_file, keys_in
from netproof.integrity.packages.services import services
from netproof.integrity.sbom import read_sbom
from tests.unit.integrity.packages.archives import (
    Packed,
    Zipped,
    deb_of,
    member,
    record,
    rpm_of,
    tar,
    zip_of,
    zipped,
)

FILES = {"usr/bin/x": b"http://a.example.com/" * 40, "etc/init.d/y": b"port = 22\n", "empty": b""}
TAR = tar(
    member(b"d/", flag=b"5"),
    member(b"p", record(b"path", b"d/long") + record(b"size", b"5"), flag=b"x"),
    member(b"a", b"12345"),
    member(b"L", b"d/other\0", flag=b"L"),
    member(b"b", b"1"),
    member(b"d/l", flag=b"2", target=b"long"),
    member(b"d/h", flag=b"1", target=b"d/long"),
)
SEEDS = {
    "tar": TAR,
    "tar.gz": gzip.compress(TAR, mtime=0),
    "tar.bz2": bz2.compress(TAR),
    "tar.xz": lzma.compress(TAR),
    "zip": zip_of(FILES),
    "zip with a link": zipped(Zipped(b"d/l", b"../x", mode=0o120777), Zipped(b"x", b"1" * 99, method=8)),
    "zip in zip": zip_of({"a.zip": zip_of(FILES), "b.tar": TAR}),
    "csar": zip_of({"TOSCA-Metadata/TOSCA.meta": b"Entry-Definitions: a\n", "a": b"1"}),
    "deb": deb_of({"control": b"Package: x\n"}, FILES),
    "rpm": rpm_of([Packed("/usr/a", b"123"), Packed("/usr/l", mode=0o120777, target="a")], {1024: "x"}),
}


def read(data: bytes) -> Inventory:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "package"
        path.write_bytes(data)
        return inventory(path)


@st.composite
def damaged(draw: st.DrawFn, seed: bytes) -> bytes:
    """A package with some bytes changed, cut, doubled or put in."""
    data = bytearray(seed)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        how = draw(st.sampled_from(["set", "flip", "cut", "double", "insert", "end"]))
        if how == "set":
            data[at : at + 1] = bytes([draw(st.sampled_from([0, 1, 0x2E, 0x2F, 0x7F, 0x80, 0xFF]))])
        elif how == "flip":
            data[at : at + 1] = bytes([data[at] ^ (1 << draw(st.integers(0, 7)))]) if data else b""
        elif how == "cut":
            del data[at : at + draw(st.integers(1, 64))]
        elif how == "double":
            data[at:at] = data[at : at + draw(st.integers(1, 600))]
        elif how == "insert":
            data[at:at] = draw(st.binary(min_size=1, max_size=8))
        else:
            del data[at:]
    return bytes(data)


@pytest.mark.parametrize("name", SEEDS)
def test_a_whole_package_is_read(name: str) -> None:
    assert read(SEEDS[name]).members


@pytest.mark.parametrize("name", SEEDS)
@settings(max_examples=150)
@given(data=st.data())
def test_a_damaged_package_ends_in_a_refusal_or_an_inventory(name: str, data: st.DataObject) -> None:
    broken = data.draw(damaged(SEEDS[name]))

    try:
        got = read(broken)
    except SourceError as error:
        assert str(error).isprintable()  # noqa: PT017 - either is right
    else:
        assert all(".." not in m.path.split("/") and not m.path.startswith("/") for m in got.members)


@settings(max_examples=300)
@given(
    start=st.sampled_from([b"PK\3\4", b"PK\5\6", b"!<arch>\ndebian-binary", b"\xed\xab\xee\xdb\3", b"\x1f\x8b\x08",
                           b"BZh9", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b""]),
    rest=st.binary(max_size=2000),
)  # fmt: skip
def test_what_only_begins_as_a_package_is_refused(start: bytes, rest: bytes) -> None:
    with pytest.raises(SourceError):
        read(start + rest)


NAMES = st.lists(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="/\\:"), min_size=1, max_size=60)
        .filter(lambda part: part not in (".", "..")),
        min_size=1, max_size=4,
    ).map("/".join),
    max_size=6,
)  # fmt: skip


@settings(max_examples=80)
@given(
    names=NAMES,
    form=st.sampled_from([tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]),
    packing=st.sampled_from(["", "gz", "xz"]),
)
def test_a_tar_archive_reads_as_python_reads_it(names: list[str], form: int, packing: str) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=f"w:{packing}", format=form, encoding="utf-8") as archive:  # type: ignore[call-overload]
        for number, name in enumerate(names):
            info = tarfile.TarInfo(name)
            info.size = number * 700
            archive.addfile(info, io.BytesIO(name.encode()[:1] * info.size))
    with tarfile.open(fileobj=io.BytesIO(out.getvalue()), encoding="utf-8") as archive:
        want = sorted((info.name, hashlib.sha256(_bytes(archive, info)).hexdigest()) for info in archive)

    _agrees(out.getvalue(), want)


def _bytes(archive: tarfile.TarFile, info: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(info)
    assert file is not None
    return file.read()


@settings(max_examples=80)
@given(names=NAMES)
def test_a_zip_archive_reads_as_python_reads_it(names: list[str]) -> None:
    data = zip_of({name: name.encode() * 50 for name in names})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        want = sorted((name, hashlib.sha256(archive.read(name)).hexdigest()) for name in archive.namelist())

    _agrees(data, want)


CLASHES = {"duplicate name", "case clash", "member below a file or link", "unknown format"}


def _agrees(data: bytes, want: list[tuple[str, str]]) -> None:
    """The inventory is what is wanted, or the names clash and the package is refused."""
    try:
        got = read(data)
    except SourceError as error:
        why = re.search(r"refused \(([a-z ]+)\)", str(error))
        assert why is not None
        assert why[1] in CLASHES
        return
    assert [(one.path, one.sha256) for one in got.members] == want


@settings(max_examples=300)
@given(
    st.one_of(
        st.binary(max_size=400),
        st.binary(max_size=120).map(lambda body: b"\x30\x81" + bytes([len(body)]) + body),
        st.binary(max_size=120).map(
            lambda body: b"-----BEGIN X KEY-----\n" + body + b"\n-----END X KEY-----"
        ),
        st.binary(max_size=90).map(lambda body: b"ssh-rsa AAAA" + body.hex().encode()),
    )
)
def test_looking_for_keys_never_fails(data: bytes) -> None:
    key_of_file(data, "x")
    list(keys_in(data, 0, len(data), "x"))


@settings(max_examples=200)
@given(
    st.one_of(st.binary(max_size=300), st.text("0123456789abcdef.:/-[]@ com", max_size=300).map(str.encode))
)
def test_looking_for_addresses_never_fails_and_what_is_found_is_there(data: bytes) -> None:
    for _, text in addresses(data, 0, len(data)):
        assert text.encode() in data


@given(
    st.sampled_from(["etc/x.conf", "etc/inetd.conf", "a/systemd/system/x.socket"]), st.binary(max_size=300)
)
def test_looking_for_services_never_fails(path: str, data: bytes) -> None:
    list(services(path, data))


@given(st.binary(max_size=300))
def test_the_metadata_of_a_csar_is_read_or_refused(data: bytes) -> None:
    try:
        check("x", data, frozenset())
    except SourceError as error:
        assert "refused" in str(error)  # noqa: PT017


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["name", "type", "version", "components", "hashes", "alg", "content", "metadata", "component",
                         "compositions", "aggregate", "assemblies", "packages", "SPDXID", "relationships"]),
        inner, max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=300)
@given(
    start=st.sampled_from([{"bomFormat": "CycloneDX", "specVersion": "1.6"}, {"spdxVersion": "SPDX-2.3"}]),
    rest=st.dictionaries(
        st.sampled_from(["components", "metadata", "compositions", "packages", "relationships"]), JSON
    ),
)
def test_a_bill_of_materials_is_read_or_refused(start: dict[str, object], rest: dict[str, object]) -> None:
    import json

    try:
        assert read_sbom("x", json.dumps(start | rest).encode()) is not None
    except SourceError as error:
        assert "expected" in str(error)  # noqa: PT017
