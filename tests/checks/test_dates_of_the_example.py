"""What the example operator shows on another date than its own."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from netproof.demo import write
from tests.assessing import assessed

if TYPE_CHECKING:
    from pathlib import Path


def test_before_a_deadline_the_functions_that_are_not_certified_yet_are_named(tmp_path: Path) -> None:
    write(tmp_path / "example", sites=100)

    told = assessed(tmp_path / "example", date(2025, 9, 1))

    (check,) = (check for check in told["checks"] if check["id"] == "CERT-016")
    reasons = {finding["subject_id"]: finding["reason"] for finding in check["findings"]}
    assert check["outcome"] == "needs_review"
    assert reasons["AMF"].startswith("required from 2026-01-01, in 122 days; ")
    assert reasons["PCF"].startswith("required from 2026-06-01, in 273 days; ")
