"""How fast are the losses of all suppliers, products, releases and regions, beside scipy's search for each?

On a made-up operator of about a million nodes. scipy searches eight groups spread over all of them, and its
time is reckoned up to all; the answers of these are compared first. Ratios say how much longer scipy takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.operators import operator
from benchmarks.registry import Phase, Subject, in_process
from benchmarks.searching import Searching
from netproof.graph import Need
from netproof.graph.groups import joined, labelled
from netproof.graph.scenarios import eliminate, group_losses

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.searching import Down
    from netproof.graph.groups import Groups

SITES = 200_000
SEARCHED = 8


def prepare(_: Path) -> list[Phase]:
    """Make the operator, plan its elimination, and see that both find the same losses."""
    one = operator(SITES)
    need = Need(one.people, one.instances)
    labels = (one.supplier, one.product, one.release, one.region)
    made = joined(labelled(label, int(label.max()) + 1) for label in labels)
    areas = labelled(one.area, int(one.area.max()) + 1)
    program, peer = eliminate(one.graph), Searching(one.graph, need)
    phases = []
    for name, groups in (
        (f"{made.size} suppliers, products, releases, regions", made),
        (f"{areas.size} areas", areas),
    ):
        chosen = np.linspace(0, groups.size - 1, SEARCHED).astype(int)
        downs = [_members(groups, int(at)) for at in chosen]
        found = group_losses(program, [need], groups).people[0, chosen]
        if [peer.lost(down) for down in downs] != found.tolist():
            raise ValueError(f"{name}: expected what scipy finds, got {found}")
        ours = f"netproof, {name}"

        def run(groups: Groups = groups) -> object:
            return group_losses(program, [need], groups)

        phases += [
            Phase(ours, in_process(run)),
            Phase(
                f"scipy, {SEARCHED} reckoned up to {groups.size}",
                peer.extrapolated(downs, groups.size),
                against=ours,
            ),
        ]
    first = phases[0].name
    sites = in_process(lambda: group_losses(program, [one.need], made))
    return [
        *phases,
        Phase("netproof, the same with sites counted", sites, against=first),
        Phase(
            "netproof plans the elimination, once", in_process(lambda: eliminate(one.graph)), against=first
        ),
    ]


def _members(groups: Groups, at: int) -> Down:
    some = groups.some(at, at + 1)
    return some.node, some.link


SUBJECT = Subject("groups on 200,000 sites, 1 million nodes", prepare, repeats=5)
