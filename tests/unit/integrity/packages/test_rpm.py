"""RPM packages made byte by byte: header and payload must say the same, or the package is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from netproof.errors import SourceError
from tests.unit.integrity.packages.archives import Packed, opened, paths, rpm_of

if TYPE_CHECKING:
    from pathlib import Path

CASES = {
    "traversal": ("path traversal", rpm_of([Packed("/usr/../../x")])),
    "a control character": ("control or bidirectional", rpm_of([Packed("/usr/a\x07")])),
    "a name twice": ("duplicate name", rpm_of([Packed("/usr/a"), Packed("/usr/a")])),
    "a device": ("device", rpm_of([Packed("/dev/null", mode=0o020666)])),
    "a link that climbs out": (
        "link that leaves",
        rpm_of([Packed("/usr/l", mode=0o120777, target="../../x")]),
    ),
    "another size in the payload": ("differing headers", rpm_of([Packed("/usr/a", b"1", header={"size": 2})])),
    "another mode in the payload": (
        "differing headers",
        rpm_of([Packed("/usr/a", b"1", header={"mode": 0o100755})]),
    ),
    "another digest in the payload": (
        "differing headers",
        rpm_of([Packed("/usr/a", b"1", header={"digest": "0" * 64})]),
    ),
    "another target in the payload": (
        "differing headers",
        rpm_of([Packed("/usr/l", mode=0o120777, target="a", header={"target": "b"})]),
    ),
    "a file that the payload lacks": (
        "differing headers",
        rpm_of([Packed("/usr/a", b"1"), Packed("/usr/b", b"1", in_payload=False)]),
    ),
    "a file that is said to be made later": ("differing headers", rpm_of([Packed("/usr/a", b"1", flags=64)])),
    "hard links without bytes": (
        "differing headers",
        rpm_of([Packed("/usr/a", b"1", links=2, inode=7, whole=False)]),
    ),
    "other bytes behind the payload": ("hidden bytes", rpm_of([Packed("/usr/a", b"1")], behind=b"something")),
    "a payload that ends too early": ("damaged", rpm_of([Packed("/usr/a", bytes(range(256)))])[:-60]),
    "a header that is none": ("damaged", rpm_of([Packed("/usr/a")])[:96] + bytes(2000)),
    "an old version": ("unknown format", b"\xed\xab\xee\xdb\x01" + rpm_of([Packed("/usr/a")])[5:]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_an_rpm_package_is_refused_by_name(name: str, tmp_path: Path) -> None:
    refusal, data = CASES[name]

    with pytest.raises(SourceError, match=rf"refused \({refusal}"):
        opened(tmp_path, data)


def test_files_links_and_scripts_are_listed(tmp_path: Path) -> None:
    data = rpm_of(
        [
            Packed("/usr/bin", mode=0o040755),
            Packed("/usr/bin/su", b"12345", mode=0o104755),
            Packed("/usr/bin/l", mode=0o120777, target="/etc/alternatives/l"),
            Packed("/usr/bin/h1", b"linked", links=2, inode=9, whole=False),
            Packed("/usr/bin/h2", b"linked", links=2, inode=9),
            Packed("/var/log/x", flags=64, in_payload=False),
        ],
        {1024: "systemctl enable x"},
    )

    got = opened(tmp_path, data)

    assert got.form == "rpm"
    assert [(m.path, m.kind, m.mode, m.size) for m in got.members] == [
        ("RPM/postin", "file", None, 18),
        ("usr/bin", "folder", 0o755, 0),
        ("usr/bin/h1", "hard_link", 0o644, 6),
        ("usr/bin/h2", "file", 0o644, 6),
        ("usr/bin/l", "link", 0o777, 0),
        ("usr/bin/su", "file", 0o4755, 5),
    ]


def test_an_empty_package_is_one(tmp_path: Path) -> None:
    assert paths(opened(tmp_path, rpm_of([]))) == []
