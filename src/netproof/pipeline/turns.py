"""Runs the checks: each once, or once for each different set of rows that its catalogues see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from netproof.catalogue.check import Outcome
from netproof.checks.run import Runner, failed
from netproof.pipeline.details import DERIVED
from netproof.pipeline.standpoint import Outlook, standpoints
from netproof.pipeline.united import Scopes, unite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from netproof.catalogue.check import Check
    from netproof.checks.run import Prepared, Result
    from netproof.pipeline.request import Request
    from netproof.pipeline.stages import Plan
    from netproof.pipeline.standpoint import Standpoint
    from netproof.tables.store import Store


@dataclass(frozen=True, slots=True)
class Turn:
    """One run of a check.

    Attributes:
        prepared: The check, or why it cannot be run.
        catalogues: For which it counts; empty: for all, it is the check's only run.
    """

    check: Check
    prepared: Prepared | str
    catalogues: tuple[str, ...]


def answers(
    store: Store,
    request: Request,
    asked: Plan,
    ready: Mapping[str, Prepared | str],
    progress: Callable[[str, str, int, int], None],
) -> Iterator[Result]:
    """Yield what every check came to on the request's date, for which the tables are derived.

    A check that is run several times has a result for each time, with the catalogues for which that one
    counts, and in the end one for all together.
    """
    points = standpoints(store, asked.beside)
    rounds = turns(asked, {**ready, **request.stopped}, points)
    outlook = Outlook(store, points, request.as_of)
    scopes = Scopes(outlook.tables)
    several: dict[str, list[Result]] = {}
    number, total = 0, sum(len(turns) for turns in rounds)
    for place, (point, turns_here) in enumerate(zip(points, rounds, strict=True)):
        if not turns_here:
            continue
        reads = {table for turn in turns_here for table in turn.check.reads}
        outlook.take(point, reads, lambda *at: progress("derive", *at))
        runner = Runner(store, request.as_of)
        for turn in turns_here:
            check = turn.check
            progress("check", check.id, number, total)
            number += 1
            values = asked.values[check.id]
            if isinstance(turn.prepared, str):
                yield failed(check, turn.prepared)
                continue
            result = replace(runner.run(turn.prepared, values), catalogues=turn.catalogues)
            yield result
            if turn.catalogues:
                several.setdefault(check.id, []).append(result)
                if result.outcome is not Outcome.ERROR:
                    scopes.add(runner, turn.prepared, values, place)
    outlook.leave(DERIVED if request.details else (), lambda *at: progress("derive", *at))
    for name, results in several.items():
        prepared = ready[name]
        if not isinstance(prepared, str):
            yield unite(results, scopes.count(prepared, asked.values[name]))


def turns(asked: Plan, ready: Mapping[str, Prepared | str], points: Sequence[Standpoint]) -> list[list[Turn]]:
    """Return for every standpoint the checks that are run from it.

    Of those standpoints of its catalogues that see the same of what a check rests on, the first is its own.
    """
    rounds: list[list[Turn]] = [[] for _ in points]
    for check in asked.checks:
        prepared = ready[check.id]
        rests = frozenset() if isinstance(prepared, str) else prepared.inputs | set(check.evidence)
        asking = asked.asking(check.id)
        runs: dict[tuple[tuple[str, str], ...], tuple[int, list[str]]] = {}
        for place, point in enumerate(points):
            names = [name for name in point.catalogues if name in asking]
            if names or not point.catalogues:
                runs.setdefault(point.of(rests), (place, []))[1].extend(names)
        for place, names in runs.values():
            rounds[place].append(Turn(check, prepared, tuple(names) if len(runs) > 1 else ()))
    return rounds
