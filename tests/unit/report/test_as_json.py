"""JSON for machines: it follows its schema, and the same model gives the same bytes."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema_rs
import pytest

from netproof import report
from netproof.errors import ReportError
from netproof.report.as_json import schema
from tests.unit.report import sample
from tests.unit.report.hostile import hostile

VALIDATOR = jsonschema_rs.Draft202012Validator(schema(), validate_formats=True)


def empty() -> dict[str, Any]:
    """A network of which nothing was asked and nothing known."""
    model = sample.model(sites=0)
    none = dict.fromkeys(sample.OUTCOMES, 0)
    nothing = {"total": 0, "examples": []}
    return model | {
        "network": {"name": "x", "country": None},
        "catalogues": [],
        "families": [],
        "checks": [],
        "data_issues": nothing | {"by_kind": {}},
        "import_issues": nothing | {"by_file": {}},
        "summary": {
            "requirements": none,
            "checks": none,
            "findings": dict.fromkeys(sample.FINDING_OUTCOMES, 0),
        },
        "details": {"tables": [], "sites": [], "shares": [], "rows": {}},
    }


def with_file() -> dict[str, Any]:
    """A model whose findings stand in a file beside it."""
    model = sample.model(findings_per_check=500, listed=5)
    for check in model["checks"]:
        check["all_findings_file"] = "findings.csv"
    return model


MODELS = {
    "sample": sample.model(),
    "empty": empty(),
    "findings beside": with_file(),
    "hostile": hostile(sample.model(listed=3), payload="<script>\"'\u202e\u2028\x00"),
}


def shuffled(value: Any) -> Any:
    """The same value with the keys of all objects turned round."""
    if isinstance(value, dict):
        return {key: shuffled(value[key]) for key in reversed(value)}
    return [shuffled(item) for item in value] if isinstance(value, list) else value


def test_the_schema_is_a_schema() -> None:
    jsonschema_rs.meta.validate(schema())


@pytest.mark.parametrize("name", [name for name in MODELS if name != "hostile"])
def test_what_is_written_follows_the_schema(name: str) -> None:
    written = json.loads(report.write(MODELS[name], "json"))

    got = [(error.message, error.instance_path) for error in VALIDATOR.iter_errors(written)]

    assert got == []


def test_hostile_text_comes_back_as_it_was() -> None:
    model = MODELS["hostile"]

    got = json.loads(report.write(model, "json"))

    assert got == {key: value for key, value in model.items() if key != "details"}


@pytest.mark.parametrize("name", MODELS)
def test_the_order_of_keys_in_the_model_changes_no_byte(name: str) -> None:
    assert report.write(shuffled(MODELS[name]), "json") == report.write(MODELS[name], "json")


def test_keys_stand_in_the_published_order() -> None:
    written = json.loads(report.write(MODELS["sample"], "json"))

    assert list(written) == [
        *("schema_version", "network", "as_of", "catalogues", "families", "checks"),
        *("data_issues", "import_issues", "summary"),
    ]
    assert list(written["checks"][0])[:9] == [
        *("id", "title", "outcome", "severity", "verdict", "subject_table", "in_scope", "counts"),
        "findings_total",
    ]


def test_details_are_not_public_and_the_file_ends_with_a_line_end() -> None:
    got = report.write(MODELS["sample"], "json")

    assert '"details"' not in got
    assert got.endswith("}\n")


def test_writing_changes_nothing_in_the_model() -> None:
    model = sample.model()
    before = copy.deepcopy(model)

    for format_ in report.FORMATS:
        report.write_any(model, format_)

    assert model == before


@pytest.mark.parametrize(
    ("place", "key", "value", "want"),
    [
        ((), "extra", 1, "report: expected the keys of schema 1.0, got unknown extra"),
        (("checks", 0), "note", 1, "report/checks/0: expected the keys of schema 1.0, got unknown note"),
        (("checks", 0, "findings", 1, "source"), "x", 1, "report/checks/0/findings/1/source: expected"),
    ],
)
def test_a_key_that_the_schema_does_not_know_is_refused(
    place: tuple[Any, ...], key: str, value: Any, want: str
) -> None:
    model = sample.model()
    inner: Any = model
    for step in place:
        inner = inner[step]
    inner[key] = value

    with pytest.raises(ReportError, match=want):
        report.write(model, "json")


def test_a_missing_key_is_refused() -> None:
    model = sample.model()
    del model["checks"][2]["remedy"]

    with pytest.raises(ReportError, match=r"report/checks/2: expected the keys of schema .*, got no remedy"):
        report.write(model, "json")


def test_a_number_that_is_none_is_refused() -> None:
    model = sample.model()
    model["checks"][2]["parameters"][0]["value"] = float("nan")

    with pytest.raises(ReportError, match="expected values that JSON can say"):
        report.write(model, "json")


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("checks", 0, "outcome"), "ok"),
        (("checks", 0, "findings", 0, "outcome"), "pass"),
        (("checks", 0, "findings", 0, "reason"), ""),
        (("checks", 0, "in_scope"), -1),
        (("as_of",), "01.11.2026"),
        (("as_of",), "2026-02-30"),
        (("checks", 0, "findings", 0, "source", "sha256"), "abc"),
        (("catalogues", 0, "legal_status"), "maybe"),
        (("schema_version",), "1.1"),
    ],
)
def test_the_schema_refuses_what_is_not_promised(place: tuple[Any, ...], value: Any) -> None:
    written = json.loads(report.write(sample.model(), "json"))
    inner: Any = written
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value

    assert not VALIDATOR.is_valid(written)


def test_every_object_of_the_schema_is_closed() -> None:
    open_ones = []

    def walk(rule: Any, place: str) -> None:
        if isinstance(rule, dict):
            if rule.get("type") == "object" and rule.get("additionalProperties", True) is True:
                open_ones.append(place)
            for key, inner in rule.items():
                walk(inner, f"{place}/{key}")
        elif isinstance(rule, list):
            for item in rule:
                walk(item, place)

    walk(schema(), "")

    assert open_ones == []


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(ReportError, match=r"expected a format of html, json, junit, markdown, .*, got 'pdf'"):
        report.write(sample.model(), "pdf")
