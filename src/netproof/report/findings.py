"""Which findings come first, and which belong together.

Thousands of findings of one check mostly tell a few stories: the reasons are
the same but for a date, a version or an identity. Reads the report model,
changes nothing in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from netproof.report.words import SEVERITY_ORDER, Model, rank

FEW = 8
"""Up to so many findings are shown as one list."""
GROUPS_MAX = 25
"""Rarer stories than the first so many are put together."""

_PARTICULAR = re.compile(
    r"""
    '[^']*' | "[^"]*" | „[^“”]*[“”] | “[^”]*”   # what is quoted
    | \S*\d\S*                               # what holds a digit: dates, versions, identities, counts
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one check that tell one story.

    Attributes:
        outcome: Of all of them.
        story: The reason with its particulars left out.
        findings: Members, in the model's order.
    """

    outcome: str
    story: str
    findings: list[dict[str, Any]]


def story(reason: str) -> str:
    """A reason without its particulars: `expired on 2026-10-31` becomes `expired on …`."""
    return re.sub(r"…(?:[\s,;]*…)+", "…", _PARTICULAR.sub("…", reason)).strip() or "…"


def grouped(findings: list[dict[str, Any]]) -> list[Group]:
    """Groups of findings by outcome and story: the worst outcome first, then the largest.

    A short list is one group without a story. Where there are too many stories the
    rare ones of an outcome share a group named `other reasons`.
    """
    if len(findings) <= FEW:
        return [Group("", "", findings)] if findings else []
    by_story: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for finding in findings:
        by_story.setdefault((finding["outcome"], story(finding["reason"])), []).append(finding)
    ordered = sorted(by_story, key=lambda key: (rank(key[0]), -len(by_story[key]), key[1]))
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for place, key in enumerate(ordered):
        kept = key if place < GROUPS_MAX else (key[0], "other reasons")
        groups.setdefault(kept, []).extend(by_story[key])
    return [Group(outcome, told, members) for (outcome, told), members in groups.items()]


def most_urgent(model: Model, limit: int = 6) -> list[dict[str, Any]]:
    """Checks to act on first: those that did not finish or fail, by severity, then by count."""
    failing = [check for check in model["checks"] if check["outcome"] in ("error", "fail")]
    return sorted(failing, key=_urgency)[:limit]


def to_collect(model: Model, limit: int = 6) -> list[dict[str, Any]]:
    """Checks for which evidence is missing most, by severity, then by count."""
    lacking = [check for check in model["checks"] if check["counts"].get("no_evidence")]
    return sorted(
        lacking,
        key=lambda check: (
            SEVERITY_ORDER.get(check["severity"], 0),
            -check["counts"]["no_evidence"],
            check["id"],
        ),
    )[:limit]


def _urgency(check: dict[str, Any]) -> tuple[int, int, int, str]:
    """Order of `most_urgent`."""
    severity = SEVERITY_ORDER.get(check["severity"], 0)
    return rank(check["outcome"]), severity, -check["counts"].get("fail", 0), check["id"]
