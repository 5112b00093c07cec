"""RPM packages that other programs built read as they are meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from netproof.errors import SourceError
from netproof.integrity.packages import inventory
from netproof.integrity.rebuild import Result, compare

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


@pytest.mark.parametrize("name", [name for name in PACKINGS if "gzdio" not in name])
def test_two_packings_of_one_package_differ_in_their_names_and_in_what_unpacking_them_requires(
    name: str,
) -> None:
    got = compare(HERE / "payload-test-0.1-w9.gzdio.x86_64.rpm", HERE / name)

    differing = {one.what for one in got.headers}
    assert (got.result, got.files) == (Result.DIFFERENT, ())
    assert {"compression", "signature", "time"} <= {one.kind for one in got.normalised}
    named = {"tag 1002 (release)", "tag 1044 (source package)", "tag 1113 (provides, versions)"}
    required = {"tag 1048 (requires, flags)", "tag 1049 (requires)", "tag 1050 (requires, versions)"}
    assert named <= differing <= named | required


@pytest.mark.parametrize("name", PACKINGS)
def test_a_real_package_that_ends_too_early_is_refused(name: str, tmp_path: Path) -> None:
    data = (HERE / name).read_bytes()
    (tmp_path / "cut.rpm").write_bytes(data[: len(data) - 40])

    with pytest.raises(SourceError, match=r"refused \(damaged\)"):
        inventory(tmp_path / "cut.rpm")
