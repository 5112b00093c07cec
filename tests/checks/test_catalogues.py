"""Every catalogue that netproof ships: valid, sourced, mapped, neutral, shown."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import pytest

from netproof.catalogue.control import NAMESPACE, Control
from netproof.catalogue.loader import (
    DEFAULT_LIST,
    catalogue_ids,
    reference_tables,
    shipped_catalogue,
    shipped_checks,
)
from netproof.cli import catalogue as command
from netproof.demo.market import read_market
from netproof.oscal.read import read_document

MAKERS = (
    "huawei", "zte", "ericsson", "nokia", "samsung", "mavenir", "cisco", "juniper", "fujitsu", "hytera",
    "hikvision", "dahua", "kaspersky", "hisilicon", "alcatel", "siemens", "ciena", "adtran", "nec", "datang",
)  # fmt: skip
"""Makers that a text about networks might let slip in; no rule may name one."""

STATUSES = {"in_force", "contract", "draft", "proposal", "what_if", "repealed"}
CONTROLS = [(name, control) for name in catalogue_ids() for control in shipped_catalogue(name).controls]
IDS = [f"{name}: {control.id}" for name, control in CONTROLS]


@cache
def text_of(name: str) -> str:
    """Return the JSON text of a shipped catalogue."""
    return (resources.files("netproof.catalogue") / "controls" / f"{name}.json").read_text("utf-8")


def props_of(raw: Any) -> list[dict[str, str]]:
    """Return all props anywhere in a document."""
    if isinstance(raw, list):
        return [prop for item in raw for prop in props_of(item)]
    if isinstance(raw, dict):
        own: list[dict[str, str]] = raw.get("props", [])
        return own + [prop for key, item in raw.items() if key != "props" for prop in props_of(item)]
    return []


def test_the_german_rules_and_the_toolbox_are_there() -> None:
    wanted = {"de-tkg-2.0", "de-tkg", "de-tkg-2025-draft", "de-bsig", "de-contracts-2024", "eu-toolbox"}

    assert wanted <= set(catalogue_ids())


@pytest.mark.parametrize("name", catalogue_ids())
def test_a_catalogue_is_valid_by_the_official_schema(name: str) -> None:
    body = read_document(text_of(name), "catalog", place=name)

    assert body["metadata"]["oscal-version"] == "1.2.3"
    assert body["uuid"][14] == "5"


@pytest.mark.parametrize("name", catalogue_ids())
def test_a_catalogue_tells_its_legal_status_and_what_was_not_read(name: str) -> None:
    catalogue = shipped_catalogue(name)

    assert catalogue.legal_status in STATUSES
    assert len(catalogue.notes) >= 3


@pytest.mark.parametrize("name", catalogue_ids())
def test_every_prop_is_of_our_namespace_and_every_source_has_a_tag(name: str) -> None:
    props = props_of(json.loads(text_of(name)))

    assert {prop["ns"] for prop in props} == {NAMESPACE}
    assert {prop.get("class", "") for prop in props if prop["name"] == "source"} <= set("PSMD")
    assert {prop.get("class", "M") for prop in props if "remembered" in prop.get("remarks", "")} <= set("MSD")


def test_uuids_and_ids_are_unique_over_all_catalogues() -> None:
    ids = [control.id for _, control in CONTROLS]
    uuids = [json.loads(text_of(name))["catalog"]["uuid"] for name in catalogue_ids()]

    assert len(ids) == len(set(ids))
    assert len(uuids) == len(set(uuids))


@pytest.mark.parametrize("name", catalogue_ids())
def test_part_ids_are_unique(name: str) -> None:
    ids = re.findall(r'"id": "([^"]+_(?:smt|gdn|lim))"', text_of(name))

    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("name", "control"), CONTROLS, ids=IDS)
def test_a_requirement_has_status_dates_sources_and_tags(name: str, control: Control) -> None:
    days = [date.fromisoformat(day) for day in (control.valid_from, control.valid_to) if day]

    assert control.legal_status in STATUSES
    assert days == sorted(days)
    assert control.sources
    assert all(source.tag in set("PSMD") and source.url for source in control.sources)
    assert (control.legal_status != "repealed") or control.valid_to, name


@pytest.mark.parametrize(("name", "control"), CONTROLS, ids=IDS)
def test_what_no_check_decides_is_put_as_a_question(name: str, control: Control) -> None:
    assert control.checks or "?" in control.prose, name


@pytest.mark.parametrize("name", catalogue_ids())
def test_a_mapping_names_only_controls_and_checks_that_exist(name: str) -> None:
    text = (resources.files("netproof.catalogue") / "mappings" / f"{name}.toml").read_text("utf-8")
    mapped = {line.split(" = ")[0].strip('"') for line in text.splitlines() if " = [" in line}

    assert mapped == {control.id for control in shipped_catalogue(name).controls if control.checks}
    assert set(shipped_catalogue(name).check_ids()) <= shipped_checks().keys()


@pytest.mark.parametrize("name", catalogue_ids())
def test_no_catalogue_and_no_list_names_a_maker(name: str) -> None:
    made_up = [word for supplier in read_market().suppliers for word in supplier.name.lower().split()[:1]]
    rows = [field for table in reference_tables([name]) for row in table.rows for field in row]
    words = set(re.findall(r"[a-z]+", (text_of(name) + " ".join(rows)).lower()))

    assert words & {*MAKERS, *made_up} == set()


def test_a_catalogue_without_a_list_of_its_own_has_the_default_one() -> None:
    own = {table.file for table in reference_tables(["de-tkg-2025-draft"])}
    default = {table.file for table in reference_tables(["eu-toolbox"])}

    assert {file.partition("/")[0] for file in own} == {"de-tkg-2025-draft"}
    assert default == {table.file for table in reference_tables([DEFAULT_LIST])}
    assert len(reference_tables(["eu-toolbox", "de-tkg", DEFAULT_LIST])) == len(default)


def test_the_draft_adds_base_stations_and_keeps_the_rest() -> None:
    lists = {
        name: {row[4]: row[7] for table in reference_tables([name]) for row in table.rows if len(row) == 9}
        for name in (DEFAULT_LIST, "de-tkg-2025-draft")
    }
    added = lists["de-tkg-2025-draft"].keys() - lists[DEFAULT_LIST].keys()

    assert added == {"GNB", "GNB_DU", "GNB_CU", "O_RU", "ENB"}
    assert {lists["de-tkg-2025-draft"][function] for function in added} == {"none"}
    assert lists[DEFAULT_LIST].keys() <= lists["de-tkg-2025-draft"].keys()


def test_every_catalogue_is_listed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    command.list_catalogues()
    listed = capsys.readouterr().out

    for name in catalogue_ids():
        command.show(name)
        shown = capsys.readouterr().out
        assert f"{name}  " in listed
        assert all(control.id in shown for control in shipped_catalogue(name).controls)


def test_every_requirement_is_shown_by_its_id(capsys: pytest.CaptureFixture[str]) -> None:
    for _, control in CONTROLS:
        command.show(control.id)

        assert capsys.readouterr().out.startswith(f"{control.id}: {control.title}")
