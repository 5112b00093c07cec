"""Makes assessments within the test's own process: the same stages, without the limits that bind a process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netproof.pipeline.model import model
from netproof.pipeline.request import Request
from netproof.pipeline.stages import load, plan, run_checks

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


def assessed(folder: Path, as_of: date, **wishes: Any) -> dict[str, Any]:
    """Return the report model of a network."""
    request = Request(path=folder, as_of=as_of, findings_max=1_000_000, **wishes)
    asked = plan(request)
    store = load(request, asked, lambda *_: None)
    results = list(run_checks(store, request, asked, lambda *_: None, before=lambda: None))
    told = model(store, request, asked, results)
    store.connection.close()
    return told


def findings(told: dict[str, Any]) -> set[tuple[str, str, str]]:
    """Return the findings of a model as (check, subject, outcome)."""
    return {
        (check["id"], finding["subject_id"], finding["outcome"])
        for check in told["checks"]
        for finding in check["findings"]
    }


def outcomes(told: dict[str, Any]) -> dict[str, str]:
    """Return the outcome of each check and requirement of a model."""
    checks = {check["id"]: check["outcome"] for check in told["checks"]}
    return checks | {r["id"]: r["outcome"] for c in told["catalogues"] for r in c["requirements"]}
