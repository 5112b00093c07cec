"""What each check came to for each catalogue, where catalogues see different lists or restrictions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.catalogue.check import FOUND, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from netproof.checks.run import Result


@dataclass(frozen=True, slots=True)
class Concern:
    """What a check came to for one catalogue.

    Attributes:
        counts: Findings that count for it, by outcome.
        others: Findings of the check that count for other catalogues only.
    """

    outcome: Outcome
    counts: Mapping[Outcome, int]
    others: int = 0


def united(results: Iterable[Result]) -> list[Result]:
    """Return one result of each check, over all catalogues, in order of check."""
    return sorted((r for r in results if not r.catalogues), key=lambda result: result.check.id)


def concerns(catalogues: Iterable[str], results: Sequence[Result]) -> dict[str, dict[str, Concern]]:
    """Return what each check came to for each catalogue, by their ids.

    Args:
        catalogues: The catalogues that are asked.
        results: What the checks came to, over all catalogues and for some.
    """
    whole = {result.check.id: result for result in united(results)}
    told = {name: {check: _concern(result, result) for check, result in whole.items()} for name in catalogues}
    for result in results:
        for name in result.catalogues:
            told[name][result.check.id] = _concern(result, whole[result.check.id])
    return told


def told_apart(mine: Sequence[Concern]) -> str:
    """Return in words what of the findings of a requirement's checks counts for others only."""
    others = sum(concern.others for concern in mine)
    return f"{others:,} further findings of its checks count for other catalogues only" if others else ""


def _concern(result: Result, whole: Result) -> Concern:
    """Return what a check came to by one result of it."""
    counts, all_counts = ({o: r.counts.get(o, 0) for o in FOUND} for r in (result, whole))
    others = sum(max(0, all_counts[outcome] - counts[outcome]) for outcome in FOUND)
    return Concern(result.outcome, counts, others)
