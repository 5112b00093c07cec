"""Forecasts and differences as HTML: whole, harmless, the same every time, and with what matters in them."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema_rs
import pytest

from netproof.errors import ReportError
from netproof.report.diff_json import schema
from netproof.report.diff_registry import FORMATS, write_answer
from tests.unit.report.answers import ANSWERS, all_answers, attacked, difference, forecast, month_by_month
from tests.unit.report.page_laws import leads_somewhere, reads_in_order, runs_only_what_its_policy_names
from tests.unit.report.test_as_html import Page

HTML = {name: write_answer(kind, model, "html") for name, (kind, model) in ANSWERS.items()}
PAGES = {name: Page(html) for name, html in HTML.items()}
every = pytest.mark.parametrize("name", PAGES)


def words_of(name: str) -> str:
    return words_in(PAGES[name])


def words_in(page: Page) -> str:
    return re.sub(r" ([.,;:])", r"\1", " ".join(" ".join(page.words).split()))


@pytest.mark.parametrize("name", [name for name in ANSWERS if "hostile" not in name])
def test_the_models_tried_here_follow_the_published_schemas(name: str) -> None:
    kind, model = ANSWERS[name]

    jsonschema_rs.validator_for(schema(kind)).validate(json.loads(json.dumps(model)))


@pytest.mark.parametrize("kind", ["forecast", "diff", "catalogue-diff"])
def test_every_answer_has_a_page(kind: str) -> None:
    assert "html" in FORMATS[kind]


@every
def test_every_element_closes_and_headings_skip_no_level(name: str) -> None:
    reads_in_order(PAGES[name])


@every
def test_nothing_runs_or_is_loaded_but_what_the_policy_names(name: str) -> None:
    runs_only_what_its_policy_names(PAGES[name], HTML[name])


@every
def test_links_and_labels_lead_somewhere_and_names_are_unique(name: str) -> None:
    leads_somewhere(PAGES[name])


@every
def test_every_table_has_a_caption_and_every_row_as_many_cells_as_its_head(name: str) -> None:
    tables = re.findall(r"<table.*?</table>", HTML[name], re.DOTALL)

    for table in tables:
        assert table.count("<caption") == 1
        head, *rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
        columns = len(re.findall(r"<th[ >]", head))
        wide = [row for row in rows if 'scope="rowgroup"' not in row]
        assert {len(re.findall(r"<t[hd][ >]", row)) for row in wide} == {columns}


def test_what_would_run_is_shown_as_text() -> None:
    for name in PAGES:
        if "hostile" in name:
            assert "<script>alert(1)</script>" in words_of(name)
            assert "{{ 7*7 }}" in words_of(name)
            assert re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", HTML[name]) == []


@every
def test_the_same_model_gives_the_same_bytes(name: str) -> None:
    kind, model = all_answers()[name]

    assert write_answer(kind, model, "html") == HTML[name]


def test_a_forecast_tells_each_requirement_on_each_date_in_words() -> None:
    words = words_of("forecast")

    assert "What is non-compliant from 31 December 2026 to 31 December 2029" in words
    assert "Requirement 2026-12-31 2027-12-31 2029-12-31" in words
    row = re.findall(r'<tr id="requirement-0-A2-2">.*?</tr>', HTML["forecast"], re.DOTALL)[0]
    assert re.findall(r'class="(at [^"]*)"', row) == ["at pass", "at fail step", "at fail more"]
    assert "1 requirement that passes at first will not: A2-2 on 31 December 2027." in words
    assert "1 more waits for a person's answer on every date" in words
    assert "It did not finish: stopped after 300 s" in words
    assert "Showing 9 of 700, the worst first." in words
    assert "before: needs review, ends soon" in words


def test_dates_on_which_nothing_changes_are_counted_and_left_out() -> None:
    model = month_by_month()
    for row in (*model["requirements"], *model["checks"]):
        for numbers in row["counts"].values():
            numbers[3:] = [numbers[2]] * (len(numbers) - 3)
    got = words_in(Page(write_answer("forecast", model, "html")))

    assert "15 of 18 dates are left out here and below: nothing changes on them." in got
    assert "Requirement 2027-01-01 2027-02-01 2027-03-01 de-tkg-2.0" in got


def test_many_dates_are_signs_with_their_words_beside_them() -> None:
    row = re.findall(r'<tr id="check-CERT-001">.*?</tr>', HTML["forecast by month"], re.DOTALL)[0]

    assert row.count('<use href="#i-fail"/>') == 17
    assert row.count('<span class="vh"> fail</span>') == 17
    assert row.count('<span class="vh">, changed</span>') == 1


def test_certificates_lapse_month_by_month_those_that_leave_most_without_first() -> None:
    table = re.findall(r'<table class="lapses">.*?</table>', HTML["forecast"], re.DOTALL)[0]
    march = HTML["forecast"].split("Certificates whose last day is in March 2027")[1]

    assert table.count("<tr") == 13
    assert "March 2027: 3 certificates, 18 components left without" in words_of("forecast")
    assert re.findall(r"Z-3-\d", march)[:3] == ["Z-3-2", "Z-3-1", "Z-3-0"]


def test_a_difference_tells_what_became_of_findings_and_the_row_that_changed() -> None:
    words = words_of("networks")

    heads = re.findall(r"<h2[^>]*>(.*?)</h2>", HTML["networks"])
    assert heads[3:8] == [
        "New findings: 600",
        "Worse findings: 1",
        "The same outcome, for another reason: 1",
        "Better findings: 1",
        "Gone findings: 1",
    ]
    assert (
        "because certificate Z1: expires_on was 2027-02-28 → and is (empty) certificate.csv:2 → certificate.csv:3"
        in words
    )
    assert "because declaration D1 was removed certificate.csv:2" in words
    assert "Listed: 6 of 600; --findings lists more." in words
    assert "days: 180 → 90" in words
    assert "Before Musternetz, in now, as of 2026-11-01" in words
    assert "Worse: pass → then fail 600 new, 1 worse" in words


def test_two_sides_that_do_not_differ_say_so() -> None:
    assert "No verdict, finding or reason differs." in words_of("dates, the same")


def test_a_draft_tells_what_is_added_removed_and_changed() -> None:
    words = words_of("catalogues")

    assert "Requirements: 1 added, 1 removed, 1 changed." in words
    assert (
        "D-1 Three levels draft, from 2027-01-01; checks CERT-001 Which level? Evidence: a reasoned choice."
        in words
    )
    assert "Title was Before → and is After" in words
    assert "Checks was CERT-001 → and is (none)" in words
    assert "What it changes for" not in words
    assert "What it changes for Musternetz, planned" in words_of("hostile catalogues, a network")


@pytest.mark.parametrize(
    ("kind", "model", "key"),
    [
        ("forecast", forecast(), "certificates"),
        ("forecast", forecast(), "network"),
        ("diff", difference(), "summary"),
        ("diff", difference(), "checks"),
    ],
)
def test_a_model_that_lacks_something_is_refused(kind: str, model: dict[str, Any], key: str) -> None:
    del model[key]

    with pytest.raises(ReportError, match="got one without"):
        write_answer(kind, model, "html")


@pytest.mark.parametrize("answer", [forecast, difference])
def test_no_text_of_a_model_is_markup(answer: Any) -> None:
    kind = "forecast" if answer is forecast else "diff"
    plain, hostile = (Page(write_answer(kind, m, "html")) for m in (answer(), attacked(answer())))

    assert [tag for tag, _ in plain.elements] == [tag for tag, _ in hostile.elements]
