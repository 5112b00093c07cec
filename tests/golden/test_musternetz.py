"""The example operator: the checks find exactly what was planted, and its files stay the same."""

from __future__ import annotations

import tomllib
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from netproof.demo import write
from tests.assessing import assessed, findings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.golden.conftest import Golden


CATALOGUES = ("de-tkg-2.0", "eu-toolbox")
"""Together they ask every check; base stations are asked for by the toolbox alone."""


@pytest.fixture(scope="module")
def musternetz(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example") / "musternetz"
    write(folder)
    return folder


def planted(folder: Path) -> set[tuple[str, str, str]]:
    """What planted.toml says must be found, as (check, subject, outcome)."""
    faults = tomllib.loads((folder / "planted.toml").read_text("utf-8"))["fault"]
    return {(fault["check"], name, fault["outcome"]) for fault in faults for name in fault["subjects"]}


def test_the_checks_find_exactly_what_was_planted(musternetz: Path) -> None:
    got = findings(assessed(musternetz, date(2026, 11, 1), catalogues=CATALOGUES))

    assert sorted(got) == sorted(planted(musternetz))


@pytest.mark.parametrize(("sites", "seed"), [(100, 1), (640, 99)])
def test_other_networks_have_their_planted_faults_too(tmp_path: Path, sites: int, seed: int) -> None:
    write(tmp_path / "net", sites=sites, seed=seed, format="parquet")

    got = findings(assessed(tmp_path / "net", date(2026, 11, 1), catalogues=CATALOGUES))

    assert sorted(got) == sorted(planted(tmp_path / "net"))


def test_the_example_has_no_broken_rows(musternetz: Path) -> None:
    told = assessed(musternetz, date(2026, 11, 1))

    assert (told["import_issues"]["total"], told["data_issues"]["total"]) == (0, 0)


def test_the_example_is_the_same_on_every_machine(musternetz: Path, golden: Golden) -> None:
    lines = [
        f"{sha256(path.read_bytes()).hexdigest()}  {path.relative_to(musternetz).as_posix()}\n"
        for path in sorted(musternetz.rglob("*"))
        if path.is_file()
    ]

    golden("musternetz.sha256", "".join(lines))
