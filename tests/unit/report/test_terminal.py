"""The terminal: no line too long, no word lost, nothing that steers it."""

from __future__ import annotations

import re
from io import StringIO
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from netproof import report
from netproof.report import terminal
from netproof.report.words import flowing, visible
from tests.unit.report import sample
from tests.unit.report.hostile import hostile
from tests.unit.report.test_as_json import empty

SAMPLE = sample.model()


def solid(text: str) -> str:
    """Text without blanks: what is left when lines are broken anywhere."""
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("width", [40, 60, 80, 132])
@pytest.mark.parametrize("model", [SAMPLE, hostile(SAMPLE)], ids=["sample", "hostile"])
def test_no_line_is_wider_than_the_terminal(model: dict[str, Any], width: int) -> None:
    got = max(cell_len(line) for line in report.write(model, "terminal", width=width).splitlines())

    assert got <= width


@pytest.mark.parametrize("model", [SAMPLE, hostile(SAMPLE)], ids=["sample", "hostile"])
def test_no_word_is_cut(model: dict[str, Any]) -> None:
    written = solid(report.write(model, "terminal", width=50))

    lost = [
        text
        for check in model["checks"]
        for text in (
            check["id"],
            flowing(check["title"]),
            *(finding["reason"] for finding in check["findings"][: terminal.FINDINGS_SHOWN]),
        )
        if solid(visible(text)) not in written
    ]
    assert lost == []


def test_nothing_steers_the_terminal() -> None:
    got = report.write(hostile(SAMPLE), "terminal")

    assert re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", got) == []


def test_a_check_is_one_line_in_the_house_form() -> None:
    lines = report.write(SAMPLE, "terminal", width=120).splitlines()

    assert (
        "  CERT-002  fail  6 of 412 components  Certificates were tested against a document admitted for the"
        in [line.rsplit(" function", 1)[0] for line in lines]
    )


def test_findings_name_file_and_line() -> None:
    assert "last signal on 2026-10-01  [component.csv:2]" in report.write(SAMPLE, "terminal", width=120)


def test_the_last_line_counts_the_checks_for_the_date() -> None:
    got = report.write(SAMPLE, "terminal", width=120).rstrip().splitlines()[-1]

    want = "29 checks: 13 pass, 9 fail, 3 without evidence, 2 to review, 1 did not finish, 1 not applicable"
    assert got == f"{want} (as of 2026-11-01)"


def test_the_families_stand_apart() -> None:
    got = report.write(SAMPLE, "terminal", width=120)

    for family in SAMPLE["families"]:
        assert f"  {family['title']}: " in got


def test_hidden_findings_are_counted_and_their_file_is_named() -> None:
    model = sample.model(findings_per_check=500, listed=5)
    model["checks"][0]["all_findings_file"] = "findings.csv"

    got = report.write(model, "terminal")

    assert "      and 497 more, all in findings.csv\n" in got
    assert "      and 497 more\n" in got


def test_a_check_that_two_requirements_ask_for_is_told_once() -> None:
    model = sample.model()
    model["catalogues"][0]["requirements"][1]["checks"].append("CERT-001")
    model["catalogues"][0]["requirements"][1]["checks"].append("GONE-001")

    got = report.write(model, "terminal")

    assert "  CERT-001  fail  shown above\n" in got
    assert "  GONE-001  not run\n" in got


def test_colour_only_repeats_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured = StringIO()
    terminal.show(SAMPLE, Console(file=coloured, width=80, force_terminal=True, color_system="standard"))

    without = re.sub(r"\x1b\[[0-9;]*m", "", coloured.getvalue())

    assert "\x1b[" in coloured.getvalue()
    assert [line.rstrip() for line in without.splitlines()] == report.write(SAMPLE, "terminal").splitlines()


def test_no_color_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    file = StringIO()
    terminal.show(SAMPLE, Console(file=file, width=80, force_terminal=True))

    assert re.findall(r"\x1b\[[0-9;]*3[0-7][0-9;]*m", file.getvalue()) == []


def test_of_every_file_that_was_not_read_whole_and_every_kind_of_issue_one_is_told() -> None:
    model = sample.model()
    unread = {"column": "ends_on", "expected": "a value", "got": "nothing"}
    files = ["component.csv"] * 4 + ["waiver.csv"]
    model["import_issues"] = {
        "total": 9,
        "by_file": {"component.csv": 8, "waiver.csv": 1},
        "examples": [{"file": file, "line": n, **unread} for n, file in enumerate(files, 2)],
    }
    issue = {"table": "site", "column": "site_id", "value": "B1", "file": "site.csv", "line": 3}
    kinds = ["duplicate_key"] * 4 + ["idle_waiver"]
    model["data_issues"] = {
        "total": 5,
        "by_kind": {"duplicate_key": 4, "idle_waiver": 1},
        "examples": [
            {"kind": kind, "key": f"K{n}", "message": kind, **issue} for n, kind in enumerate(kinds)
        ],
    }
    got = report.write(model, "terminal", width=120)

    assert "  waiver.csv:6 ends_on: expected a value, got nothing\n" in got
    assert "  component.csv:2 ends_on: expected a value, got nothing\n" in got
    assert "  and 6 more\n" in got
    assert "  site.csv:3 site.site_id K0: duplicate_key\n" in got
    assert "  site.csv:3 site.site_id K4: idle_waiver\n" in got
    assert "  and 2 more\n" in got


def test_nothing_asked_is_said_in_words() -> None:
    assert report.write(empty(), "terminal").splitlines()[-1] == "0 checks (as of 2026-11-01)"
