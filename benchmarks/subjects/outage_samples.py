"""How fast are random scenarios, from odds to losses, beside scipy's search in each?

On made-up operators of about a million nodes: nodes fail alone, power areas, releases, sites and shared
ducts by common cause. netproof draws, solves, counts who lacks what how often, and whom to blame; scipy is
given the failures of eight scenarios and only looks for components, its time reckoned up to all. Answers are
compared first. Ratios say how much longer scipy takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.operators import operator
from benchmarks.registry import Phase, Subject, in_process
from benchmarks.searching import Searching
from netproof.graph import Need
from netproof.graph.chance import FailureModel
from netproof.graph.groups import joined, labelled
from netproof.graph.sample import failing, sample
from netproof.graph.scenarios import eliminate

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.operators import Operator
    from benchmarks.searching import Down
    from netproof.graph import Multigraph

SITES = 200_000
SCENARIOS = 10_240
SEARCHED = 8
SEED = 7


def odds(one: Operator) -> FailureModel:
    """Return what may fail: nodes 1 in 1,000, areas 2, releases 1, sites and ducts 1 in 2,000."""
    labels = ((one.area, 2e-3), (one.release, 1e-3), (one.site, 5e-4))
    events = [labelled(label, int(label.max()) + 1) for label, _ in labels]
    ducts = labelled(np.zeros(0, np.int32), int(one.duct.max()) + 1, one.duct)
    shares = [np.full(group.size, share) for group, (_, share) in zip(events, labels, strict=True)]
    return FailureModel(
        np.full(one.graph.nodes, 1e-3),
        np.zeros(one.graph.links),
        joined([*events, ducts]),
        np.concatenate([*shares, np.full(ducts.size, 5e-4)]),
    )


def _downs(graph: Multigraph, model: FailureModel) -> list[Down]:
    """Return which nodes and links are down in the scenarios that scipy searches."""
    opened = failing(graph, model, SCENARIOS, SEED, _searched())
    downs = []
    for element in np.split(opened.element, opened.start[1:-1]):
        struck = [
            model.events.some(int(at), int(at) + 1)
            for at in element[element >= graph.nodes + graph.links] - graph.nodes - graph.links
        ]
        own = element[element < graph.nodes]
        downs.append(
            (
                np.concatenate([own, *(group.node for group in struck)]),
                np.concatenate([np.zeros(0, np.int32), *(group.link for group in struck)]),
            )
        )
    return downs


def _searched() -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.linspace(0, SCENARIOS - 1, SEARCHED).astype(np.int64)


def _phases(name: str, one: Operator) -> list[Phase]:
    """Return both ways on one operator, after they were found to agree."""
    need, model = Need(one.people, one.instances), odds(one)
    program, peer = eliminate(one.graph), Searching(one.graph, need)
    downs = _downs(one.graph, model)
    lost = sample(program, [need], model, SCENARIOS, SEED).lost[0, _searched()]
    if [peer.lost(down) for down in downs] != lost.tolist():
        raise ValueError(f"{name}: expected what scipy finds, got {lost}")
    ours = f"netproof, {SCENARIOS:,} scenarios, {name}"
    return [
        Phase(ours, in_process(lambda: sample(program, [need], model, SCENARIOS, SEED))),
        Phase(
            f"scipy, {SEARCHED} of them, reckoned up, {name}",
            peer.extrapolated(downs, SCENARIOS),
            against=ours,
        ),
    ]


def prepare(_: Path) -> list[Phase]:
    """Make the operators and see that both find the same losses."""
    return [*_phases("rings and trees", operator(SITES)), *_phases("mesh", operator(SITES, mesh=True))]


SUBJECT = Subject("samples on 200,000 sites, 1 million nodes", prepare, repeats=3)
