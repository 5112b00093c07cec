"""What the shell is told."""

from __future__ import annotations

from typing import Any

PASSED = 0
"""Every check in scope passed."""
FOUND = 1
"""Something failed, lacks evidence or needs review."""
BROKEN = 2
"""The tool could not finish."""
STOPPED = 130
"""Somebody pressed Ctrl-C."""


def of_model(model: dict[str, Any]) -> int:
    """Return the exit code for a report model: a check that did not finish weighs most."""
    outcomes = {check["outcome"] for check in model["checks"]}
    outcomes |= {r["outcome"] for c in model["catalogues"] for r in c["requirements"]}
    if "error" in outcomes:
        return BROKEN
    return FOUND if outcomes & {"fail", "no_evidence", "needs_review"} else PASSED
