"""NIST's and the BSI's own files: read, resolved, and compared with what NIST resolved itself."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from netproof.catalogue.control import catalogue_of
from netproof.catalogue.examples import example_for
from netproof.oscal.read import read_file
from netproof.oscal.resolve import resolve_file
from netproof.oscal.select import walk
from netproof.oscal.validate import validate

if TYPE_CHECKING:
    from pathlib import Path

REV5 = "NIST_SP-800-53_rev5"


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "oscal"


def test_every_official_file_is_valid(folder: Path) -> None:
    got = {path.name: read_file(path).kind for path in sorted(folder.glob("*.json"))}

    assert len(got) == 5
    assert {name: kind for name, kind in got.items() if kind == "profile"} == {
        f"{REV5}_HIGH-baseline_profile.json": "profile",
        f"{REV5}_LOW-baseline_profile.json": "profile",
    }


def test_the_low_baseline_is_nist_s_own_content_by_content_and_in_its_order(folder: Path) -> None:
    got = resolve_file(folder / f"{REV5}_LOW-baseline_profile.json").catalog
    want = json.loads((folder / f"{REV5}_LOW-baseline-resolved-profile_catalog.json").read_text("utf-8"))[
        "catalog"
    ]

    assert [c["id"] for c in walk(got)] == [c["id"] for c in walk(want)]
    assert [c["id"] for c, w in zip(walk(got), walk(want), strict=True) if c != w] == []
    assert got["groups"] == want["groups"]
    assert got["back-matter"] == want["back-matter"]
    assert set(got) == set(want)


def test_the_low_baseline_differs_from_nist_s_own_only_in_what_tells_of_the_making(folder: Path) -> None:
    got = resolve_file(folder / f"{REV5}_LOW-baseline_profile.json").catalog["metadata"]
    want = json.loads((folder / f"{REV5}_LOW-baseline-resolved-profile_catalog.json").read_text("utf-8"))
    theirs = want["catalog"]["metadata"]

    different = {key for key in {*got, *theirs} if got.get(key) != theirs.get(key)}
    assert different == {"last-modified", "links", "props", "oscal-version"}


@pytest.mark.parametrize(("name", "controls"), [("LOW", 149), ("HIGH", 370)])
def test_a_baseline_holds_what_it_names_and_is_valid(folder: Path, name: str, controls: int) -> None:
    path = folder / f"{REV5}_{name}-baseline_profile.json"
    profile = read_file(path).body
    wanted = {i for item in profile["imports"] for c in item["include-controls"] for i in c["with-ids"]}

    found = resolve_file(path)

    validate({"catalog": found.catalog}, "catalog", place="resolved")
    assert {c["id"] for c in walk(found.catalog)} == wanted
    assert len(wanted) == controls
    source = [c["id"] for c in walk(read_file(folder / f"{REV5}_catalog.json").body)]
    assert [c["id"] for c in walk(found.catalog)] == [i for i in source if i in wanted]
    assert [note.split(": ")[1] for note in found.notes] == [
        f"{REV5}_catalog.xml is not there; {REV5}_catalog.json beside it was read"
    ]


def test_a_profile_in_yaml_over_a_catalog_in_yaml_resolves_to_the_same(folder: Path, tmp_path: Path) -> None:
    profile = folder / f"{REV5}_LOW-baseline_profile.json"
    resolved = f"{REV5}_LOW-baseline-resolved-profile_catalog.json"
    as_yaml = tmp_path / "low.yaml"
    as_yaml.write_text(yaml.dump(json.loads(profile.read_text("utf-8")), Dumper=yaml.CSafeDumper), "utf-8")
    text = yaml.dump(json.loads((folder / resolved).read_text("utf-8")), Dumper=yaml.CSafeDumper)
    (tmp_path / f"{REV5}_catalog.yaml").write_text(text, "utf-8")
    shutil.copyfile(folder / resolved, tmp_path / "want.json")

    got = resolve_file(as_yaml).catalog

    assert got["groups"] == read_file(tmp_path / "want.json").body["groups"]


@pytest.mark.parametrize(
    ("file", "example", "mapped"),
    [
        (f"{REV5}_LOW-baseline_profile.json", "nist-sp800-53-sr", 5),
        (f"{REV5}_HIGH-baseline_profile.json", "nist-sp800-53-sr", 7),
        (f"{REV5}_catalog.json", "nist-sp800-53-sr", 17),
        ("BSI-Lieferkettensicherheit-resolved_catalog.json", "bsi-supply-chain", 21),
    ],
)
def test_the_worked_mappings_fit_the_catalogues_that_they_are_for(
    folder: Path, file: str, example: str, mapped: int
) -> None:
    found: dict[str, Any] = resolve_file(folder / file).catalog
    plain = catalogue_of("x", found, {})

    got = example_for(plain, found["metadata"])

    assert got is not None
    assert got.name == example
    known = {control.id for control in plain.controls}
    assert len(known & set(got.controls)) == mapped
    if file.endswith("_catalog.json"):
        assert set(got.controls) <= known
