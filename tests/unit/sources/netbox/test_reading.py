from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from netproof.errors import SourceError
from netproof.sources.netbox import import_netbox
from netproof.sources.netbox.reading import read_saved
from tests.unit.sources.netbox.objects import device, save, site

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.sources.netbox.conftest import Run


def fails(tmp_path: Path, text: str | bytes, name: str = "dcim.devices.json") -> str:
    """Import one file and return how it was refused; nothing may have been written."""
    folder = tmp_path / "answers"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(SourceError) as refused:
        import_netbox(str(folder), tmp_path / "net")
    assert not (tmp_path / "net").exists()
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("", "expected JSON, got an error at line 1, column 1: Expecting value"),
        ('[{"id": 1}', "expected JSON, got an error at line 1, column 11"),
        (b'[{"id": 1, "name": "\xff"}]', "expected UTF-8, got byte 20 that is none"),
        ('[{"id": NaN}]', "expected strict JSON, got NaN"),
        ('[{"id": 1, "id": 2}]', "expected strict JSON, got an object with the same name twice"),
        ("[" * 100_000, "expected JSON of moderate depth, got one nested too deep"),
        ("[{" + '"id": ' + "1" * 5000 + "}]", "expected strict JSON"),
        ('{"detail": "Invalid token"}', "expected a list or a page with results, got an object"),
        ('{"count": 0, "results": {}}', "dcim.devices.json:/results: expected a list, got an object"),
        ("[3]", "dcim.devices.json:/0: expected an object, got 3"),
    ],
)
def test_what_is_no_answer_is_refused_with_its_place(tmp_path: Path, text: str | bytes, want: str) -> None:
    assert want in fails(tmp_path, text)


@pytest.mark.parametrize(
    ("fields", "want"),
    [
        ({"site": "x"}, '/1/site: expected an object or null, got "x"'),
        (
            {"site": {"id": "../../etc"}},
            '/1/site/id: expected an id (a whole number above 0), got "../../etc"',
        ),
        ({"id": "1/../../x"}, '/1/id: expected an id (a whole number above 0), got "1/../../x"'),
        ({"id": True}, "/1/id: expected an id (a whole number above 0), got true"),
        ({"id": 2**64}, "/1/id: expected an id"),
        ({"id": -3}, "/1/id: expected an id"),
        ({"name": ["a"]}, "/1/name: expected text or null, got a list"),
        ({"status": 5}, "/1/status: expected a choice, null or text, got 5"),
        ({"tags": [4]}, "/1/tags/0: expected an object, got 4"),
        ({"rear_port_count": "many"}, '/1/rear_port_count: expected a whole number or null, got "many"'),
    ],
)
def test_a_wrong_type_is_told_with_file_pointer_expected_and_got(
    tmp_path: Path, fields: dict[str, Any], want: str
) -> None:
    said = fails(tmp_path, json.dumps([device(1), {**device(2), **fields}]))

    assert said.startswith("dcim.devices.json:")
    assert want in said


def test_coordinates_outside_the_globe_are_refused(tmp_path: Path) -> None:
    said = fails(tmp_path, json.dumps([site(1, latitude=91)]), "dcim.sites.json")

    assert said == "dcim.sites.json:/0/latitude: expected degrees from -90 to 90, got 91.0"


def test_a_date_that_is_none_is_refused(tmp_path: Path) -> None:
    said = fails(tmp_path, '[{"id": 1, "model": "X", "end_of_life": "soon"}]', "dcim.device-types.json")

    assert said == "dcim.device-types.json:/0/end_of_life: expected a date such as 2026-11-01, got 'soon'"


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    save(tmp_path, {"dcim.devices": [device(n) for n in range(1, 50)]})

    with pytest.raises(SourceError, match=r"dcim\.devices\.json: expected at most 2,000 bytes, got more"):
        read_saved(tmp_path, limit=2000)


def test_pages_and_lists_are_the_same_answer(run: Run) -> None:
    def page(*numbers: int, following: str | None = None) -> dict[str, Any]:
        return {"count": 3, "next": following, "previous": None, "results": [device(n) for n in numbers]}

    got = run(
        {
            "dcim.devices": page(1, following="?offset=1"),
            "dcim.devices.2": page(2),
            "dcim.devices.10": page(3),
        }
    )

    assert got.column("component", "component_id") == [("device-1",), ("device-2",), ("device-3",)]
    assert list(got.report.files_read) == [
        "dcim.devices.10.json",
        "dcim.devices.2.json",
        "dcim.devices.json",
        "dcim.sites.json",
    ]


def test_a_page_that_is_missing_is_noticed(run: Run) -> None:
    with pytest.raises(SourceError, match=r"expected 5 objects in all pages of dcim\.devices, got 1"):
        run({"dcim.devices": {"count": 5, "next": "x", "results": [device(1)]}})


def test_a_page_that_is_there_twice_is_noticed(run: Run) -> None:
    with pytest.raises(
        SourceError, match=r"dcim\.devices\.2\.json:/0/id: expected every id once, got 1 again"
    ):
        run({"dcim.devices": [device(1)], "dcim.devices.2": [device(1)]})


def test_choices_are_objects_or_bare_words(run: Run) -> None:
    got = run({"dcim.devices": [device(1, status="planned"), {**device(2), "status": "planned"}]})

    assert got.reasons("dcim.devices") == {"its status is planned": 2}


def test_names_lose_control_characters_and_broken_unicode(run: Run) -> None:
    got = run({"dcim.devices": [device(1, name="a\x00\nb\ud800c"), device(2, name='x,"y" =1+1')]})

    assert [row["name"] for row in got.rows("component")] == ["a b c", 'x,"y" =1+1']


def test_a_folder_without_answers_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.json").write_text("[]")

    with pytest.raises(
        SourceError, match=r"expected saved NetBox answers such as dcim\.devices\.json, got none"
    ):
        import_netbox(str(tmp_path), tmp_path / "net")


def test_a_source_that_is_neither_folder_nor_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="expected a folder of saved NetBox answers"):
        import_netbox("ftp://example.org", tmp_path / "net")


def test_missing_and_unread_files_are_named(run: Run) -> None:
    report = run({"dcim.devices": [device(1)], "dcim.racks": []}).report

    assert report.ignored == ("dcim.racks.json",)
    assert [(m.endpoint, m.why) for m in report.missing][:2] == [
        ("dcim.manufacturers", "no file"),
        ("dcim.device-roles", "no file"),
    ]
