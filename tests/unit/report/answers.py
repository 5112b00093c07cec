"""Forecasts and differences, made by hand, that every format for people is tried on."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from netproof.report.words import FAMILY_TITLE, WORST_FIRST
from tests.unit.report.hostile import PAYLOAD

FINDING = ("fail", "no_evidence", "needs_review")
CHANGES = ("new", "worse", "reason", "better", "gone")
MOVES = ("new", "worse", "other", "better", "gone")
FORECAST_DATES = ("2026-12-31", "2027-12-31", "2029-12-31")
VOCABULARY = frozenset(
    {*WORST_FIRST, *CHANGES, *MOVES, *FAMILY_TITLE, "high", "medium", "low", "P", "draft", "in_force"}
    | {"added", "removed", "changed", "networks", "dates", "catalogues", "1.0"}
    | {"title", "prose", "checks", "valid_from", "sources", "legal_status"}
)
SOURCE = {"file": "certificate.csv", "line": 2, "sha256": "ab" * 32}


def attacked(value: Any) -> Any:
    """The same answer with a payload behind every free text."""
    if isinstance(value, dict):
        return {key: attacked(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [attacked(item) for item in value]
    if (
        isinstance(value, str)
        and value
        and value not in VOCABULARY
        and not re.fullmatch(r"\d{4}-\d\d(-\d\d)?", value)
    ):
        return value + PAYLOAD
    return value


def forecast(dates: tuple[str, ...] = FORECAST_DATES) -> dict[str, Any]:
    """Certificates lapse after the first date; a person answers one requirement."""
    spread = len(dates)
    return {
        "schema_version": "1.0",
        "network": {"name": "Musternetz", "country": "DE"},
        "dates": list(dates),
        "papers_only": True,
        "left_out": {"checks": ["MON-001", "RED-001"], "requirements": ["A2-5"]},
        "requirements": [
            _asked("A2-2", ["CERT-001", "CERT-003"], ["pass", *["fail"] * (spread - 1)], range(0, 600 * spread, 600), dates),
            _asked("A2-3", ["TRUST-001"], ["no_evidence"] * spread, [2] * spread, dates),
            _asked("M-1", [], ["needs_review"] * spread, [0] * spread, dates),
        ],
        "checks": [
            _foretold("CERT-001", "certified", ["pass", *["fail"] * (spread - 1)], range(0, 700 * spread, 700), dates),
            _foretold("CERT-003", "certified", ["needs_review", *["not_applicable"] * (spread - 1)], [3] * spread, dates),
            _foretold("TRUST-001", "paperwork", ["no_evidence"] * spread, [2] * spread, dates),
            _foretold("RES-001", "restricted", ["error"] * spread, [0] * spread, dates),
        ],
        "changes": [
            {
                "date": dates[1],
                "since": dates[0],
                "check_id": "CERT-001",
                "counts": {"new": 700, "worse": 0, "better": 0, "gone": 0},
                "findings": [_lapsed(number) for number in range(9)],
            },
            {
                "date": dates[1],
                "since": dates[0],
                "check_id": "CERT-003",
                "counts": {"new": 0, "worse": 0, "better": 0, "gone": 3},
                "findings": [],
            },
        ],
        "certificates": {"since": dates[0], "until": dates[-1], "months": [_month(m) for m in range(1, 13)]},
        "import_issues": 2,
        "data_issues": 7,
    }  # fmt: skip


def nothing_foretold() -> dict[str, Any]:
    """A forecast for one date of a network that nobody asks anything of."""
    return {
        **forecast(),
        "dates": ["2026-12-31"],
        "left_out": {"checks": [], "requirements": []},
        "requirements": [],
        "checks": [],
        "changes": [],
        "certificates": {"since": "2026-12-31", "until": "2026-12-31", "months": []},
    }


def month_by_month() -> dict[str, Any]:
    """A forecast of more dates than have room for words."""
    return forecast(tuple(str(date(2027 + month // 12, month % 12 + 1, 1)) for month in range(18)))


def _month(number: int) -> dict[str, Any]:
    rows = [_lapse(number, place) for place in range(number % 4)]
    uncovered = sum(row["uncovered"] for row in rows)
    return {"month": f"2027-{number:02}", "lapse": len(rows), "uncovered": uncovered, "rows": rows}


def _lapse(month: int, place: int) -> dict[str, Any]:
    return {
        "certificate_id": f"Z-{month}-{place}",
        "scheme": "NESAS_CCS_GI" if place else None,
        "product_id": "a-product-of-some-length" if place else None,
        "version_from": "V100R019C00SPC100",
        "version_to": None,
        "expires_on": f"2027-{month:02}-{place + 10}",
        "components": 12,
        "uncovered": 6 * place,
        "source": SOURCE if place else {"file": "certificate.csv", "line": None, "sha256": None},
    }


def _first(dates: tuple[str, ...], outcomes: list[str]) -> str | None:
    bad = {"error", *FINDING}
    return next((day for day, outcome in zip(dates, outcomes, strict=True) if outcome in bad), None)


def _counts(outcomes: list[str], numbers: Any) -> dict[str, list[int]]:
    return {
        found: [n if o == found else 0 for o, n in zip(outcomes, numbers, strict=True)] for found in FINDING
    }


def _asked(
    name: str, checks: list[str], outcomes: list[str], numbers: Any, dates: tuple[str, ...]
) -> dict[str, Any]:
    return {
        "catalogue": "de-tkg-2.0",
        "id": name,
        "title": f"What {name} asks, in a title that is long enough to wrap",
        "checks": checks,
        "outcomes": outcomes,
        "counts": _counts(outcomes, numbers),
        "first_not_passing": _first(dates, outcomes),
        "stops_passing": dates[1] if outcomes[0] == "pass" and outcomes[1] != "pass" else None,
    }


def _foretold(
    name: str, verdict: str, outcomes: list[str], numbers: Any, dates: tuple[str, ...]
) -> dict[str, Any]:
    return {
        "id": name,
        "title": f"What {name} says, in a title that is long enough to wrap",
        "verdict": verdict,
        "severity": "high",
        "subject_table": "component",
        "outcomes": outcomes,
        "in_scope": [2000] * len(dates),
        "counts": _counts(outcomes, numbers),
        "first_not_passing": _first(dates, outcomes),
        "stops_passing": None,
        "message": "stopped after 300 s" if outcomes[0] == "error" else "",
    }


def _lapsed(number: int) -> dict[str, Any]:
    return {
        "subject_table": "component",
        "subject_id": f"C-{number}" if number else "",
        "before": "needs_review" if number == 1 else None,
        "outcome": "fail",
        "change": "worse" if number == 1 else "new",
        "reason_before": "ends soon" if number == 1 else None,
        "reason": "certificate Z1 expired on 2027-02-28",
        "source": SOURCE if number else None,
    }


def difference(kind: str = "networks") -> dict[str, Any]:
    """Two networks with findings of every change; a row that changed stands behind some."""
    certificate = {
        "table": "certificate",
        "key": "Z1",
        "change": "changed",
        "columns": [{"column": "expires_on", "old": "2027-02-28", "new": None}],
        "old": {"file": "certificate.csv", "line": 2},
        "new": {"file": "certificate.csv", "line": 3},
    }
    removed = {
        **certificate, "table": "declaration", "key": "D1", "change": "removed", "columns": [], "new": None,
    }  # fmt: skip
    found = [
        *(_finding(f"C-{n}", "new", None, "fail", [certificate]) for n in range(6)),
        _finding("C-7", "worse", "needs_review", "fail", [certificate, removed]),
        _finding("C-8", "reason", "fail", "fail", []),
        _finding("C-9", "better", "fail", "needs_review", []),
        _finding("C-10", "gone", "fail", None, [removed]),
    ]
    counts = {"new": 600, "worse": 1, "reason": 1, "better": 1, "gone": 1}
    none = dict.fromkeys(CHANGES, 0)
    old_side = {
        "network": "Musternetz", "folder": "now", "as_of": "2026-11-01", "catalogues": [{"id": "de-tkg-2.0", "title": "T", "version": "2.0"}],
        "import_issues": 0, "data_issues": 3,
    }  # fmt: skip
    return {
        "schema_version": "1.0",
        "kind": kind,
        "same": False,
        "old": old_side,
        "new": {**old_side, "network": "Musternetz, planned", "folder": "planned", "data_issues": 0},
        "summary": {
            "requirements": dict.fromkeys(MOVES, 0) | {"worse": 1, "gone": 1},
            "checks": dict.fromkeys(MOVES, 0) | {"worse": 1, "new": 1},
            "findings": counts,
        },
        "requirements": [
            _judged("A2-2", "worse", "pass", "fail", counts),
            _judged("A2-8", "gone", "pass", None, none),
        ],
        "checks": [
            _checked("CERT-001", "worse", ("pass", "fail"), counts, found),
            _checked("RES-001", "new", (None, "error"), none, []),
        ],
        "tables": [{"table": "certificate", "added": 0, "removed": 1, "changed": 2}],
    }


def no_difference() -> dict[str, Any]:
    """A network against itself."""
    same = difference("dates")
    return {
        **same,
        "same": True,
        "new": same["old"],
        "summary": {
            "requirements": dict.fromkeys(MOVES, 0),
            "checks": dict.fromkeys(MOVES, 0),
            "findings": dict.fromkeys(CHANGES, 0),
        },
        "requirements": [],
        "checks": [],
        "tables": [],
    }


def catalogues(network: dict[str, Any] | None = None) -> dict[str, Any]:
    """A draft with one requirement more, one less and one in other words."""
    side = {
        "id": "de-tkg-2.0",
        "title": "In force",
        "version": "2.0",
        "legal_status": "in_force",
        "requirements": 20,
    }
    asked = {
        "id": "D-1",
        "title": "Three levels",
        "legal_status": "draft",
        "valid_from": "2027-01-01",
        "valid_to": None,
        "prose": "Which level?\n\nEvidence: a reasoned choice.",
        "checks": ["CERT-001"],
        "sources": [{"text": "The draft", "url": "https://example.org/draft", "tag": "P"}],
    }
    texts = [
        {"field": "title", "old": "Before", "new": "After"},
        {"field": "checks", "old": ["CERT-001"], "new": []},
        {"field": "valid_from", "old": None, "new": "2027-01-01"},
        {"field": "sources", "old": [], "new": asked["sources"]},
    ]
    return {
        "schema_version": "1.0",
        "same": False,
        "old": side,
        "new": {**side, "id": "draft", "legal_status": "draft"},
        "added": [asked],
        "removed": [{**asked, "id": "A2-8", "checks": [], "valid_to": "2027-01-01", "sources": []}],
        "changed": [{"id": "A2-2", "title": "Certificates", "texts": texts}],
        "checks_added": ["MON-008"],
        "checks_removed": [],
        "network": network,
    }  # fmt: skip


def _said(outcome: str | None, reason: str) -> dict[str, Any] | None:
    return None if outcome is None else {"outcome": outcome, "reason": reason, "source": SOURCE}


def _finding(
    subject: str, change: str, old: str | None, new: str | None, causes: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "subject_table": "component",
        "subject_id": subject,
        "change": change,
        "old": _said(old, "certificate Z1 ends soon"),
        "new": _said(new, "certificate Z1 expired on 2026-10-01"),
        "causes": causes,
    }


def _judged(
    name: str, change: str, old: str | None, new: str | None, counts: dict[str, int]
) -> dict[str, Any]:
    return {
        "catalogue": "de-tkg-2.0",
        "id": name,
        "title": f"What {name} asks",
        "change": change,
        "old": old,
        "new": new,
        "texts": [{"field": "legal_status", "old": "draft", "new": "in_force"}] if new else [],
        "checks": ["CERT-001"],
        "findings_changed": counts,
    }


def _checked(
    name: str,
    change: str,
    outcomes: tuple[str | None, str | None],
    counts: dict[str, int],
    findings: list[dict[str, Any]],
) -> dict[str, Any]:
    old, new = (
        None if outcome is None else {
            "outcome": outcome,
            "in_scope": 2000,
            "counts": {found: 7 if found == outcome else 0 for found in FINDING},
            "message": "stopped after 300 s" if outcome == "error" else "",
        }
        for outcome in outcomes
    )  # fmt: skip
    return {
        "id": name,
        "title": f"What {name} says",
        "verdict": "certified",
        "severity": "high",
        "subject_table": "component",
        "change": change,
        "old": old,
        "new": new,
        "parameters": [{"name": "days", "old": 180, "new": 90}] if old else [],
        "findings_changed": counts,
        "findings_total": sum(counts.values()),
        "findings": findings,
    }


def all_answers() -> dict[str, tuple[str, dict[str, Any]]]:
    """Every answer, by what it is about, with its kind."""
    return {
        "forecast": ("forecast", forecast()),
        "forecast by month": ("forecast", month_by_month()),
        "forecast of nothing": ("forecast", nothing_foretold()),
        "hostile forecast": ("forecast", attacked(month_by_month())),
        "networks": ("diff", difference()),
        "dates, the same": ("diff", no_difference()),
        "hostile networks": ("diff", attacked(difference())),
        "catalogues": ("catalogue-diff", catalogues()),
        "hostile catalogues, a network": ("catalogue-diff", attacked(catalogues(difference("catalogues")))),
    }


ANSWERS = all_answers()
