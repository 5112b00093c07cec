"""Version order against other people's programs: packaging, univers and dpkg."""

from __future__ import annotations

import random
import shutil
import subprocess
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from netproof.tables.version import sort_key

PAIRS = 400


def _order(one: Any, other: Any) -> int:
    return int(one > other) - int(one < other)


def _keys(one: str, other: str, scheme: str) -> int:
    one_key, other_key = sort_key(one, scheme), sort_key(other, scheme)
    assert one_key is not None, one
    assert other_key is not None, other
    return _order(one_key, other_key)


@cache
def _pep440() -> tuple[str, ...]:
    chance = random.Random(440)  # noqa: S311 - seeded, for test data
    return tuple(
        chance.choice(["", "", "1!"])
        + ".".join(str(chance.choice([0, 0, 1, 2, 10])) for _ in range(chance.randint(1, 4)))
        + chance.choice(["", "", "a1", "b2", "rc1", "rc10", "-alpha"])
        + chance.choice(["", "", ".post1", ".post", "-2"])
        + chance.choice(["", "", ".dev3", ".dev"])
        + chance.choice(["", "", "+5", "+abc", "+abc.5", "+abc.10"])
        for _ in range(PAIRS)
    )


@cache
def _semver() -> tuple[str, ...]:
    chance = random.Random(2)  # noqa: S311 - seeded, for test data
    return tuple(
        ".".join(str(chance.choice([0, 1, 2, 10])) for _ in range(3))
        + chance.choice(["", "", "-", "-"])
        .replace("-", "-" + ".".join(chance.choice(["alpha", "beta", "1", "2", "10", "rc", "x-y", "A"])
                                     for _ in range(chance.randint(1, 3))))
        for _ in range(PAIRS)
    )  # fmt: skip


@cache
def _debian() -> tuple[str, ...]:
    chance = random.Random(12)  # noqa: S311 - seeded, for test data
    signs = "0019ab.+~Z"
    return tuple(
        chance.choice(["", "", "", "1:"])
        + str(chance.randint(0, 2))
        + "".join(chance.choice(signs) for _ in range(chance.randint(0, 5)))
        + chance.choice(["", "-", "-"]).replace(
            "-", "-" + "".join(chance.choice(signs) for _ in range(chance.randint(1, 3)))
        )
        for _ in range(PAIRS)
    )


def test_pep440_agrees_with_packaging() -> None:
    version = pytest.importorskip("packaging.version", reason="package packaging is absent")
    wrong = [
        (one, other)
        for one, other in pairwise(_pep440())
        if _keys(one, other, "pep440") != _order(version.Version(one), version.Version(other))
    ]

    assert wrong == []


def test_python_versions_agree_with_univers() -> None:
    univers = pytest.importorskip("univers.versions", reason="package univers is absent")
    wrong = [
        (one, other)
        for one, other in pairwise(_pep440())
        if _keys(one, other, "pep440") != _order(univers.PypiVersion(one), univers.PypiVersion(other))
    ]

    assert wrong == []


def test_semantic_versions_agree_with_univers() -> None:
    univers = pytest.importorskip("univers.versions", reason="package univers is absent")
    wrong = [
        (one, other)
        for one, other in pairwise(_semver())
        if _keys(one, other, "semver") != _order(univers.SemverVersion(one), univers.SemverVersion(other))
    ]

    assert wrong == []


def test_debian_versions_agree_with_univers() -> None:
    univers = pytest.importorskip("univers.versions", reason="package univers is absent")
    wrong = [
        (one, other)
        for one, other in pairwise(_debian())
        if _keys(one, other, "debian") != _order(univers.DebianVersion(one), univers.DebianVersion(other))
    ]

    assert wrong == []


def test_debian_versions_agree_with_dpkg() -> None:
    dpkg = shutil.which("dpkg")
    if dpkg is None:
        pytest.skip("program dpkg is absent")
    versions = _debian()[:150]
    words = {-1: "lt", 0: "eq", 1: "gt"}
    wrong = [
        (one, other)
        for one, other in pairwise(versions)
        if subprocess.run(
            [dpkg, "--compare-versions", one, words[_keys(one, other, "debian")], other], check=False
        ).returncode
        != 0
    ]

    assert wrong == []


def test_vendor_styles_agree_with_univers_rpm_where_it_reads_them() -> None:
    univers = pytest.importorskip("univers.versions", reason="package univers is absent")
    versions = [
        "V100R005C00SPC100",
        "V100R019C10",
        "V100R019C10SPC200",
        "16.1R6.7",
        "19.4R3",
        "22.3",
        "22.3.7",
    ]
    wrong = [
        (one, other)
        for one in versions
        for other in versions
        if one[0] == other[0]
        and _keys(one, other, "generic") != _order(univers.RpmVersion(one), univers.RpmVersion(other))
    ]

    assert wrong == []
