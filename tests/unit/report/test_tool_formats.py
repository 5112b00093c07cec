"""What holds for every format that other tools read."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest

from netproof import report
from netproof.errors import ReportError
from netproof.report.exchange import accepted, as_json, counts, identity, line, unlisted
from tests.unit.report import sample
from tests.unit.report.test_as_json import shuffled
from tests.unit.report.tool_models import MODELS, all_models
from tests.unit.report.workbook import parsed

TEXT = ("junit", "markdown", "ocsf", "oscal", "poam", "sarif")
EVERY = (*TEXT, "xlsx")
UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


@pytest.mark.parametrize("format_", EVERY)
@pytest.mark.parametrize("name", MODELS)
def test_the_same_model_gives_the_same_bytes_and_stays_as_it_was(name: str, format_: str) -> None:
    model = all_models()[name]
    before = copy.deepcopy(model)

    first = report.write_any(model, format_)

    assert report.write_any(copy.deepcopy(model), format_) == first
    assert model == before


@pytest.mark.parametrize("format_", EVERY)
def test_the_order_of_keys_changes_no_byte(format_: str) -> None:
    model = MODELS["waived"]

    assert report.write_any(shuffled(model), format_) == report.write_any(model, format_)


@pytest.mark.parametrize("format_", TEXT)
@pytest.mark.parametrize("name", MODELS)
def test_no_format_writes_what_cannot_be_seen(name: str, format_: str) -> None:
    got = report.write(MODELS[name], format_)

    assert UNSEEN.findall(got) == []
    assert got.encode("utf-8")
    assert got.endswith("\n")


@pytest.mark.parametrize("format_", EVERY)
def test_a_model_that_lacks_something_is_refused(format_: str) -> None:
    model = sample.model()
    del model["checks"][3]["outcome"]

    with pytest.raises(ReportError, match="expected a whole report model, got one without 'outcome'"):
        report.write_any(model, format_)


@pytest.mark.parametrize("format_", TEXT)
def test_every_check_is_named_in_every_format(format_: str) -> None:
    got = report.write(MODELS["sample"], format_)

    want = [
        check["id"]
        for check in MODELS["sample"]["checks"]
        if format_ != "poam" or check["outcome"] not in ("pass", "not_applicable")
    ]
    assert [name for name in want if name not in got] == []


def test_bytes_are_refused_where_text_is_asked_for() -> None:
    with pytest.raises(ReportError, match="expected a format of text, got xlsx"):
        report.write(sample.model(), "xlsx")


def test_hostile_text_makes_no_element_of_its_own_in_xml() -> None:
    got = {element.tag for element in parsed(report.write(MODELS["hostile, waived"], "junit")).iter()}

    assert got <= {
        *("testsuites", "testsuite", "testcase", "properties", "property"),
        *("failure", "error", "skipped", "system-out"),
    }


@pytest.mark.parametrize("format_", ["ocsf", "oscal", "poam", "sarif"])
def test_json_is_read_back(format_: str) -> None:
    for model in MODELS.values():
        assert isinstance(json.loads(report.write(model, format_)), list if format_ == "ocsf" else dict)


def test_an_identity_is_a_uuid_of_version_5_that_keeps_parts_apart() -> None:
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", identity("a"))
    assert identity("a", "b") != identity("ab")
    assert identity("a", "b") != identity(["a", "b"])
    assert identity("\ud800")


def test_an_identity_never_changes() -> None:
    assert identity("check", "CERT-001") == "bba85469-89bc-5979-8345-fa98857fdaf6"


@pytest.mark.parametrize(
    ("value", "want"),
    [
        (None, "(empty)"),
        (" \n ", "(empty)"),
        ("a\n  b", "a b"),
        (0.6, "0.6"),
        ("\u202ex", "⟨U+202E⟩x"),
        ("\ufffe", "⟨U+FFFE⟩"),
        ("\ud800", "⟨U+D800⟩"),
    ],
)
def test_a_line_is_one_visible_line(value: Any, want: str) -> None:
    assert line(value) == want


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(ReportError, match="expected values that JSON can say"):
        as_json({"a": float("nan")})


def test_counts_have_one_order_and_what_was_accepted_stands_last() -> None:
    checks = {check["id"]: check for check in MODELS["waived"]["checks"]}

    assert list(counts(checks["CERT-001"])) == ["fail", "no_evidence", "needs_review", "waived"]
    assert list(counts(checks["CERT-005"])) == ["fail", "no_evidence", "needs_review"]


def test_a_check_is_accepted_only_when_every_finding_is() -> None:
    checks = {check["id"]: check for check in MODELS["waived"]["checks"]}

    assert [accepted(checks[name]) for name in ("CERT-001", "CERT-002", "CERT-005")] == [False, True, False]
    assert not accepted(checks["CERT-002"] | {"findings_total": 99})


def test_what_is_not_listed_is_counted_and_its_file_named() -> None:
    check = MODELS["attached"]["checks"][0]

    assert unlisted(check) == "295 further findings not listed here; all are in out.findings.parquet"
    assert "`--output` writes all" in unlisted(check | {"all_findings_file": None})
    assert unlisted(MODELS["fine"]["checks"][0]) == ""
