from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from netproof.errors import SourceError
from netproof.sources import read_network

if TYPE_CHECKING:
    from pathlib import Path


def settings(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "network.toml").write_text(text, "utf-8")
    return folder


def test_a_network_says_its_name_date_catalogues_and_parameters(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    text = (
        'name = "N"\ncountry = "DE"\nas_of = 2026-11-01\ncatalogues = ["a"]\nchecks = ["own"]\n'
        "[parameters.D-1]\nm = 2\n"
    )
    network = read_network(settings(tmp_path, text))

    assert (network.name, network.country, network.as_of) == ("N", "DE", date(2026, 11, 1))
    assert network.catalogues == ("a",)
    assert network.checks == ((tmp_path / "own").resolve(),)
    assert network.parameters == {"D-1": {"m": 2}}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = ", "expected TOML in UTF-8"),
        ("", "expected name, got nothing"),
        ("name = 3", "name: expected text, got 3"),
        ('name = "N"\nas_off = 2026-11-01', "expected a known setting, got 'as_off'"),
        ('name = "N"\nas_of = "2026-11-01"', "as_of: expected a date"),
        ('name = "N"\nas_of = 2026-11-01T00:00:00', "as_of: expected a date"),
        (
            'name = "N"\ncountry = "Germany"',
            "country: expected an ISO 3166-1 code of two letters, got 'Germany'",
        ),
        ('name = "N"\ncountry = "UK"', "country: expected an ISO 3166-1 code of two letters, got 'UK'"),
        ('name = "N"\ncatalogues = "a"', "catalogues: expected a list of texts"),
        ('name = "N"\nchecks = ["../other"]', "expected a folder inside"),
        ('name = "N"\nchecks = ["absent"]', "expected a folder, got 'absent'"),
        ('name = "N"\nparameters = 3', "parameters: expected a table for each check"),
        ('name = "N"\n[parameters.D-1]\nm = [1]', "parameters.D-1.m: expected one value"),
    ],
)
def test_settings_that_cannot_be_used_are_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_network(settings(tmp_path, text))
    assert words in str(caught.value)


@pytest.mark.parametrize("name", ["absent", "file.txt", "."])
def test_what_is_no_network_is_refused_with_a_hint(tmp_path: Path, name: str) -> None:
    (tmp_path / "file.txt").write_text("x", "utf-8")

    with pytest.raises(SourceError) as caught:
        read_network(tmp_path / name)
    assert caught.value.hint


def test_a_duckdb_file_takes_the_settings_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "n.duckdb"
    path.touch()

    assert read_network(path).name == "n"
    (tmp_path / "n.toml").write_text('name = "Beside"', "utf-8")
    assert read_network(path).name == "Beside"
