"""Versions as vendors write them, ordered by hand, and what a range covers."""

from __future__ import annotations

from itertools import combinations

import pytest

from netproof.tables.version import covered_range, sort_key

# Each list ascends; the scheme comes first. Written from the vendors' public release lists.
ASCENDING: dict[str, tuple[str, list[str]]] = {
    "Huawei": (
        "generic",
        [
            "V100R005C00",
            "V100R005C00SPC100",
            "V100R005C10SPC310",
            "V100R015C10SPC190",
            "V100R019C10",
            "V100R019C10SPC200",
            "V100R019C10SPC200CP0001",
            "V200R001C00B012",
            "V200R001C00SPC100",
            "V500R020C00",
        ],
    ),
    "Ericsson R-states": (
        "rstate",
        ["R1A", "R1A01", "R1B", "R9A", "R9Z", "R9AA", "R9AB02", "R30A", "R30B10"],
    ),
    "Ericsson with product number": (
        "rstate",
        [
            "CXP9024418/15 R9Z",
            "CXP9024418/15 R9AA",
            "CXP9024418_15-R30B9",
            "CXP 902 4418/15 R30B10",
            "CXP9024418/15_R30B10/2",
        ],
    ),
    "preliminary R-states": ("rstate", ["P1A", "P1A02", "R1A", "P1B", "R1B", "P2A", "R2A"]),
    "quarters": ("generic", ["20.Q4", "21.Q1", "21.Q1.1", "21.Q2", "21.Q4", "21.Q4.2", "21.Q4.10", "22.Q1"]),
    "Nokia": (
        "generic",
        ["5G19", "5G19A", "5G19B", "5G20A", "5G20B", "5G21A", "5G21B"],
    ),
    "Nokia SBTS": ("generic", ["SBTS19B", "SBTS20A", "SBTS22R1", "SBTS22R2", "SBTS22R10", "SBTS23R1"]),
    "Juniper": (
        "generic",
        [
            "15.1R7-S9",
            "16.1R6",
            "16.1R6.7",
            "16.1R6.10",
            "16.1R7",
            "19.4R1",
            "19.4R3",
            "19.4R3-S2",
            "19.4R3-S10",
            "20.1R1-S4",
            "21.4R3-S1-EVO",
        ],
    ),
    "Juniper X": ("generic", ["12.3X48-D5", "12.3X48-D30", "12.3X48-D101", "15.1X49-D50", "15.1X49-D170.4"]),
    "Cisco": (
        "generic",
        [
            "12.4(24)T8",
            "15.2(4)M",
            "15.2(4)M1",
            "15.2(4)M9",
            "15.2(4)M10",
            "15.2(4)S7",
            "15.3(3)M2",
            "16.3.11",
            "16.9.8",
            "16.12.1",
            "16.12.1a",
            "16.12.1b",
            "16.12.10a",
        ],
    ),
    "semantic versions": (
        "semver",
        [
            "0.9.10",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "1.0.1-0",
            "1.0.1",
            "1.10.0",
        ],
    ),
    "PEP 440": (
        "pep440",
        [
            "1.0.dev456",
            "1.0a1",
            "1.0a2.dev456",
            "1.0a12.dev456",
            "1.0a12",
            "1.0b2.post345.dev456",
            "1.0b2.post345",
            "1.0rc1.dev456",
            "1.0rc1",
            "1.0",
            "1.0+abc.5",
            "1.0+abc.7",
            "1.0+5",
            "1.0.post456.dev34",
            "1.0.post456",
            "1.0.15",
            "1.1.dev1",
            "1!0.1",
        ],
    ),
    "Debian": (
        "debian",
        [
            "1.0~~",
            "1.0~~a",
            "1.0~beta1-1",
            "1.0~rc2-1",
            "1.0-0+nmu1",
            "1.0-1~bpo12+1",
            "1.0-1",
            "1.0-1+b1",
            "1.0-1+deb12u1",
            "1.0a-1",
            "1.0+dfsg-1",
            "1.0.1-1",
            "1.10-1",
            "1:0.9-1",
        ],
    ),
    "dotted and dates": (
        "generic",
        [
            "1",
            "1.0",
            "1.0.9",
            "1.0.10",
            "1.2",
            "1.10",
            "2.0-rc1",
            "2.0-rc2",
            "2.0",
            "2023-12-31",
            "2024-01-01",
        ],
    ),
}

PAIRS = [
    pytest.param(scheme, lower, higher, id=f"{lower} < {higher}")
    for scheme, versions in ASCENDING.values()
    for lower, higher in combinations(versions, 2)
]


def _key(version: str, scheme: str) -> str:
    key = sort_key(version, scheme)
    assert key is not None, f"{version} is not read as {scheme}"
    return key


def test_the_corpora_hold_at_least_550_pairs() -> None:
    assert len(PAIRS) >= 550


@pytest.mark.parametrize(("scheme", "lower", "higher"), PAIRS)
def test_the_later_version_has_the_greater_key(scheme: str, lower: str, higher: str) -> None:
    assert _key(lower, scheme) < _key(higher, scheme)


