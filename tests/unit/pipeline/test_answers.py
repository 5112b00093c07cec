"""What no data decides, a person answers; the answer holds for a time and rests on its document."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from netproof.report import write
from tests.assessing import assessed
from tests.networks import write_network

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = date(2026, 11, 1)
HEAD = "requirement_id,catalogue_id,answer,answered_by_role,answered_on,valid_to,document,sha256,note\n"
ASKED = "MAIN-3.1.1"
"""A requirement of the shipped catalogue that no check decides."""
PAPER = b"we have a policy"
DIGEST = sha256(PAPER).hexdigest()


def told(tmp_path: Path, *rows: str) -> dict[str, Any]:
    """The report model of a network with these answers."""
    tables: dict[str, str | bytes] = {"site": "site_id\nB1\n", "component": "component_id\n"}
    if rows:
        tables["answer"] = HEAD + "".join(f"{row}\n" for row in rows)
    folder = write_network(tmp_path / "net", tables)
    (folder / "documents").mkdir()
    (folder / "documents" / "policy.txt").write_bytes(PAPER)
    return assessed(folder, AS_OF)


def requirement(model: dict[str, Any], name: str = ASKED) -> dict[str, Any]:
    """One requirement of a model."""
    found: dict[str, Any] = next(r for c in model["catalogues"] for r in c["requirements"] if r["id"] == name)
    return found


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            f"{ASKED},de-tkg2.0,met,officer,2026-01-01,,,,",
            "no catalogue of this run, or of netproof, is called de-tkg2.0",
        ),
        ("MAIN-9,de-tkg-2.0,met,officer,2026-01-01,,,,", "catalogue de-tkg-2.0 has no requirement MAIN-9"),
        ("MAIN-9,,met,officer,2026-01-01,,,,", "no catalogue of this run has a requirement MAIN-9"),
        ("TKG-168-24h,de-tkg,met,officer,2026-01-01,,,,", ""),
    ],
)
def test_an_answer_that_meets_nothing_is_told(tmp_path: Path, row: str, message: str) -> None:
    issues = told(tmp_path, row)["data_issues"]

    assert [example["message"] for example in issues["examples"]] == ([message] if message else [])
    assert issues["by_kind"] == ({"idle_answer": 1} if message else {})


@pytest.mark.parametrize(
    ("row", "outcome", "why"),
    [
        (f"{ASKED},,met,officer,2026-01-01,,,,", "pass", "answered met on 2026-01-01 by officer"),
        (f"{ASKED},,not_met,officer,2026-01-01,,,,", "fail", "answered not met"),
        (f"{ASKED},,not_applicable,officer,2026-01-01,,,,", "not_applicable", "answered not applicable"),
        (f"{ASKED},de-tkg-2.0,met,officer,2026-01-01,2026-11-01,,,", "pass", ""),
        (f"{ASKED},,met,officer,2026-01-01,2026-10-31,,,", "needs_review", "was valid until 2026-10-31"),
        (f"{ASKED},,met,officer,2026-11-02,,,,", "needs_review", "answered only on 2026-11-02"),
        (f"{ASKED},other,met,officer,2026-01-01,,,,", "needs_review", "nobody has answered"),
        (f"{ASKED},,met,officer,2026-01-01,,policy.txt,{DIGEST},", "pass", "answered met"),
        (f"{ASKED},,met,officer,2026-01-01,,policy.txt,,", "no_evidence", "no digest to compare with"),
        (f"{ASKED},,met,officer,2026-01-01,,policy.txt,{'ab' * 32},", "no_evidence", "was changed"),
        (f"{ASKED},,met,officer,2026-01-01,,gone.txt,{DIGEST},", "no_evidence", "is missing"),
        (f"{ASKED},,met,officer,2026-01-01,,../network.toml,{DIGEST},", "no_evidence", "is missing"),
    ],
)
def test_an_answer_decides_as_far_as_it_holds(tmp_path: Path, row: str, outcome: str, why: str) -> None:
    got = requirement(told(tmp_path, row))

    assert (got["outcome"], why in got["reason"]) == (outcome, True), got


def test_without_an_answer_a_person_must(tmp_path: Path) -> None:
    got = requirement(told(tmp_path))

    assert (got["outcome"], got["reason"], "answer" in got) == ("needs_review", "nobody has answered", False)


def test_the_latest_answer_that_holds_decides(tmp_path: Path) -> None:
    model = told(
        tmp_path,
        f"{ASKED},,not_met,officer,2026-01-01,,,,",
        f"{ASKED},,met,officer,2026-06-01,,,,",
        f"{ASKED},,not_met,officer,2026-09-01,2026-10-01,,,",
    )

    assert (requirement(model)["outcome"], requirement(model)["answer"]["answered_on"]) == (
        "pass",
        "2026-06-01",
    )


def test_a_newer_answer_without_its_document_is_not_passed_over_for_an_older_kinder_one(
    tmp_path: Path,
) -> None:
    model = told(
        tmp_path,
        f"{ASKED},,met,officer,2026-01-01,,,,",
        f"{ASKED},,not_met,officer,2026-06-01,,gone.txt,{DIGEST},",
    )

    assert requirement(model)["outcome"] == "no_evidence"


def test_an_answer_of_one_catalogue_goes_before_one_of_all(tmp_path: Path) -> None:
    model = told(
        tmp_path,
        f"{ASKED},,not_met,officer,2026-01-01,,,,",
        f"{ASKED},de-tkg-2.0,met,officer,2026-01-01,,,,",
    )

    assert requirement(model)["outcome"] == "pass"


def test_an_answer_never_overrides_the_data(tmp_path: Path) -> None:
    without = requirement(told(tmp_path / "a"), "A2-2")
    got = requirement(told(tmp_path / "b", "A2-2,,met,officer,2026-01-01,,,,"), "A2-2")

    assert (got["outcome"], got["answer"]["counts"]) == (without["outcome"], False)
    assert got["answer"]["reason"] == "its checks decide; the answer changes nothing"


def test_an_answer_to_nothing_is_told(tmp_path: Path) -> None:
    model = told(
        tmp_path,
        "NOPE,,met,x,2026-01-01,,,,",
        "NO,de-tkg-2.0,met,x,2026-01-01,,,,",
        "X,de-bsig,met,x,2026-01-01,,,,",
    )

    assert [e["message"] for e in model["data_issues"]["examples"]] == [
        "catalogue de-tkg-2.0 has no requirement NO",
        "no catalogue of this run has a requirement NOPE",
    ]


@pytest.mark.parametrize("missing", ["answered_by_role", "answered_on", "answer"])
def test_an_answer_without_who_when_or_what_is_none(tmp_path: Path, missing: str) -> None:
    row = {"answer": "met", "answered_by_role": "officer", "answered_on": "2026-01-01"} | {missing: ""}
    model = told(tmp_path, f"{ASKED},,{row['answer']},{row['answered_by_role']},{row['answered_on']},,,,")

    assert requirement(model)["outcome"] == "needs_review"
    assert model["import_issues"]["by_file"] == {"answer.csv": 1}


@pytest.mark.parametrize("form", ["terminal", "html", "json"])
def test_every_report_shows_the_answer(tmp_path: Path, form: str) -> None:
    model = told(tmp_path, f"{ASKED},,met,night watch,2026-01-01,,policy.txt,{DIGEST},since the audit")
    text = " ".join(write(model, form).split())

    assert [word in text for word in ("night watch", "policy.txt", "since the audit")] == [True] * 3
