"""A forecast: at one date it is the check of that date; papers that end are told with their day."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from netproof.demo import write
from netproof.pipeline.forecast import first_not_passing, forecast, steps, stops_passing
from netproof.pipeline.request import Request
from netproof.pipeline.supervisor import assess
from tests.assessing import assessed
from tests.networks import write_network
from tests.unit.sources.signing import identity, signed_pdf

if TYPE_CHECKING:
    from pathlib import Path

DAYS = (date(2026, 11, 1), date(2027, 11, 1), date(2029, 1, 1))


@pytest.fixture(scope="module")
def musternetz(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("forecast") / "musternetz"
    write(folder, sites=100, seed=3)
    return folder


def told(folder: Path, *days: date, papers_only: bool = False, listed: int = 100_000) -> dict[str, Any]:
    request = Request(path=folder, as_of=days[0], dates=days, papers_only=papers_only, findings_max=listed)
    return forecast(request, lambda *_: None, before=lambda: None)


def counted(check: dict[str, Any]) -> dict[str, int]:
    """A check's findings that count, by outcome."""
    return {outcome: check["counts"][outcome] for outcome in ("fail", "no_evidence", "needs_review")}


@pytest.fixture(scope="module")
def whole(musternetz: Path) -> dict[str, Any]:
    """The forecast of every check, in a process of its own, behind its walls."""
    request = Request(path=musternetz, as_of=DAYS[0], dates=DAYS, findings_max=100_000)
    return assess(request, lambda *_: None).model


@pytest.fixture(scope="module")
def each(musternetz: Path) -> list[dict[str, Any]]:
    """The check of every date."""
    return [assessed(musternetz, day) for day in DAYS]


@pytest.mark.parametrize("place", range(len(DAYS)))
def test_on_each_date_it_says_what_the_check_of_that_date_says(
    each: list[dict[str, Any]], whole: dict[str, Any], place: int
) -> None:
    check = each[place]
    want = {c["id"]: (c["outcome"], c["in_scope"], counted(c)) for c in check["checks"]}
    got = {
        c["id"]: (c["outcomes"][place], c["in_scope"][place], {o: n[place] for o, n in c["counts"].items()})
        for c in whole["checks"]
    }

    assert got == want
    requirements = {r["id"]: r["outcome"] for c in check["catalogues"] for r in c["requirements"]}
    assert {r["id"]: r["outcomes"][place] for r in whole["requirements"]} == requirements


def test_at_one_date_it_is_that_dates_check_and_nothing_changes(
    musternetz: Path, each: list[dict[str, Any]]
) -> None:
    got = told(musternetz, DAYS[1])
    want = {c["id"]: counted(c) for c in each[1]["checks"]}

    assert {c["id"]: {o: n[0] for o, n in c["counts"].items()} for c in got["checks"]} == want
    assert got["changes"] == []


def test_changes_lead_from_one_dates_findings_to_the_next(
    each: list[dict[str, Any]], whole: dict[str, Any]
) -> None:
    found = [
        {(c["id"], f["subject_id"]): f["outcome"] for c in check["checks"] for f in c["findings"]}
        for check in each
    ]
    state = dict(found[0])
    for place, day in enumerate(DAYS[1:], 1):
        gone = set(found[place - 1]) - set(found[place])
        state = {key: outcome for key, outcome in state.items() if key not in gone}
        for change in whole["changes"]:
            if change["date"] == day.isoformat():
                state |= {(change["check_id"], f["subject_id"]): f["outcome"] for f in change["findings"]}
        assert state == found[place]
        told_gone = sum(c["counts"]["gone"] for c in whole["changes"] if c["date"] == day.isoformat())
        assert told_gone == len(gone)


def test_papers_only_leaves_out_what_ages_and_says_so(musternetz: Path, whole: dict[str, Any]) -> None:
    got = told(musternetz, *DAYS[:2], papers_only=True)
    kept = {c["id"]: c for c in got["checks"]}
    every = {c["id"]: c for c in whole["checks"]}

    assert "CERT-001" in kept
    assert "MON-002" in got["left_out"]["checks"]
    assert {*kept, *got["left_out"]["checks"]} == set(every)
    assert kept["CERT-001"]["outcomes"] == every["CERT-001"]["outcomes"][:2]
    assert "A2-5" in got["left_out"]["requirements"]


