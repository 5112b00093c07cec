from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from netproof.oscal.read import read_bytes
from netproof.oscal.resolve import resolve_file
from netproof.oscal.select import walk
from tests.unit.oscal.small import Raw, catalog, outline, profile, write

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20)


@st.composite
def catalogs(draw: st.DrawFn) -> Raw:
    """A catalog of groups and controls, some below others; ids in an order of their own."""
    ids = iter(draw(st.permutations([f"c-{number}" for number in range(40)])))

    def controls(depth: int) -> list[Raw]:
        made = []
        for _ in range(draw(st.integers(0 if depth else 1, 3))):
            one: Raw = {"id": next(ids), "title": draw(TEXT)}
            if draw(st.booleans()):
                one["parts"] = [{"name": "statement", "prose": draw(TEXT)}]
            below = controls(depth + 1) if depth < 2 else []
            made.append({**one, "controls": below} if below else one)
        return made

    if draw(st.booleans()):
        return catalog(controls=controls(1) or [{"id": "only", "title": "Only"}])
    groups = [
        {"id": f"g-{n}", "title": draw(TEXT), "controls": controls(1)} for n in range(draw(st.integers(1, 3)))
    ]
    return catalog(
        groups=[
            g if g["controls"] else {**g, "controls": [{"id": f"x-{g['id']}", "title": "X"}]} for g in groups
        ]
    )


def resolved(body: Raw, *imports: Raw, **more: Any) -> Raw:
    with TemporaryDirectory() as name:
        write(Path(name), "catalog.json", "catalog", body)
        return resolve_file(write(Path(name), "p.json", "profile", profile(*imports, **more))).catalog


@given(catalogs())
def test_to_take_all_as_it_is_changes_nothing(body: Raw) -> None:
    got = resolved(body, {"href": "catalog.json"}, merge={"as-is": True})

    assert {key: got.get(key) for key in ("groups", "controls")} == {
        key: body.get(key) for key in ("groups", "controls")
    }


@given(catalogs(), st.data())
def test_what_is_chosen_keeps_the_catalog_s_order(body: Raw, data: st.DataObject) -> None:
    ids = [control["id"] for control in walk(body)]
    wanted = data.draw(st.lists(st.sampled_from(ids), min_size=1, unique=True))
    asked = {"href": "catalog.json", "include-controls": [{"with-ids": wanted}]}

    ways: list[Raw] = [{"as-is": True}, {"flat": {}}]
    for merge in ways:
        got = [control["id"] for control in walk(resolved(body, asked, merge=merge))]
        assert got == [name for name in ids if name in wanted]


@given(catalogs())
def test_use_first_makes_importing_twice_the_same_as_once(body: Raw) -> None:
    merge = {"combine": {"method": "use-first"}, "as-is": True}
    once = resolved(body, {"href": "catalog.json"}, merge=merge)
    twice = resolved(body, {"href": "catalog.json"}, {"href": "catalog.json"}, merge=merge)

    assert outline(twice) == outline(once)


@given(catalogs())
def test_json_and_yaml_say_the_same(body: Raw) -> None:
    as_yaml = yaml.safe_dump({"catalog": body}, allow_unicode=True).encode()

    assert (
        read_bytes(as_yaml, place="f").body
        == read_bytes(json.dumps({"catalog": body}).encode(), place="f").body
    )
