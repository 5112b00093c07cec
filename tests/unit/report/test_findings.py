"""Which findings come first and which belong together."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netproof.report import findings
from tests.unit.report import sample

REASONS = st.sampled_from(
    ["expired on 2026-10-31", "expired on 2026-01-01", "no certificate", "'x' is not known"]
)
FINDING = st.fixed_dictionaries(
    {
        "outcome": st.sampled_from(sample.FINDING_OUTCOMES),
        "reason": REASONS,
        "subject_id": st.text(max_size=3),
    }
)


@pytest.mark.parametrize(
    ("reason", "want"),
    [
        ("expired on 2026-10-31", "expired on …"),
        ("certificate NC-2024-001 expired on 2026-02-12", "certificate … expired on …"),
        ("'AMF One' is not known", "… is not known"),
        ("no certificate for this product", "no certificate for this product"),
        ("7", "…"),
    ],
)
def test_a_story_leaves_the_particulars_out(reason: str, want: str) -> None:
    assert findings.story(reason) == want


@given(st.lists(FINDING, max_size=60))
def test_grouping_loses_and_doubles_nothing(listed: list[dict[str, Any]]) -> None:
    groups = findings.grouped(listed)

    got = sorted(id(finding) for group in groups for finding in group.findings)
    assert got == sorted(id(finding) for finding in listed)


@given(st.lists(FINDING, min_size=findings.FEW + 1, max_size=60))
def test_worse_groups_come_first(listed: list[dict[str, Any]]) -> None:
    got = [sample.OUTCOMES.index(group.outcome) for group in findings.grouped(listed)]

    assert got == sorted(got)


def test_few_findings_stay_one_list() -> None:
    listed = [{"outcome": "fail", "reason": f"reason {n}", "subject_id": ""} for n in range(findings.FEW)]

    assert findings.grouped(listed) == [findings.Group("", "", listed)]


def test_a_thousand_stories_do_not_make_a_thousand_groups() -> None:
    listed = [{"outcome": "fail", "reason": "word " * n, "subject_id": ""} for n in range(1000)]

    got = findings.grouped(listed)

    assert len(got) == findings.GROUPS_MAX + 1
    assert got[-1].story == "other reasons"


def test_what_did_not_finish_comes_before_what_fails_and_severity_before_count() -> None:
    model = sample.model()

    got = [check["id"] for check in findings.most_urgent(model)]

    assert got == ["STAFF-004", "CERT-001", "INT-002", "STAFF-001", "CERT-002", "INT-003"]


def test_missing_evidence_is_a_list_of_its_own() -> None:
    got = [check["id"] for check in findings.to_collect(sample.model())]

    assert got == ["RED-002", "INT-002", "CERT-001", "TRUST-002", "INT-004"]