def test_findings_are_counted_beyond_those_that_are_listed(musternetz: Path, whole: dict[str, Any]) -> None:
    got = told(musternetz, *DAYS, listed=1)

    assert max(c["counts"]["new"] for c in got["changes"]) > 1
    assert all(len(c["findings"]) <= 1 for c in got["changes"])
    assert [c["counts"] for c in got["changes"]] == [c["counts"] for c in whole["changes"]]


CERTIFIED = {
    "component": "component_id,function,zone,product_id,version,first_used_on\n"
    "C1,AMF,core,P1,2,2025-12-01\nC2,AMF,core,P1,2,2025-12-01\n",
    "certificate": "certificate_id,scheme,requirement_documents,product_id,version_from,version_to,issued_on,"
    "expires_on,status\n"
    "Z1,NESAS_CCS_GI,TS 33.512,P1,1,3,2025-03-01,2027-02-28,valid\n"
    "Z2,NESAS_CCS_GI,TS 33.512,P1,1,3,2025-03-01,2027-01-15,valid\n"
    "Z3,NESAS_CCS_GI,TS 33.512,P9,1,3,2025-03-01,2027-01-20,valid\n"
    "Z4,NESAS_CCS_GI,TS 33.512,P1,1,3,2025-03-01,2026-12-20,withdrawn\n",
}


def test_a_certificate_fails_the_day_after_its_last_and_lapses_in_its_month(tmp_path: Path) -> None:
    folder = write_network(tmp_path / "n", dict(CERTIFIED))
    got = told(folder, date(2026, 12, 1), date(2027, 2, 28), date(2027, 3, 1), papers_only=True)
    check = next(c for c in got["checks"] if c["id"] == "CERT-001")

    assert check["outcomes"] == ["pass", "pass", "fail"]
    assert (check["first_not_passing"], check["stops_passing"]) == ("2027-03-01", "2027-03-01")
    change = next(c for c in got["changes"] if c["check_id"] == "CERT-001")
    assert (change["date"], change["since"], change["counts"]["new"]) == ("2027-03-01", "2027-02-28", 2)
    assert "Z1 expired on 2027-02-28" in change["findings"][0]["reason"]
    months = {
        m["month"]: [(r["certificate_id"], r["components"], r["uncovered"]) for r in m["rows"]]
        for m in got["certificates"]["months"]
    }
    assert months == {
        "2026-12": [],
        "2027-01": [("Z2", 2, 0), ("Z3", 0, 0)],
        "2027-02": [("Z1", 2, 2)],
        "2027-03": [],
    }


LISTS = """catalogue_id,rank,area,function_class,function,zone,schemes,route,source
de-tkg-2.0,10,Core,core_3gpp,AMF,,BSZ,open,ours
de-tkg-2025-draft,20,Core,core_3gpp,AMF,,NESAS_CCS_GI,open,ours
de-tkg-2025-draft,30,Core,core_3gpp,UPF,,NESAS_CCS_GI,open,ours
"""
BOTH = 'catalogues = ["de-tkg-2.0", "de-tkg-2025-draft"]\n'


def test_a_certificate_lapses_for_what_any_catalogue_by_its_own_list_asks_of_it(tmp_path: Path) -> None:
    more = "C3,UPF,core,P1,2,2025-12-01\n"
    tables = {**CERTIFIED, "critical_function": LISTS, "component": CERTIFIED["component"] + more}
    got = told(write_network(tmp_path / "n", dict(tables), settings=BOTH), *DAYS[:2], papers_only=True)
    rows = {r["certificate_id"]: r for m in got["certificates"]["months"] for r in m["rows"]}

    assert {name: (r["components"], r["uncovered"]) for name, r in rows.items()} == {
        "Z1": (3, 3),
        "Z2": (3, 0),
        "Z3": (0, 0),
    }


def test_a_requirement_counts_the_findings_that_its_own_catalogue_makes_of_its_checks(tmp_path: Path) -> None:
    tables = {"component": "component_id,function,zone\nC1,AMF,core\nG1,GNB,access\nG2,GNB,access\n"}
    folder = write_network(tmp_path / "n", dict(tables), settings=BOTH)
    got = {r["id"]: r["counts"]["no_evidence"] for r in told(folder, *DAYS[:2])["requirements"]}
    checks = {c["id"]: c for c in assessed(folder, DAYS[0])["catalogues"][0]["requirements"]}

    assert got["A2-5"][0] == checks["A2-5"]["findings"]["no_evidence"]
    assert got["D25-monitoring"][0] > got["A2-5"][0]


