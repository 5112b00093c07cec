from __future__ import annotations

import gc
import json
from typing import TYPE_CHECKING

import pytest
import yaml

from netproof.errors import CatalogueError
from netproof.oscal.read import SIZE_MAX, read_bytes, read_file
from tests.unit.oscal.small import catalog, control, metadata, profile

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.oscal.small import Raw


def refused(data: bytes | str, place: str = "f") -> str:
    with pytest.raises(CatalogueError) as caught:
        read_bytes(data.encode() if isinstance(data, str) else data, place=place)
    return str(caught.value)


def of_json(kind: str, body: Raw) -> bytes:
    return json.dumps({kind: body}).encode()


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"\n  "])
def test_json_is_known_by_its_first_sign(start: bytes) -> None:
    got = read_bytes(start + of_json("catalog", catalog()), place="f")

    assert (got.kind, got.body) == ("catalog", catalog())


def test_yaml_says_the_same_as_json() -> None:
    body = profile(
        {"href": "x.json", "include-controls": [{"with-ids": ["a"], "with-child-controls": "yes"}]}
    )

    assert read_bytes(yaml.safe_dump({"profile": body}).encode(), place="f").body == body


def test_yaml_keeps_bare_words_and_dates_as_text() -> None:
    text = yaml.safe_dump({"catalog": catalog()}).replace("'2026-11-01T00:00:00Z'", "2026-11-01T00:00:00Z")
    text = text.replace("title: Small", "title: yes")

    got = read_bytes(text.encode(), place="f").body["metadata"]

    assert (got["title"], got["last-modified"]) == ("yes", "2026-11-01T00:00:00Z")


def test_an_alias_of_yaml_stands_for_what_it_names() -> None:
    text = yaml.safe_dump({"catalog": catalog()}) + "  params: [&p {id: p1}, {id: p2}]\n"

    assert read_bytes(text.encode(), place="f").body["params"] == [{"id": "p1"}, {"id": "p2"}]


def bomb() -> str:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    return "\n".join(rows)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (bomb(), "expected at most 2,000,000 values, got more by its aliases"),
        ("catalog: &c\n  x: *c\n", "f:2:6: expected an alias of a value before it, got *c"),
        ("catalog: *c\n", "f:1:10: expected an alias of a value before it, got *c"),
        ("? [a]\n: 1\n", "f:1:3: expected a text as key, got a mapping or list"),
        ("catalog: " + "[" * 5000, "f:1:109: expected an OSCAL document, got YAML nested too deep"),
        ("catalog: " + "{a: " * 1_000_000, "f:1:406: expected an OSCAL document, got YAML nested too deep"),
        ("catalog: {}\ncatalog: {}\n", "f:2:1: expected every key once, got 'catalog'"),
        ("catalog: !!python/object/apply:os.getcwd []", "f:1:10: expected plain values, got tag:yaml.org"),
        ("catalog: !!binary x", "f:1:10: expected plain values, got tag:yaml.org"),
        ("a: b: c", "f:1:5: expected YAML, got mapping values are not allowed"),
        ("--- {}\n--- {}\n", "f:2:1: expected one YAML document, got another"),
        ("", "f: expected an OSCAL catalog or profile, got nothing"),
    ],
)
def test_hostile_or_broken_yaml_is_refused(text: str, words: str) -> None:
    assert words in refused(text)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"catalog": ', "f:1:13: expected JSON, got unexpected end of data"),
        (b'{"catalog": NaN}', "f:1:13: expected JSON, got unexpected character"),
        (b'{"catalog": "\xff"}', "f:1:1: expected JSON, got str is not valid UTF-8"),
        (b"[]", "f: expected an OSCAL catalog or profile, got a list"),
        (b'{"component-definition": {}}', "expected an OSCAL catalog or profile, got component-definition"),
        (
            b'{"catalog":' + b"[" * 300 + b"]" * 300 + b"}",
            "f: expected an OSCAL catalog, got one nested too deep",
        ),
        (b'{"catalog":' + b"[" * 100_000, "expected JSON, got"),
    ],
)
def test_hostile_or_broken_json_is_refused(data: bytes, words: str) -> None:
    assert words in refused(data)


def test_a_breach_is_told_by_its_pointer() -> None:
    body = catalog(controls=[control("a"), {"id": "b"}])

    assert 'f:/catalog/controls/1: "title" is a required property' in refused(of_json("catalog", body))


def test_a_breach_in_a_choice_is_told_where_it_is() -> None:
    body = profile({"href": "x.json", "include-all": {}, "more": 1})

    assert refused(of_json("profile", body)).endswith(
        "f:/profile/imports/0: Additional properties are not allowed ('more' was unexpected)"
    )


@pytest.mark.parametrize("version", ["1.0.0", "1.0.4", "1.1.3", "1.2.3"])
def test_versions_one_point_nought_to_one_point_two_are_read(version: str) -> None:
    body = {**catalog(), "metadata": {**metadata(), "oscal-version": version}}

    assert read_bytes(of_json("catalog", body), place="f").body == body


@pytest.mark.parametrize("version", ["2.0.0", "1.3.0", "0.9.9", "1", "none"])
def test_other_versions_are_refused(version: str) -> None:
    body = {**catalog(), "metadata": {**metadata(), "oscal-version": version}}

    assert refused(of_json("catalog", body)) == (
        f"f:/catalog/metadata/oscal-version: expected 1.0 to 1.2, got {version!r}"
    )


@pytest.mark.parametrize("method", ["use-first", "merge", "keep"])
def test_the_flag_that_the_official_schema_forgets_is_accepted(method: str) -> None:
    body = profile({"href": "x"}, merge={"combine": {"method": method}, "flat": {}})

    assert read_bytes(of_json("profile", body), place="f").body == body


def test_a_method_that_the_model_does_not_have_is_refused() -> None:
    body = profile({"href": "x"}, merge={"combine": {"method": "shuffle"}, "flat": {}})

    assert "/profile/merge/combine/method" in refused(of_json("profile", body))


def test_a_file_of_too_many_bytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(SIZE_MAX + 1)

    with pytest.raises(CatalogueError, match="of at most 67,108,864 bytes, got 67,108,865"):
        read_file(path)


@pytest.mark.parametrize(("name", "got"), [("none.json", "no such file"), (".", "a folder")])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str, got: str) -> None:
    with pytest.raises(CatalogueError, match=f"got {got}"):
        read_file(tmp_path / name)


@pytest.mark.parametrize(
    ("data", "got"),
    [(b"hello", "plain text"), (b"[1]", "a list"), (b"", "nothing"), (b"3", "a single value")],
)
def test_what_has_no_keys_is_told_in_words(tmp_path: Path, data: bytes, got: str) -> None:
    (tmp_path / "f.yaml").write_bytes(data)

    with pytest.raises(CatalogueError, match=f"f.yaml: expected an OSCAL catalog or profile, got {got}"):
        read_file(tmp_path / "f.yaml")


@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize("data", [b'{"catalog": {}}', b'{"catalog'])
def test_the_collector_of_cycles_runs_after_as_before(enabled: bool, data: bytes) -> None:
    (gc.enable if enabled else gc.disable)()
    try:
        refused(data)

        assert gc.isenabled() == enabled
        assert gc.get_freeze_count() == 0
    finally:
        gc.enable()
