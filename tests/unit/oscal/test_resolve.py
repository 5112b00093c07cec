from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from netproof.errors import CatalogueError
from netproof.oscal.resolve import Resolved, resolve_file
from netproof.oscal.validate import validate
from tests.unit.oscal.small import UUID, Raw, catalog, control, outline, profile, write

if TYPE_CHECKING:
    from pathlib import Path

AS_IS: Raw = {"merge": {"as-is": True}}


def resolved(folder: Path, *imports: Raw, source: Raw | None = None, **more: Any) -> Resolved:
    write(folder, "catalog.json", "catalog", source or catalog())
    found = resolve_file(write(folder, "profile.json", "profile", profile(*imports, **more)))
    validate({"catalog": found.catalog}, "catalog", place="result")
    return found


def imported(**more: Any) -> Raw:
    return {"href": "catalog.json", **more}


def test_a_catalog_resolves_to_itself(tmp_path: Path) -> None:
    body = catalog()

    assert resolve_file(write(tmp_path, "c.json", "catalog", body)).catalog == body


@pytest.mark.parametrize(
    ("asked", "want"),
    [
        ({"include-all": {}}, ["a", ["a-1", ["a-1.1", "a-1.2"], "a-2"], "b", ["b-1"]]),
        ({"include-controls": [{"with-ids": ["a-2", "a-1"]}]}, ["a", ["a-1", "a-2"]]),
        ({"include-controls": [{"with-ids": ["a-1.2"]}]}, ["a", ["a-1.2"]]),
        (
            {"include-controls": [{"with-ids": ["a-1"], "with-child-controls": "yes"}]},
            ["a", ["a-1", ["a-1.1", "a-1.2"]]],
        ),
        ({"include-controls": [{"matching": [{"pattern": "a-1*"}]}]}, ["a", ["a-1", ["a-1.1", "a-1.2"]]]),
        ({"include-controls": [{"matching": [{"pattern": "?-2"}]}]}, ["a", ["a-2"]]),
        (
            {"include-all": {}, "exclude-controls": [{"with-ids": ["a-1"]}]},
            ["a", ["a-1.1", "a-1.2", "a-2"], "b", ["b-1"]],
        ),
        (
            {
                "include-all": {},
                "exclude-controls": [{"with-ids": ["a-1"], "with-child-controls": "yes"}],
            },
            ["a", ["a-2"], "b", ["b-1"]],
        ),
        (
            {
                "include-controls": [{"with-ids": ["a-2", "b-1"]}],
                "exclude-controls": [{"matching": [{"pattern": "a*"}]}],
            },
            ["b", ["b-1"]],
        ),
    ],
)
def test_an_import_chooses_what_it_names_in_the_catalog_s_order(
    tmp_path: Path, asked: Raw, want: list[Any]
) -> None:
    assert outline(resolved(tmp_path, imported(**asked), **AS_IS).catalog) == want


def test_an_id_that_the_catalog_does_not_have_is_told(tmp_path: Path) -> None:
    found = resolved(tmp_path, imported(**{"include-controls": [{"with-ids": ["a-2", "a-9"]}]}), **AS_IS)

    assert found.notes == ("profile.json:/profile/imports/0: no control a-9 to choose",)


def test_without_merge_there_are_no_groups_and_nothing_below_a_control(tmp_path: Path) -> None:
    assert outline(resolved(tmp_path, imported()).catalog) == ["a-1", "a-1.1", "a-1.2", "a-2", "b-1"]


def test_groups_of_one_catalog_that_two_imports_share_become_one(tmp_path: Path) -> None:
    first = imported(**{"include-controls": [{"with-ids": ["a-2"]}]})
    second = imported(**{"include-controls": [{"with-ids": ["a-1", "b-1"]}]})

    assert outline(resolved(tmp_path, first, second, **AS_IS).catalog) == ["a", ["a-2", "a-1"], "b", ["b-1"]]


def twice(method: str | None) -> Raw:
    combine: Raw = {"combine": {"method": method}} if method else {}
    return {"merge": {**combine, "flat": {}}}


def clash(tmp_path: Path, method: str | None) -> Resolved:
    other = catalog(
        controls=[control("a-2", title="Another", props=[{"name": "x", "value": "y"}]), control("c-1")]
    )
    write(tmp_path, "other.json", "catalog", other)
    first = imported(**{"include-controls": [{"with-ids": ["a-2"]}]})
    return resolved(tmp_path, first, {"href": "other.json"}, **twice(method))


