"""A check of the least size, from which tests make the one that they need."""

from __future__ import annotations

from typing import Any

from netproof.catalogue.check import Check, Family, Severity

SCOPE = "select component_id as subject_id from component"
UNNAMED = "select component_id as subject_id, 'fail' as outcome, 'no name' as reason from component where name is null"


def sample_check(**fields: Any) -> Check:
    """Return the check T-001 that components have a name, with other fields where some are given."""
    own: dict[str, Any] = {
        "id": "T-001",
        "title": "Components have a name",
        "subject": "component",
        "scope": SCOPE,
        "reads": ("component",),
        "evidence": (),
        "severity": Severity.HIGH,
        "verdict": Family.OPERATION,
        "motivation": "",
        "remedy": "",
        "sources": (),
        "parameters": (),
        "sql": UNNAMED,
        "cases": "",
    }
    return Check(**own | fields)
