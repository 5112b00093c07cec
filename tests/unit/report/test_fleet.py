"""The fleet as text, page and JSON: whole, harmless, the same every time, and with what matters in it."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import jsonschema_rs
import pytest

from netproof.errors import ReportError
from netproof.report.diff_json import schema
from netproof.report.diff_registry import write_answer
from netproof.report.fleet_words import ADVICE, FINDING, LOOK, MEANING, NEXT, SAID, STATUS, TITLE, advice
from netproof.report.words import OUTCOME
from tests.unit.report.fleet_models import COUNTS, FLEETS, fleet
from tests.unit.report.hostile import PAYLOAD
from tests.unit.report.page_laws import leads_somewhere, reads_in_order, runs_only_what_its_policy_names
from tests.unit.report.test_as_html import Page

WORDS_OF_LISTS = {"status", "slot", "kind", "schema_version", "as_of", "rebuild", "outcome", "observed_at"}


def attacked(value: Any, key: str = "") -> Any:
    """The same model with a payload behind every text that somebody else wrote."""
    if isinstance(value, dict):
        return {name: attacked(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [attacked(inner, key) for inner in value]
    return value + PAYLOAD if isinstance(value, str) and key not in WORDS_OF_LISTS else value


MODELS = {**FLEETS, "hostile": attacked(fleet())}
HTML = {name: write_answer("fleet", model, "html") for name, model in MODELS.items()}
PAGES = {name: Page(html) for name, html in HTML.items()}
every = pytest.mark.parametrize("name", PAGES)


def words_of(html: str) -> str:
    """Words of a page; cells of a table are words apart."""
    return " ".join("".join(Page(re.sub("</t[hd]>", " ", html)).words).split())


@pytest.mark.parametrize("name", FLEETS)
def test_the_models_tried_here_follow_the_published_schema(name: str) -> None:
    jsonschema_rs.validator_for(schema("fleet")).validate(
        json.loads(write_answer("fleet", FLEETS[name], "json"))
    )


def test_every_status_and_finding_has_its_words() -> None:
    assert set(SAID) == set(TITLE) == set(MEANING) == set(LOOK) == set(STATUS) == set(COUNTS)
    assert set(NEXT) == set(STATUS) - {"logged"}
    assert set(ADVICE) == set(FINDING) == set(fleet()["findings"])
    assert set(LOOK.values()) <= set(OUTCOME)


@every
def test_the_page_reads_in_order_and_leads_somewhere(name: str) -> None:
    reads_in_order(PAGES[name])
    leads_somewhere(PAGES[name])


@every
def test_nothing_runs_or_is_loaded_but_what_the_policy_names(name: str) -> None:
    runs_only_what_its_policy_names(PAGES[name], HTML[name])


@every
def test_every_table_has_a_caption_and_every_row_as_many_cells_as_its_head(name: str) -> None:
    for table in re.findall(r"<table.*?</table>", HTML[name], re.DOTALL):
        head, *rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
        assert table.count("<caption") == 1
        assert {len(re.findall(r"<t[hd][ >]", row)) for row in rows} <= {len(re.findall(r"<th[ >]", head))}


def test_what_would_run_is_shown_as_text() -> None:
    words = "".join(PAGES["hostile"].words)

    assert "<script>alert(1)</script>" in words
    assert "⟨U+202E⟩txt.exe" in words
    assert (
        re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", HTML["hostile"])
        == []
    )


def test_a_terminal_shows_nothing_that_steers_it() -> None:
    text = write_answer("fleet", MODELS["hostile"], "terminal")

    assert re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text) == []


@pytest.mark.parametrize("form", ["html", "terminal", "json"])
def test_the_same_model_gives_the_same_text_and_stays_as_it_was(form: str) -> None:
    model = fleet()

    first = write_answer("fleet", model, form)

    assert write_answer("fleet", copy.deepcopy(model), form) == first
    assert model == fleet()


@pytest.mark.parametrize("form", ["html", "terminal"])
def test_counts_come_first_and_every_status_that_there_is_has_its_reason(form: str) -> None:
    text = write_answer("fleet", fleet(), form, width=400)
    words = words_of(text) if form == "html" else text

    assert "2 withdrawn, 61 unknown, 1 differs, 3 late, 40 without evidence, 48,104 logged" in words
    for status in STATUS[:-1]:
        assert MEANING[status] in words
        assert next(row["worst"] for row in fleet()["reasons"] if row["status"] == status) in words
    assert (
        words.index("48,104 logged") < words.index(MEANING["withdrawn"]) < words.index(MEANING["no_evidence"])
    )


@pytest.mark.parametrize("form", ["html", "terminal"])
def test_what_is_found_besides_is_told(form: str) -> None:
    text = write_answer("fleet", fleet(), form, width=400)
    words = words_of(text) if form == "html" else text

    for said in (
        *FINDING.values(),
        "cosigned by witness.example.org/one, witness.example.org/two by 2026-10-31 23:00 UTC",
        "log.example.net/other: 380 releases",
        "CH-000017",
        "the operator does not control it",
        "/usr/sbin/amfd",
        "SNMP walk, 1 observation",
        "77 parts that are no components",
        "127.0.0.4:9090",
        "means no component by its id, name or serial number",
    ):
        assert said in words


def test_a_terminal_lists_a_few_and_says_how_many_more_there_are() -> None:
    text = write_answer("fleet", fleet(), "terminal", width=100)

    assert "and 25 more releases (--format html or json lists them)" in text
    assert "and 27 more" in text
    assert len(text.splitlines()) < 120


def test_releases_with_the_same_reason_stand_under_it_once() -> None:
    reason = next(row["worst"] for row in fleet()["reasons"] if row["status"] == "unknown")

    assert write_answer("fleet", fleet(), "terminal", width=400).count(reason) == 1


def test_a_fleet_in_order_has_nothing_to_do() -> None:
    text = write_answer("fleet", FLEETS["sound"], "terminal")

    assert "7 components: 7 logged\n" in text
    assert "What to do next" not in text
    assert "Nothing: all that was seen is logged." in words_of(HTML["sound"])


@pytest.mark.parametrize("form", ["html", "terminal"])
def test_a_network_without_a_log_is_told_to_begin_one(form: str) -> None:
    text = write_answer("fleet", FLEETS["without a log"], form, width=400)
    words = words_of(text) if form == "html" else text

    assert "netproof release log NET init" in words
    assert "7 without evidence" in words
    assert "there is no table channel" in words
    assert "there is no table work" in words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"problem": "its root is another one"},
            "The log log.example.org/musternetz shows nothing: its root",
        ),
        ({"quorum": False, "checkpoint_at": None}, "no quorum of witnesses cosigned it"),
    ],
)
def test_a_log_that_proves_nothing_is_mended_first(change: dict[str, Any], words: str) -> None:
    model = fleet()
    model["log"] |= change

    assert words in write_answer("fleet", model, "terminal", width=400)
    assert "log NET" in advice(model)[0]


@pytest.mark.parametrize("form", ["html", "terminal"])
def test_a_model_that_lacks_something_is_refused(form: str) -> None:
    model = fleet()
    del model["channels"]

    with pytest.raises((ReportError, KeyError)):
        write_answer("fleet", model, form)
