"""The words: every outcome has one, counts have their whole, nothing stays invisible."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netproof.report import words


@pytest.mark.parametrize(
    "vocabulary", [words.OUTCOME, words.COUNTED, words.OUTCOME_MEANING], ids=["tag", "count", "meaning"]
)
def test_every_outcome_has_its_word(vocabulary: dict[str, str]) -> None:
    got = set(vocabulary)

    assert got == set(words.WORST_FIRST)


@pytest.mark.parametrize(
    ("table", "count", "want"),
    [
        ("component", 1, "component"),
        ("component", 0, "components"),
        ("dependency", 2, "dependencies"),
        ("critical_function", 3, "critical functions"),
        ("person", 5, "people"),
        ("switch", 2, "switches"),
        ("key", 2, "keys"),
    ],
)
def test_a_table_is_named_as_people_count_it(table: str, count: int, want: str) -> None:
    assert words.plural(table, count) == want


@pytest.mark.parametrize(
    ("outcome", "want"),
    [
        ("fail", "12 of 3,410 components"),
        ("no_evidence", "30 of 3,410 components"),
        ("pass", "3,410 components"),
        ("not_applicable", "no components in scope"),
        ("error", "no answer"),
    ],
)
def test_a_count_has_its_whole(outcome: str, want: str) -> None:
    check = {
        "outcome": outcome,
        "subject_table": "component",
        "in_scope": 3410,
        "counts": {"fail": 12, "no_evidence": 30, "needs_review": 0},
    }

    assert words.extent(check) == want


def test_a_file_that_was_not_read_whole_is_no_subject() -> None:
    files = [{"subject_id": f"{name}.csv (all)", "outcome": "no_evidence"} for name in ("component", "site")]
    counts = {"fail": 0, "no_evidence": 2, "needs_review": 0}
    check = {"outcome": "no_evidence", "subject_table": "site", "in_scope": 1, "counts": counts}

    assert words.extent({**check, "findings": files}) == "2 files not read whole, 1 site"
    assert words.extent({**check, "in_scope": 9, "findings": files[:1]}) == (
        "1 of 9 sites, 1 file not read whole"
    )


def test_what_the_extent_does_not_say_is_said_besides() -> None:
    check = {"outcome": "fail", "counts": {"fail": 12, "no_evidence": 30, "needs_review": 2}}

    assert words.besides(check) == "30 without evidence, 2 to review"


def test_the_closing_line_counts_every_outcome() -> None:
    counts = {"error": 1, "fail": 5, "no_evidence": 2, "needs_review": 0, "pass": 20, "not_applicable": 1}

    got = words.totals(counts)

    assert got == "29 checks: 20 pass, 5 fail, 2 without evidence, 1 did not finish, 1 not applicable"


def test_a_turned_text_shows_what_turns_it() -> None:
    assert words.visible("invoice\u202efdp.exe") == "invoice⟨U+202E⟩fdp.exe"


def test_text_that_people_write_stays_as_it_is() -> None:
    text = "Köln, 東京, Ελλάδα, مرحبا: §165 “a” – 5 €"

    assert words.visible(text) == text


@given(st.text(st.characters(exclude_categories=())))
def test_nothing_that_controls_is_left(text: str) -> None:
    got = {unicodedata.category(character) for character in words.visible(text)}

    assert got & {"Cc", "Cs", "Zl", "Zp"} == set()


@given(st.text(st.characters(exclude_categories=())))
def test_what_is_made_visible_is_never_taken_for_other_text(text: str) -> None:
    assert words.visible(words.visible(text)) == words.visible(text)
