"""A requirement binds from its first day to its last, and on no other."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from netproof.catalogue.check import Outcome
from netproof.catalogue.control import Control, read_catalogue
from netproof.errors import CatalogueError
from netproof.pipeline.answers import Told
from netproof.pipeline.concern import Concern
from netproof.pipeline.model import _outside, _requirement
from tests.assessing import assessed
from tests.networks import write_network

if TYPE_CHECKING:
    from pathlib import Path

EMPTY = {Outcome.FAIL: 0, Outcome.NO_EVIDENCE: 0, Outcome.NEEDS_REVIEW: 0}
NOBODY = Told(Outcome.NEEDS_REVIEW, "nobody answered")
FAILED = {"X-001": Concern(Outcome.FAIL, {**EMPTY, Outcome.FAIL: 2})}


def requirement(frm: str, to: str, *checks: str) -> Control:
    return Control("R", "Title", "Prose", "in_force", frm, to, (), checks)


@pytest.mark.parametrize(
    ("day", "outcome"),
    [
        (date(2021, 5, 27), "not_applicable"),
        (date(2021, 5, 28), "fail"),
        (date(2025, 12, 5), "fail"),
        (date(2025, 12, 6), "not_applicable"),
    ],
)
def test_both_days_are_included(day: date, outcome: str) -> None:
    told = _requirement(requirement("2021-05-28", "2025-12-05", "X-001"), FAILED, NOBODY, day)

    assert told["outcome"] == outcome


def test_a_requirement_outside_its_time_says_why() -> None:
    early = _requirement(requirement("2027-01-01", "", "X-001"), FAILED, NOBODY, date(2026, 11, 1))
    late = _requirement(requirement("", "2025-12-05"), {}, NOBODY, date(2026, 11, 1))

    assert early["reason"] == "not valid before 2027-01-01"
    assert late["reason"] == "not valid after 2025-12-05"
    assert "findings" not in early


def test_a_requirement_without_days_always_binds() -> None:
    assert _outside(requirement("", ""), date(1999, 1, 1)) == ""


def test_findings_of_its_checks_are_counted() -> None:
    told = _requirement(requirement("", "", "X-001"), FAILED, NOBODY, date(2026, 11, 1))

    assert told["findings"] == {"fail": 2, "no_evidence": 0, "needs_review": 0}
    assert "reason" not in told


def repealed(folder: Path, day: date) -> dict[str, Any]:
    write_network(folder, {"component": "component_id\nC1\n"})
    told = assessed(folder, day, catalogues=("de-bsig",))
    return {r["id"]: r for r in told["catalogues"][0]["requirements"]}


def test_repealed_9b_applied_in_2023(tmp_path: Path) -> None:
    told = repealed(tmp_path / "net", date(2023, 6, 1))

    assert told["BSIG-9b-notice"]["outcome"] == "needs_review"
    assert told["BSIG-41-orders"]["outcome"] == "not_applicable"
    assert told["BSIG-41-orders"]["reason"] == "not valid before 2025-12-06"


def test_repealed_9b_does_not_apply_in_2027(tmp_path: Path) -> None:
    told = repealed(tmp_path / "net", date(2027, 6, 1))

    assert told["BSIG-9b-notice"]["outcome"] == "not_applicable"
    assert told["BSIG-9b-notice"]["reason"] == "not valid after 2025-12-05"
    assert told["BSIG-41-facts"]["outcome"] == "no_evidence"


def test_a_catalogue_with_an_impossible_day_is_refused() -> None:
    text = """{"catalog": {"uuid": "88b5e36c-f39a-5eee-853f-932e0935c709", "metadata": {"title": "T",
        "last-modified": "2026-11-22T00:00:00Z", "version": "1", "oscal-version": "1.2.3"},
        "controls": [{"id": "C1", "title": "C", "props": [{"name": "valid-from",
        "ns": "https://netproof.example/ns/oscal", "value": "2026-02-30"}]}]}}"""

    with pytest.raises(CatalogueError, match="C1: valid-from: expected a date"):
        read_catalogue("x", text, place="x.json", mapping={})
