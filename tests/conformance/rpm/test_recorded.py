"""RPM packages that other programs built read as they are meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from netproof.errors import SourceError
from netproof.integrity.packages import inventory

HERE = Path(__file__).parent
PACKINGS = sorted(path.name for path in HERE.glob("payload-test-*.rpm"))


@pytest.mark.parametrize("name", PACKINGS)
def test_one_package_in_every_packing_holds_the_same(name: str) -> None:
    got = inventory(HERE / name)

    assert [(m.path, m.kind, m.mode, m.size, m.sha256) for m in got.members] == [
        (
            "usr/share/payload-test.txt", "file", 0o644, 10,
            "8557122088c994ba8aa5540ccbb9a3d2d8ae2887046c2db23d65f40ae63abade",
        )
    ]  # fmt: skip


def test_other_builders_packages_are_read() -> None:
    old, nfpm = inventory(HERE / "simple-1.0.1-1.i386.rpm"), inventory(HERE / "test-1.0.0.x86_64.rpm")

    assert [(m.path, m.kind, m.size) for m in old.members] == [
        ("config", "file", 7), ("dir", "folder", 0), ("normal", "file", 7),
    ]  # fmt: skip
    assert [(m.path, m.size) for m in nfpm.members] == [("tmp/README.md", 11)]


@pytest.mark.parametrize("name", PACKINGS)
def test_a_real_package_that_ends_too_early_is_refused(name: str, tmp_path: Path) -> None:
    data = (HERE / name).read_bytes()
    (tmp_path / "cut.rpm").write_bytes(data[: len(data) - 40])

    with pytest.raises(SourceError, match=r"refused \(damaged\)"):
        inventory(tmp_path / "cut.rpm")
