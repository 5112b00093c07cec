"""XLSX: every text is a text, every sheet filters, and the bytes are the same every time."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Any

import pytest

from netproof import report
from netproof.report.xlsx import CHARACTERS_MAX, safe
from tests.unit.report import sample
from tests.unit.report.tool_models import MODELS
from tests.unit.report.workbook import NS, column, parsed, parts, sheets

NAMES = ["summary", "requirements", "checks", "findings", "issues", "assumptions", "words"]


def content(model: dict[str, Any]) -> bytes:
    found = report.write_any(model, "xlsx")
    assert isinstance(found, bytes)
    return found


SAMPLE = content(MODELS["sample"])


def test_the_sheets_stand_in_their_order() -> None:
    assert list(sheets(SAMPLE)) == NAMES


@pytest.mark.parametrize("name", MODELS)
def test_no_cell_is_a_formula_and_no_file_links_outside(name: str) -> None:
    for path, data in parts(content(MODELS[name])).items():
        tree = parsed(data)

        assert not list(tree.iter(f"{{{NS['m']}}}f")), path
        assert not list(tree.iter(f"{{{NS['m']}}}hyperlink")), path
        assert b'TargetMode="External"' not in data


@pytest.mark.parametrize("name", MODELS)
def test_every_part_is_well_formed_and_no_text_starts_a_formula(name: str) -> None:
    for rows in sheets(content(MODELS[name])).values():
        for row in rows:
            assert not [text for text in row.values() if re.match(r"[=+\-@|%\t\r\n＝＋－＠](?!\d)", text)]


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+1", "-1", "@SUM(A1)", "|cmd", "%0A=1", "＝1", "＋1", "－1", "＠x"),
        *(" =1+1", "\t=1", "\r\n=1", "\u00a0=1", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0"),
    ],
)
def test_a_text_that_a_spreadsheet_could_run_starts_with_an_apostrophe(text: str) -> None:
    model = sample.model(listed=1)
    model["checks"][0]["findings"][0]["reason"] = text

    got = column(sheets(content(model))["findings"], "reason")[0]

    assert got == "'" + " ".join(text.split())
    assert safe(text) == got


@pytest.mark.parametrize("text", ["a=b", "C-1", "2026-11-01", "'quoted", "ü", "_x0041_", "https://x.example"])
def test_any_other_text_stays_as_it_is(text: str) -> None:
    model = sample.model(listed=1)
    model["checks"][0]["findings"][0]["subject_id"] = text

    got = column(sheets(content(model))["findings"], "subject")[0]

    assert got.replace("_x005F_", "_") == text


def test_a_text_is_never_longer_than_a_cell_holds() -> None:
    assert len(safe("x" * 40_000)) == CHARACTERS_MAX
    assert len(safe("=" + "x" * 40_000)) == CHARACTERS_MAX


def test_every_requirement_check_and_listed_finding_has_its_row() -> None:
    model, found = MODELS["sample"], sheets(SAMPLE)

    assert column(found["requirements"], "requirement") == [
        r["id"] for r in model["catalogues"][0]["requirements"]
    ]
    assert column(found["checks"], "check") == [check["id"] for check in model["checks"]]
    assert column(found["checks"], "fail") == [str(check["counts"]["fail"]) for check in model["checks"]]
    want = [(c["id"], f["subject_id"], f["reason"]) for c in model["checks"] for f in c["findings"]]
    rows = found["findings"]
    assert list(zip(*(column(rows, title) for title in ("check", "subject", "reason")), strict=True)) == want


def test_the_summary_has_all_outcomes_and_says_how_many_findings_are_listed() -> None:
    rows = [
        tuple(row.get(letter, "") for letter in "ABC")
        for row in sheets(content(MODELS["attached"]))["summary"]
    ]
    checks = MODELS["attached"]["checks"]

    assert [row[1] for row in rows if row[0] == "checks"] == [
        *("did not finish", "fail", "no evidence", "needs review", "pass", "not applicable"),
    ]
    assert ("findings listed in this workbook", "", str(5 * len(checks))) in rows
    assert ("findings in all", "", str(300 * len(checks))) in rows


def test_every_sheet_filters_and_keeps_its_head_in_view() -> None:
    files = parts(SAMPLE)
    for number in range(1, len(NAMES) + 1):
        sheet = parsed(files[f"xl/worksheets/sheet{number}.xml"])
        pane = sheet.find("m:sheetViews/m:sheetView/m:pane", NS)

        assert sheet.find("m:autoFilter", NS) is not None
        assert pane is not None
        assert (pane.get("ySplit"), pane.get("state")) == ("1", "frozen")
        assert all(2 < float(col.get("width", "0")) < 90 for col in sheet.iterfind("m:cols/m:col", NS))


def test_waivers_and_answers_have_columns() -> None:
    found = sheets(content(MODELS["waived"]))

    assert column(found["findings"], "waiver")[0].startswith(
        "accepted until 2027-03-31 by network operations"
    )
    assert column(found["findings"], "waiver ends")[0] == "46477"
    answers = dict(
        zip(
            column(found["requirements"], "requirement"), column(found["requirements"], "answer"), strict=True
        )
    )
    assert answers["M-1"].startswith("answered met by security officer on 2026-09-30")
    assert answers["M-2"] == ""


def test_issues_and_assumptions_are_listed() -> None:
    found = sheets(SAMPLE)

    assert column(found["issues"], "kind") == ["not read", "dangling reference"]
    assert column(found["issues"], "line") == ["1204", "418"]
    assert column(found["assumptions"], "parameter") == [
        "days",
        "share_max",
        "min_components",
        "note",
        "note",
    ]
    assert column(found["assumptions"], "value")[:3] == ["180", "0.5", "4"]


def test_the_only_dates_are_the_assessments() -> None:
    core = parts(SAMPLE)["docProps/core.xml"].decode()
    with zipfile.ZipFile(BytesIO(SAMPLE)) as book:
        made = {info.date_time for info in book.infolist()}

    assert set(re.findall(r"\d{4}-\d{2}-\d{2}T[^<]+", core)) == {"2026-11-01T00:00:00Z"}
    assert made == {(1980, 1, 1, 0, 0, 0)}


def test_a_number_that_a_spreadsheet_cannot_hold_is_a_text() -> None:
    model = sample.model()
    model["checks"][2]["parameters"][0]["value"] = float("inf")

    assert column(sheets(content(model))["assumptions"], "value")[0] == "inf"
