"""The slow answer to samples: one search for components in each scenario, with scipy.

The twin of the compiled kernels, and what runs where there are none; it draws the very same scenarios.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netproof.graph.chance import failures
from netproof.graph.closure import spread_bits
from netproof.graph.library import Engine
from netproof.graph.scenarios_portable import Components

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from netproof.graph.asking import Asking
    from netproof.graph.chance import FailureModel
    from netproof.graph.closure import ArrangedRules
    from netproof.graph.draw import Draw
    from netproof.graph.multigraph import Multigraph
    from netproof.graph.samples import Samples

BLOCK = 64


def run(
    graph: Multigraph,
    asking: Asking,
    draw: Draw,
    rules: ArrangedRules | None,
    told: Callable[[int], None],
) -> Samples:
    """Return what is lost in each scenario; `told` hears how many are done.

    Cost: O(n + m) for each scenario.
    """
    found, solver = draw.empty(graph, asking), Components(graph, asking)
    found.baseline[:], found.baseline_places[:] = solver.baseline, solver.baseline_places
    for first, element, when in failures(draw.model.pace(), draw.seed, draw.scenarios, BLOCK):
        end = min(first + BLOCK, draw.scenarios)
        rows = _rows(graph, draw.model, element, when - first)
        if rules is not None:
            spread_bits(rules, rows, engine=Engine.PORTABLE)
        for scenario in range(first, end):
            people, places, served, dark = solver.losses(*solver.unpacked(rows, scenario - first))
            found.lost[:, scenario], found.places[:, scenario] = people, places
            found.unavailable[:] += ~served[asking.need_class]
            for need, one in enumerate(dark):
                found.place_unavailable[need][:] += one | solver.dark_places[need]
        if draw.blame is not None:
            np.add.at(found.hits, element, 1)
            np.add.at(found.blamed, element, found.lost[draw.blame, when])
        told(end)
    return found


def _rows(
    graph: Multigraph, model: FailureModel, element: NDArray[np.int64], when: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """Return which nodes and links are down in 64 scenarios: uint64[n + m, 1]."""
    rows = np.zeros((graph.nodes + graph.links, 1), np.uint64)
    bits = np.uint64(1) << when.astype(np.uint64)
    own = element < rows.shape[0]
    np.bitwise_or.at(rows[:, 0], element[own], bits[own])
    for event, bit in zip((element[~own] - rows.shape[0]).tolist(), bits[~own], strict=True):
        some = model.events
        rows[some.node[some.node_start[event] : some.node_start[event + 1]], 0] |= bit
        rows[graph.nodes + some.link[some.link_start[event] : some.link_start[event + 1]], 0] |= bit
    return rows