@pytest.mark.parametrize(
    ("scheme", "one", "other"),
    [
        ("generic", "22.03", "22.3"),
        ("generic", "v22.3", "22.3"),
        ("generic", "v100r019c10", "V100R019C10"),
        ("generic", " 22.3 ", "22.3"),
        ("rstate", "CXP9024418/15 R30B10", "R30B10"),
        ("semver", "1.2", "1.2.0"),
        ("semver", "1.2.3+build.7", "1.2.3"),
        ("pep440", "1.0.0", "1"),
        ("pep440", "1.0-rc.1", "1.0rc1"),
        ("pep440", "1.0-1", "1.0.post1"),
        ("pep440", "1.0+ubuntu-1", "1.0+ubuntu.1"),
        ("debian", "1.0", "0:1.0-0"),
        ("debian", "1.0a", "1.0a0"),
        ("debian", "1.001", "1.1"),
    ],
)
def test_two_writings_of_one_version_have_one_key(scheme: str, one: str, other: str) -> None:
    assert _key(one, scheme) == _key(other, scheme)


@pytest.mark.parametrize(
    ("scheme", "version"),
    [
        ("generic", ""),
        ("generic", "   "),
        ("generic", "unknown"),
        ("generic", "22.3\n"),
        ("generic", "22\x003"),
        ("generic", "２２.3"),
        ("generic", "1" * 201),
        ("rstate", "22.3"),
        ("rstate", "CXP9024418/15"),
        ("rstate", "R"),
        ("semver", "1.2.3.4"),
        ("semver", "1.2.3-"),
        ("semver", "1.2.3-a..b"),
        ("pep440", "1.0-final-x"),
        ("pep440", "R30A"),
        ("debian", "a:1.0"),
        ("debian", "x1.0"),
        ("debian", "1.0_1"),
        ("no such scheme", "1.0"),
    ],
)
def test_a_version_that_cannot_be_read_has_no_key(scheme: str, version: str) -> None:
    assert sort_key(version, scheme) is None


def test_a_number_of_any_length_counts() -> None:
    keys = [_key("1" * length, "generic") for length in range(1, 201)]

    assert keys == sorted(keys)


COVERED = [
    # scheme, (from, to, minor updates), covered, not covered
    (
        "generic",
        ("22.1", "22.3", False),
        ["22.1", "22.2.9", "22.3", "22.03"],
        ["22.0", "22.3.1", "22.3.7", "22.4"],
    ),
    (
        "generic",
        ("22.1", "22.3", True),
        ["22.1", "22.3.7", "22.3rc1"],
        ["22.1-rc1", "22.4", "22.30", "22.4-rc1"],
    ),
    ("generic", (None, "22.3", False), ["0.1", "V1", "22.3-rc1"], ["22.3.0"]),
    ("generic", ("22.3", None, False), ["22.3"], ["22.2", "22.3.7"]),
    ("generic", ("22.3", None, True), ["22.3", "22.3.7"], ["22.2.9", "22.30", "22.4"]),
    (
        "generic",
        ("V100R015C10", "V100R019C10", True),
        ["V100R015C10SPC190", "V100R019C10SPC200"],
        ["V100R019C11", "V100R019C100", "V100R020C00", "V100R015C00SPC900"],
    ),
    ("generic", ("16.1R1", "16.1R6", True), ["16.1R6.7", "16.1R6-S2"], ["16.1R7", "16.1R60"]),
    ("rstate", ("R9A", "R30B", True), ["R9AA", "R30B10", "CXP1/1 R30B2"], ["R30C", "R30BA", "R8Z", "R31A"]),
    ("rstate", ("CXP1/1 R9A", "CXP1/1 R9Z", False), ["R9Z"], ["R9Z1", "R9AA"]),
    ("semver", ("1.2.0", "1.4", True), ["1.2.0", "1.4.9", "1.4.0-rc.1"], ["1.2.0-rc.1", "1.5.0-0", "1.40.0"]),
    ("semver", ("1.2.0", "1.4", False), ["1.4.0", "1.4.0+b9"], ["1.4.1"]),
    ("pep440", ("1.0", "2.0", True), ["1.0", "2", "2.0.7", "2.0.post1"], ["2.1", "2.1.dev1", "1.0rc1"]),
    ("pep440", ("1.0", "2.0", False), ["2.0.0"], ["2.0.post1", "2.0.1"]),
    (
        "debian",
        ("1.0-1", "1.2", True),
        ["1.2-7", "1.2.9", "1.2~rc1", "1.2+dfsg-1"],
        ["1.3~rc1", "1.20", "1.0~rc1"],
    ),
    ("debian", ("1.0-1", "1.2-3", True), ["1.2-3", "1.2-3ubuntu1"], ["1.2-30", "1.2-4~bpo1", "1.2.1-1"]),
]


@pytest.mark.parametrize(("scheme", "bounds", "covered", "left_out"), COVERED)
def test_a_range_covers_what_the_certificate_says(
    scheme: str, bounds: tuple[str | None, str | None, bool], covered: list[str], left_out: list[str]
) -> None:
    low, high, minor = bounds
    from_key, upto_key = covered_range(low, high, scheme, minor)
    assert from_key is not None
    assert upto_key is not None
    got = [version for version in covered + left_out if from_key <= _key(version, scheme) < upto_key]

    assert got == covered


@pytest.mark.parametrize(
    ("low", "high", "scheme"),
    [
        (None, None, "generic"),
        ("22.1", "n/a", "generic"),
        ("n/a", "22.1", "generic"),
        ("", "22.1", "generic"),
        ("CXP9024418/15 R1A", "CXP9024418/6 R9A", "rstate"),
    ],
)
@pytest.mark.parametrize("minor", [False, True])
def test_a_range_that_cannot_be_read_covers_nothing(
    low: str | None, high: str | None, scheme: str, minor: bool
) -> None:
    assert covered_range(low, high, scheme, minor) == (None, None)