def test_a_restriction_begins_to_bind_on_its_day(tmp_path: Path) -> None:
    tables = {
        "component": "component_id,function,zone,supplier_id\nC1,AMF,core,S1\n",
        "supplier": "supplier_id,name\nS1,One\n",
        "restriction": "restriction_id,regime,legal_status,supplier_id,effect,effective_on\n"
        "R1,Mine,contract,S1,ban,2027-12-31\n",
    }
    folder = write_network(tmp_path / "n", dict(tables))
    got = told(folder, date(2026, 12, 31), date(2027, 12, 31), date(2029, 12, 31), papers_only=True)
    check = next(c for c in got["checks"] if c["id"] == "RES-001")

    assert check["counts"]["fail"] == [0, 1, 1]
    assert check["stops_passing"] == "2027-12-31"


def test_an_accepted_finding_is_new_when_its_waiver_has_ended(tmp_path: Path) -> None:
    tables = {
        "component": "component_id,function,zone,supplier_id\nC1,AMF,core,S1\n",
        "supplier": "supplier_id,name\nS1,One\n",
        "restriction": "restriction_id,regime,legal_status,supplier_id,effect,effective_on\n"
        "R1,Mine,contract,S1,ban,2026-01-01\n",
        "waiver": "check_id,subject_id,reason,owner_role,granted_on,ends_on\n"
        "RES-001,C1,agreed,CISO,2026-10-01,2027-06-30\n",
    }
    folder = write_network(tmp_path / "n", dict(tables))
    got = told(folder, date(2026, 12, 1), date(2027, 6, 30), date(2027, 7, 1), papers_only=True)
    check = next(c for c in got["checks"] if c["id"] == "RES-001")

    assert check["counts"]["fail"] == [0, 0, 1]
    changes = [(c["date"], c["counts"]["new"]) for c in got["changes"] if c["check_id"] == "RES-001"]
    assert changes == [("2027-07-01", 1)]


def test_steps_keep_the_day_of_the_month_where_there_is_one() -> None:
    assert steps(date(2026, 12, 31), date(2027, 3, 31), 1) == (
        date(2026, 12, 31),
        date(2027, 1, 31),
        date(2027, 2, 28),
        date(2027, 3, 31),
    )
    assert steps(date(2026, 11, 1), date(2026, 11, 1), 12) == (date(2026, 11, 1),)
    assert steps(date(9999, 6, 1), date.max, 12) == (date(9999, 6, 1),)


def test_what_is_not_asked_yet_may_stop_passing_and_what_fails_at_first_does_not() -> None:
    days = ["d1", "d2", "d3"]

    assert first_not_passing(days, ["pass", "needs_review", "fail"]) == "d2"
    assert stops_passing(days, ["not_applicable", "pass", "fail"]) == "d3"
    assert stops_passing(days, ["fail", "fail", "fail"]) is None
    assert stops_passing(days, ["fail", "pass", "no_evidence"]) == "d3"
    assert first_not_passing(days, ["pass", "pass", "not_applicable"]) is None


def test_a_signature_is_judged_for_each_date(tmp_path: Path) -> None:
    authority = identity("Authority")
    pdf = signed_pdf(identity("Supplier", authority, end=date(2027, 6, 30)))
    folder = write_network(
        tmp_path / "net",
        {
            "supplier": "supplier_id,name\nS1,Alpha\n",
            "component": "component_id,function,zone,supplier_id\nC1,AMF,core,S1\n",
            "declaration": (
                "declaration_id,supplier_id,form,signed_on,valid_to,document,sha256,signature\n"
                f"D1,S1,trustworthiness,2026-03-02,2035-01-01,d.pdf,{sha256(pdf).hexdigest()},\n"
            ),
        },
    )
    for name, content in (("documents/d.pdf", pdf), ("trust/ca.pem", authority.pem)):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    days = (date(2026, 11, 1), date(2027, 6, 29), date(2027, 7, 1), date(2028, 1, 1))

    got = {c["id"]: c["outcomes"] for c in told(folder, *days)["checks"]}

    alone = [{c["id"]: c["outcome"] for c in assessed(folder, day)["checks"]} for day in days]
    assert got == {name: [outcomes[name] for outcomes in alone] for name in got}
    assert got["DOC-002"] == ["pass", "pass", "no_evidence", "no_evidence"]