@pytest.mark.parametrize("method", [None, "keep"])
def test_keep_keeps_both_of_a_clash_and_says_so(tmp_path: Path, method: str | None) -> None:
    found = clash(tmp_path, method)

    assert outline(found.catalog) == ["a-2", "a-2", "c-1"]
    assert found.notes == ("profile.json: control a-2 comes more than once; use-first keeps one",)


def test_use_first_keeps_the_first(tmp_path: Path) -> None:
    found = clash(tmp_path, "use-first")

    assert outline(found.catalog) == ["a-2", "c-1"]
    assert found.catalog["controls"][0]["title"] == "Control a-2"
    assert found.notes == ()


def test_merge_puts_together_what_both_have(tmp_path: Path) -> None:
    found = clash(tmp_path, "merge").catalog

    assert outline(found) == ["a-2", "c-1"]
    assert found["controls"][0] == control("a-2", props=[{"name": "x", "value": "y"}])


def test_a_custom_merge_makes_its_own_groups_in_their_own_order(tmp_path: Path) -> None:
    custom = {
        "groups": [
            {
                "id": "new",
                "title": "New",
                "groups": [
                    {
                        "id": "a",
                        "title": "Mine",
                        "insert-controls": [{"include-controls": [{"with-ids": ["b-1"]}]}],
                    }
                ],
            },
            {
                "title": "No id",
                "insert-controls": [
                    {"order": "descending", "include-controls": [{"matching": [{"pattern": "a-*"}]}]}
                ],
            },
        ],
        "insert-controls": [{"include-all": {}}],
    }
    found = resolved(tmp_path, imported(), merge={"custom": custom}).catalog

    assert outline(found) == ["new", ["a", ["b-1"]], None, ["a-2", "a-1", ["a-1.2", "a-1.1"]]]
    assert found["groups"][0]["groups"][0]["title"] == "Mine"


def test_a_parameter_of_a_control_left_out_stays_where_it_is_inserted(tmp_path: Path) -> None:
    source = catalog(
        controls=[
            control("a", params=[{"id": "p1", "label": "how often"}, {"id": "p2", "label": "unused"}]),
            control("b", parts=[{"name": "statement", "prose": "Do it {{ insert: param, p1 }}."}]),
        ]
    )
    setting = {"modify": {"set-parameters": [{"param-id": "p1", "values": ["daily"]}]}}
    found = resolved(
        tmp_path, imported(**{"include-controls": [{"with-ids": ["b"]}]}), source=source, **setting
    )

    assert found.catalog["params"] == [{"id": "p1", "label": "how often", "values": ["daily"]}]
    assert found.notes == ()


def test_resources_stay_where_something_names_them(tmp_path: Path) -> None:
    source = catalog(controls=[control("a", links=[{"href": "#" + UUID.format(7), "rel": "reference"}])])
    source["back-matter"] = {
        "resources": [
            {"uuid": UUID.format(6), "title": "unused"},
            {"uuid": UUID.format(7), "title": "used"},
            {"uuid": UUID.format(8), "title": "kept", "props": [{"name": "keep", "value": "always"}]},
        ]
    }
    found = resolved(tmp_path, imported(), source=source).catalog

    assert [r["title"] for r in found["back-matter"]["resources"]] == ["used", "kept"]


def test_the_same_files_give_the_same_catalog_and_the_result_says_what_made_it(tmp_path: Path) -> None:
    first, second = resolved(tmp_path, imported()).catalog, resolved(tmp_path, imported()).catalog

    assert first == second
    assert first["metadata"]["links"] == [{"href": "profile.json", "rel": "source-profile"}]
    assert first["metadata"]["oscal-version"] == "1.2.3"


def test_a_profile_of_profiles_is_resolved_from_the_bottom_up(tmp_path: Path) -> None:
    write(tmp_path, "deep/catalog.json", "catalog", catalog())
    lower = profile({"href": "catalog.json", "exclude-controls": [{"with-ids": ["a-2"]}]}, **AS_IS)
    write(tmp_path, "deep/lower.json", "profile", lower)
    upper = profile({"href": "deep/lower.json", "include-controls": [{"matching": [{"pattern": "a-*"}]}]})

    found = resolve_file(write(tmp_path, "upper.json", "profile", {**upper, **AS_IS}))

    assert outline(found.catalog) == ["a", ["a-1", ["a-1.1", "a-1.2"]]]


