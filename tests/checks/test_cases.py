"""Every case of every check that netproof ships."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from netproof import derived
from netproof.catalogue.loader import catalogue_ids, reference_tables, shipped_catalogue, shipped_checks
from netproof.checks.cases import Case, CaseRunner, read_cases
from netproof.pipeline.outage_tables import derive
from netproof.sources.network import DEFAULT_CATALOGUE

if TYPE_CHECKING:
    from netproof.catalogue.check import Check

CASES = [(check, case) for check in shipped_checks().values() for case in read_cases(check)]


@pytest.fixture(scope="module")
def runner() -> CaseRunner:
    return CaseRunner(reference_tables([DEFAULT_CATALOGUE]), derive, derived.lineage())


@pytest.mark.parametrize(("check", "case"), CASES, ids=[f"{check.id}: {case.name}" for check, case in CASES])
def test_a_check_finds_what_its_case_expects(runner: CaseRunner, check: Check, case: Case) -> None:
    _, differences = runner.run(check, case)

    assert differences == []


@pytest.mark.parametrize("check", shipped_checks().values(), ids=lambda check: check.id)
def test_a_check_has_a_case_that_offends_one_that_does_not_and_one_without_data(check: Check) -> None:
    cases = read_cases(check)
    expected = [set(case.expect.values()) for case in cases]

    assert len(cases) >= 4
    assert any(expected)
    assert any(not outcomes for outcomes in expected)


def test_seven_duties_have_three_checks_or_more_each() -> None:
    families = [name.partition("-")[0] for name in shipped_checks()]

    for family in ("CERT", "TRUST", "INT", "MON", "STAFF", "RED", "DIV"):
        assert families.count(family) >= 3


@pytest.mark.parametrize("name", catalogue_ids())
def test_every_mapped_control_and_check_exists(name: str) -> None:
    catalogue = shipped_catalogue(name)

    assert set(catalogue.check_ids()) <= shipped_checks().keys()
    assert len({control.id for control in catalogue.controls}) == len(catalogue.controls)
    assert [c.id for c in catalogue.controls if not c.sources] == []
