"""Which findings of a check changed alike, and have the same rows behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ORDER = ("new", "worse", "reason", "better", "gone")
"""Changes of findings, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one check that are told together.

    Attributes:
        change: What became of all of them.
        findings: Members, in the model's order; the rows behind the first stand for all.
    """

    change: str
    findings: list[dict[str, Any]]


def groups(findings: list[dict[str, Any]]) -> list[Group]:
    """Return the findings of one check by what they have in common, the largest groups of a change first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for finding in findings:
        found.setdefault(_alike(finding), []).append(finding)
    made = [Group(members[0]["change"], members) for members in found.values()]
    return sorted(made, key=lambda group: (ORDER.index(group.change), -len(group.findings)))


def own(cause: dict[str, Any], finding: dict[str, Any]) -> bool:
    """Return whether a row is the judged one."""
    return (cause["table"], cause["key"]) == (finding["subject_table"], finding["subject_id"])


def _alike(finding: dict[str, Any]) -> str:
    """Return what findings have in common that are told together: the change, and the rows behind it.

    Of rows that are the subjects' own, the columns alone matter.
    """
    rows = [
        [cause["table"], cause["change"], *(c["column"] for c in cause["columns"])]
        if own(cause, finding)
        else cause
        for cause in finding["causes"]
    ]
    return f"{finding['change']}{rows}"
