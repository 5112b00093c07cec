"""Which files an assessment rests on: all that it reads, by relative names, and nothing that it does not."""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING

import duckdb
import pytest

from netproof.errors import LogError, SourceError
from netproof.pipeline import seal_inputs
from netproof.pipeline.request import Request
from netproof.pipeline.seal import LogState, Recipe, outcome_of, read_recipe
from netproof.pipeline.seal_inputs import Input, by_table, inputs_of, inside, placed, rules_of, stated_rules
from netproof.pipeline.stages import plan
from netproof.tlog.canonical import canonical
from tests.sealing import network

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 11, 1)


def read(net: Path, *catalogues: str) -> dict[str, str]:
    """What each file of a network belongs to."""
    asked = plan(Request(path=net, as_of=DAY, catalogues=catalogues))
    return {one.path: one.table for one in inputs_of(net, asked, catalogues)}


def test_everything_that_is_read_is_named_and_nothing_else(tmp_path: Path) -> None:
    net = network(tmp_path / "net")
    for name in ("documents/a.pdf", "documents/deep/b.pdf", "trust/root.pem", "releases/policy", "notes.txt"):
        (net / name).parent.mkdir(exist_ok=True, parents=True)
        (net / name).write_bytes(name.encode())
    (net / "x_own.csv").write_text("a\n1\n")
    (net / "documents/link.pdf").symlink_to("/etc/hostname")
    os.mkfifo(net / "documents/pipe.pdf")

    assert read(net) == {
        "component.csv": "component",
        "documents/a.pdf": "documents",
        "documents/deep/b.pdf": "documents",
        "mine/OWN-001.sql": "checks",
        "mine/OWN-001.toml": "checks",
        "network.toml": "network.toml",
        "releases/policy": "releases",
        "trust/root.pem": "trust",
    }


def test_tables_in_one_file_are_that_file_with_its_settings(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / "net.duckdb") as connection:
        connection.execute("create table component as select 'C1' as component_id")
    (tmp_path / "net.toml").write_text('name = "Test"\n')

    assert read(tmp_path / "net.duckdb") == {"net.duckdb": "duckdb", "net.toml": "network.toml"}


def test_a_table_of_several_files_has_one_digest_that_knows_their_names() -> None:
    parts = [Input("site/1.csv", "site", "a" * 64, 1), Input("site/2.csv", "site", "b" * 64, 1)]
    swapped = [Input("site/1.csv", "site", "b" * 64, 1), Input("site/2.csv", "site", "a" * 64, 1)]

    assert by_table(parts[:1]) == [{"table": "site", "sha256": "a" * 64}]
    assert by_table(parts) == by_table(parts[::-1])
    assert by_table(parts) != by_table(swapped)


def test_a_device_in_a_tables_place_is_refused(tmp_path: Path) -> None:
    net = network(tmp_path / "net")
    asked = plan(Request(path=net, as_of=DAY))
    (net / "network.toml").unlink()
    os.mkfifo(net / "network.toml")

    with pytest.raises(SourceError, match="expected a file, got a folder or a device"):
        inputs_of(net, asked, ())


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    net = network(tmp_path / "net")
    monkeypatch.setattr(seal_inputs, "FILES_MAX", 2)

    with pytest.raises(SourceError, match="expected at most 2 files"):
        read(net)


def test_a_catalogue_is_named_within_the_folder_and_found_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    net = tmp_path / "net"
    (net / "own").mkdir(parents=True)
    (net / "own/mine.json").write_text("{}")
    (tmp_path / "mine.json").write_text("{}")
    monkeypatch.chdir(net / "own")

    assert inside(net, ["de-tkg-2.0", "mine.json"]) == ("de-tkg-2.0", "own/mine.json")
    monkeypatch.chdir(tmp_path)
    assert placed(net, ["de-tkg-2.0", "own/mine.json"]) == ("de-tkg-2.0", str(net / "own/mine.json"))
    for name in ("mine.json", "../mine.json", str(tmp_path / "mine.json")):
        with pytest.raises(SourceError, match="got one outside"):
            inside(net, [name])
        with pytest.raises(SourceError, match="got one outside"):
            placed(net, ["../mine.json"])


def test_rules_are_those_of_the_catalogues_and_restrictions_asked_for(tmp_path: Path) -> None:
    net = network(tmp_path / "net")
    asked = plan(
        Request(path=net, as_of=DAY, catalogues=("de-tkg-2.0",), restrictions=("uk-direction-2022",))
    )
    rules = rules_of(asked, ["de-tkg-2.0"])
    stated = stated_rules(asked, rules)

    assert {"controls/de-tkg-2.0.json", "mappings/de-tkg-2.0.toml"} <= rules["de-tkg-2.0"].keys()
    assert "restrictions/uk-direction-2022.csv" in rules["restrictions/uk-direction-2022"]
    assert any(name.startswith("checks/") and name.endswith(".sql") for name in rules["de-tkg-2.0"])
    assert [(one["id"], one["version"]) for one in stated["catalogues"]] == [("de-tkg-2.0", "2.0")]
    assert [one["id"] for one in stated["restrictions"]] == ["uk-direction-2022"]


def test_a_recipe_reads_back_as_it_was() -> None:
    log = LogState("log.example", 7, "ab" * 32)
    renewed = LogState("log.example", 7, "ab" * 32, 1_793_000_000, "cd" * 32)

    for state in (None, log, renewed):
        recipe = Recipe(
            "0.1.0",
            DAY,
            ("de-tkg-2.0",),
            ("a",),
            {"de-tkg-2.0": {"a": "b"}},
            (Input("a", "b", "c", 1),),
            state,
        )
        assert read_recipe(recipe.encode()) == recipe


@pytest.mark.parametrize(
    "values",
    [
        {"v": 2},
        {"v": 1},
        {"v": 1, "netproof": "1", "as_of": "2026-13-01"},
        [],
        {"v": 1, "netproof": "1", "as_of": "2026-11-01", "catalogues": [], "restrictions": [], "rules": []},
        {"v": 1, "netproof": "1", "as_of": "2026-11-01", "catalogues": [], "restrictions": [], "rules": {},
         "files": [{"path": "a"}]},
    ],
)  # fmt: skip
def test_what_is_no_recipe_is_refused(values: object) -> None:
    with pytest.raises(LogError, match="recipe: expected"):
        read_recipe(canonical(values))


def test_the_outcome_is_the_worst_of_checks_and_requirements() -> None:
    none = dict.fromkeys(("error", "fail", "no_evidence", "needs_review", "pass", "not_applicable"), 0)

    def told(checks: dict[str, int], requirements: dict[str, int]) -> str:
        return outcome_of({"summary": {"checks": none | checks, "requirements": none | requirements}})

    assert told({"pass": 3}, {"needs_review": 1}) == "needs_review"
    assert told({"error": 1, "fail": 2}, {}) == "error"
    assert told({}, {}) == "not_applicable"