def by_resource(**resource: Any) -> Raw:
    found = {"uuid": UUID.format(9), **resource}
    return profile({"href": "#" + UUID.format(9)}, **{"back-matter": {"resources": [found]}}, **AS_IS)


def test_an_import_by_resource_takes_the_first_link_that_is_there(tmp_path: Path) -> None:
    write(tmp_path, "catalog.json", "catalog", catalog())
    links = [{"href": "https://example.org/catalog.json"}, {"href": "catalog.json"}]

    found = resolve_file(write(tmp_path, "p.json", "profile", by_resource(rlinks=links)))

    assert outline(found.catalog)[0] == "a"


def test_an_import_may_stand_in_the_profile_itself(tmp_path: Path) -> None:
    text = base64.b64encode(json.dumps({"catalog": catalog()}).encode()).decode()

    found = resolve_file(write(tmp_path, "p.json", "profile", by_resource(base64={"value": text})))

    assert outline(found.catalog)[0] == "a"


def test_a_file_that_stands_there_in_another_format_is_taken_and_told(tmp_path: Path) -> None:
    write(tmp_path, "catalog.json", "catalog", catalog())

    found = resolve_file(write(tmp_path, "p.json", "profile", profile({"href": "catalog.xml"})))

    assert found.notes == (
        "p.json:/profile/imports/0/href: catalog.xml is not there; catalog.json beside it was read",
    )


@pytest.mark.parametrize(
    ("href", "words"),
    [
        ("nowhere.json", "expected a file, got none of that name: 'nowhere.json'"),
        ("../catalog.json", "expected a file inside the profile's folder"),
        ("%2e%2e/catalog.json", "expected a file inside the profile's folder"),
        ("/etc/hostname", "expected a file inside the profile's folder"),
        ("https://example.org/catalog.json", "expected a file in the profile's folder"),
        ("file:///etc/hostname", "expected a file in the profile's folder"),
        ("//example.org/catalog.json", "expected a file in the profile's folder"),
        ("x%00.json", "expected a file's name"),
        ("#" + UUID.format(5), "expected a resource of the back-matter"),
        ("p.json", "expected no circle of imports, got p.json → p.json"),
    ],
)
def test_an_import_that_leads_out_or_nowhere_is_refused(tmp_path: Path, href: str, words: str) -> None:
    write(tmp_path, "catalog.json", "catalog", catalog())
    path = write(tmp_path / "inner", "p.json", "profile", profile({"href": href}))

    with pytest.raises(CatalogueError) as caught:
        resolve_file(path)

    assert str(caught.value).startswith("p.json:/profile/imports/0/href")
    assert words in str(caught.value)


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "catalog.json", "catalog", catalog())
    path = write(tmp_path / "inner", "p.json", "profile", profile({"href": "link.json"}))
    (tmp_path / "inner" / "link.json").symlink_to(tmp_path / "catalog.json")

    with pytest.raises(CatalogueError, match="inside the profile's folder"):
        resolve_file(path)


def test_a_circle_of_profiles_is_refused_with_its_way(tmp_path: Path) -> None:
    for name, other in (("a", "b"), ("b", "c"), ("c", "a")):
        write(tmp_path, f"{name}.json", "profile", profile({"href": f"{other}.json"}))

    with pytest.raises(CatalogueError, match=r"a\.json → b\.json → c\.json → a\.json"):
        resolve_file(tmp_path / "a.json")


def test_profiles_in_a_long_row_are_refused(tmp_path: Path) -> None:
    for number in range(30):
        write(tmp_path, f"p{number}.json", "profile", profile({"href": f"p{number + 1}.json"}))

    with pytest.raises(CatalogueError, match="at most 16 profiles in a row"):
        resolve_file(tmp_path / "p0.json")


def test_imports_that_double_at_every_step_are_stopped(tmp_path: Path) -> None:
    write(tmp_path, "p12.json", "catalog", catalog(controls=[control(f"c-{n}") for n in range(100)]))
    for number in range(12):
        twice_more = profile(*[{"href": f"p{number + 1}.json"}] * 4)
        write(tmp_path, f"p{number}.json", "profile", twice_more)

    with pytest.raises(CatalogueError, match="at most 100,000 controls"):
        resolve_file(tmp_path / "p0.json")
