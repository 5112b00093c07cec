from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from netproof.oscal.modify import modify
from tests.unit.oscal.small import Raw, control


def sample() -> Raw:
    return {
        "controls": [
            control(
                "a",
                params=[
                    {"id": "p1", "label": "old", "values": ["x"], "props": [{"name": "n", "value": "1"}]}
                ],
                props=[{"name": "level", "value": "1", "class": "k", "ns": "https://example.org"}],
                parts=[
                    {
                        "id": "a_smt",
                        "name": "statement",
                        "prose": "Do.",
                        "parts": [{"id": "a_1", "name": "item"}],
                    },
                    {"id": "a_gdn", "name": "guidance"},
                ],
                controls=[control("a.1", props=[{"name": "level", "value": "2"}])],
            )
        ]
    }


def changed(**directive: Any) -> tuple[Raw, list[str]]:
    before = sample()
    made = dict(before)
    notes: list[str] = []
    modify(made, [], directive, notes, "p")

    assert before == sample(), "what is shared is never changed"
    found: Raw = made["controls"][0]
    return found, notes


def added(**add: Any) -> Raw:
    return changed(alters=[{"control-id": "a", "adds": [add]}])[0]


def removed(**remove: Any) -> Raw:
    return changed(alters=[{"control-id": "a", "removes": [remove]}])[0]


def test_a_setting_replaces_values_and_words_and_adds_props() -> None:
    setting = {"param-id": "p1", "label": "new", "values": ["y"], "props": [{"name": "n", "value": "2"}]}

    found, notes = changed(**{"set-parameters": [setting]})

    assert found["params"] == [
        {
            "id": "p1",
            "label": "new",
            "values": ["y"],
            "props": [{"name": "n", "value": "1"}, {"name": "n", "value": "2"}],
        }
    ]
    assert notes == []


def test_a_choice_takes_the_place_of_values_and_settings_hold_in_order() -> None:
    settings = [{"param-id": "p1", "values": ["y"]}, {"param-id": "p1", "select": {"choice": ["q"]}}]

    found = changed(**{"set-parameters": settings})[0]["params"][0]

    assert ("values" in found, found["select"]) == (False, {"choice": ["q"]})


def test_what_is_not_there_is_told() -> None:
    notes = changed(
        **{
            "set-parameters": [{"param-id": "p9", "values": ["y"]}],
            "alters": [
                {"control-id": "z", "removes": [{"by-id": "x"}]},
                {
                    "control-id": "a",
                    "removes": [{"by-id": "x"}],
                    "adds": [{"by-id": "y", "props": [{"name": "n", "value": "1"}]}],
                },
            ],
        }
    )[1]

    assert notes == [
        "p: no parameter p9 to set",
        "p: no control z to alter",
        "p: alter a: nothing that a remove names is there",
        "p: alter a: nothing of id y to add to",
    ]


NEW = {"id": "new", "name": "item"}


@pytest.mark.parametrize(
    ("position", "want"),
    [
        ("starting", ["new", "a_smt", "a_gdn"]),
        ("before", ["new", "a_smt", "a_gdn"]),
        ("ending", ["a_smt", "a_gdn", "new"]),
        ("after", ["a_smt", "a_gdn", "new"]),
        (None, ["a_smt", "a_gdn", "new"]),
    ],
)
def test_an_addition_to_a_control_stands_at_its_start_or_end(position: str | None, want: list[str]) -> None:
    found = added(parts=[NEW], **({"position": position} if position else {}))

    assert [part["id"] for part in found["parts"]] == want


@pytest.mark.parametrize(
    ("position", "want"),
    [
        ("before", ["new", "a_smt", "a_gdn"]),
        ("after", ["a_smt", "new", "a_gdn"]),
    ],
)
def test_an_addition_by_id_stands_beside_its_target(position: str, want: list[str]) -> None:
    found = added(parts=[NEW], position=position, **{"by-id": "a_smt"})

    assert [part["id"] for part in found["parts"]] == want


@pytest.mark.parametrize(("position", "want"), [("starting", ["new", "a_1"]), ("ending", ["a_1", "new"])])
def test_an_addition_by_id_stands_inside_its_target(position: str, want: list[str]) -> None:
    found = added(parts=[NEW], position=position, **{"by-id": "a_smt"})

    assert [part["id"] for part in found["parts"][0]["parts"]] == want


def test_an_addition_of_another_kind_goes_where_its_kind_stands() -> None:
    found = added(props=[{"name": "new", "value": "1"}], title="T", position="after", **{"by-id": "a_1"})[
        "parts"
    ][0]

    assert found["props"] == [{"name": "new", "value": "1"}]
    assert "title" not in found


def test_an_addition_reaches_a_control_below() -> None:
    found = added(props=[{"name": "new", "value": "1"}], position="starting", **{"by-id": "a.1"})

    assert [p["name"] for p in found["controls"][0]["props"]] == ["new", "level"]


def test_a_title_takes_the_place_of_the_old() -> None:
    assert added(title="New")["title"] == "New"


def test_removal_by_name_reaches_every_depth() -> None:
    found = removed(**{"by-name": "level"})

    assert ("props" in found, "props" in found["controls"][0], "props" in found["params"][0]) == (
        False,
        False,
        True,
    )


@pytest.mark.parametrize(
    ("remove", "want"),
    [
        ({"by-name": "level", "by-class": "k"}, [False, True]),
        ({"by-name": "level", "by-class": "other"}, [True, True]),
        ({"by-ns": "https://example.org"}, [False, True]),
        ({"by-name": "level", "by-ns": "http://csrc.nist.gov/ns/oscal"}, [True, False]),
        ({"by-item-name": "prop"}, [False, False]),
        ({"by-item-name": "link"}, [True, True]),
        ({"by-name": "level", "by-item-name": "part"}, [True, True]),
        ({"remarks": "no criterion"}, [True, True]),
    ],
)
def test_a_removal_takes_only_what_meets_every_criterion(remove: Raw, want: list[bool]) -> None:
    found = removed(**remove)

    assert ["props" in found, "props" in found["controls"][0]] == want


def test_a_removal_by_id_takes_one_part_and_an_empty_list_goes_with_it() -> None:
    found = removed(**{"by-id": "a_1"})

    assert found["parts"][0] == {"id": "a_smt", "name": "statement", "prose": "Do."}


def test_removal_comes_before_addition() -> None:
    alter = {"control-id": "a", "removes": [{"by-item-name": "part"}], "adds": [{"parts": [NEW]}]}

    assert changed(alters=[deepcopy(alter)])[0]["parts"] == [NEW]
