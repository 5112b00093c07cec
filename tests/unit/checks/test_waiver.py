"""An accepted finding stays listed and does not count while its waiver holds; then it counts again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from tests.assessing import assessed
from tests.networks import write_network

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = date(2026, 11, 1)
HEAD = "check_id,subject_id,reason,owner_role,granted_on,ends_on,document\n"
TABLES: dict[str, str | bytes] = {
    "component": "component_id,function,zone\nC1,AMF,core\nC2,SMF,core\n",
    "site": "site_id\nB1\n",
}
"""Two critical components without supplier: two findings of TRUST-005."""


def told(tmp_path: Path, *rows: str, as_of: date = AS_OF) -> dict[str, Any]:
    """The report model of the network with these waivers."""
    folder = tmp_path / f"net{len(list(tmp_path.iterdir()))}"
    waivers: dict[str, str | bytes] = {"waiver": HEAD + "".join(f"{row}\n" for row in rows)} if rows else {}
    return assessed(write_network(folder, TABLES | waivers), as_of)


def check(model: dict[str, Any], name: str = "TRUST-005") -> dict[str, Any]:
    """One check of a model."""
    found: dict[str, Any] = next(item for item in model["checks"] if item["id"] == name)
    return found


def waivers(model: dict[str, Any]) -> dict[str, str]:
    """Which findings of the check bear a waiver, and of which kind."""
    kinds = ("waiver", "waiver_ended")
    return {f["subject_id"]: kind for f in check(model)["findings"] for kind in kinds if kind in f}


def test_an_accepted_finding_is_listed_and_does_not_count(tmp_path: Path) -> None:
    got = check(told(tmp_path, "TRUST-005,C1,planned,CTO,2026-01-01,2026-12-31,"))

    assert (got["outcome"], got["counts"]) == (
        "no_evidence",
        {"fail": 0, "no_evidence": 1, "needs_review": 0, "waived": 1},
    )
    assert [f["subject_id"] for f in got["findings"]] == ["C2", "C1"]
    assert got["findings"][1]["waiver"] == {"reason": "planned", "owner": "CTO", "ends_on": "2026-12-31"}


def test_a_check_all_of_whose_findings_are_accepted_passes(tmp_path: Path) -> None:
    model = told(tmp_path, "TRUST-005,*,planned,CTO,2026-01-01,2026-12-31,")

    assert (check(model)["outcome"], check(model)["findings_total"]) == ("pass", 2)
    assert model["summary"]["findings"]["waived"] == 2


def test_a_waiver_holds_from_its_first_to_its_last_day(tmp_path: Path) -> None:
    days = {"2026-10-31": 0, "2026-11-01": 1, "2026-12-31": 1, "2027-01-01": 0}
    row = "TRUST-005,C1,planned,CTO,2026-11-01,2026-12-31,"
    got = {
        day: check(told(tmp_path, row, as_of=date.fromisoformat(day)))["counts"].get("waived", 0)
        for day in days
    }

    assert got == days


def test_after_its_end_the_finding_counts_again_and_says_so(tmp_path: Path) -> None:
    model = told(tmp_path, "TRUST-005,C1,planned,CTO,2026-01-01,2026-10-31,")

    assert waivers(model) == {"C1": "waiver_ended"}
    assert check(model)["counts"] == {"fail": 0, "no_evidence": 2, "needs_review": 0}


def test_one_that_holds_goes_before_one_that_has_ended(tmp_path: Path) -> None:
    rows = ("TRUST-005,C1,a,CTO,2026-01-01,2026-10-31,", "TRUST-005,*,b,CTO,2026-01-02,2026-11-01,")

    assert waivers(told(tmp_path, *rows)) == {"C1": "waiver", "C2": "waiver"}


def test_a_waiver_for_what_is_not_found_is_told(tmp_path: Path) -> None:
    model = told(
        tmp_path,
        "TRUST-005,C9,planned,CTO,2026-01-01,2026-12-31,",
        "CERT-004,*,planned,CTO,2026-01-01,2026-12-31,",
        "NONE-001,C1,planned,CTO,2026-01-01,2026-12-31,",
        "TRUST-005,C8,ended,CTO,2025-01-01,2025-12-31,",
    )

    assert model["data_issues"]["by_kind"] == {"idle_waiver": 3}
    assert {e["value"] for e in model["data_issues"]["examples"]} == {"C9", "*", "C1"}
    assert "no check is called NONE-001" in {e["message"] for e in model["data_issues"]["examples"]}


def test_a_waiver_without_an_end_is_none(tmp_path: Path) -> None:
    model = told(tmp_path, "TRUST-005,C1,planned,CTO,2026-01-01,,")

    assert waivers(model) == {}
    assert model["import_issues"]["by_file"] == {"waiver.csv": 1}


def test_a_waiver_s_missing_document_is_told(tmp_path: Path) -> None:
    model = told(tmp_path, "TRUST-005,C1,planned,CTO,2026-01-01,2026-12-31,board.pdf")

    assert model["data_issues"]["by_kind"] == {"missing_document": 1}


def test_a_requirement_follows_the_checks_without_what_is_accepted(tmp_path: Path) -> None:
    names = [item["id"] for item in told(tmp_path)["checks"]]
    rows = [f"{name},*,planned,CTO,2026-01-01,2026-12-31," for name in names]
    got = {r["id"]: r["outcome"] for c in told(tmp_path, *rows)["catalogues"] for r in c["requirements"]}

    assert {got[name] for name in ("A2-2", "A2-3", "A2-7")} <= {"pass", "not_applicable"}
