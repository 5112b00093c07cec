"""How fast are the losses of all pairs of nodes and links, beside searching each block, and beside libraries?

The first peer is netproof's own search of each unit without each of its vertices, nothing compressed: a part
of it is run and its time reckoned up. The second is the best that libraries offer: delete an element, let
rustworkx find the blocks of the rest, and add up with numpy; node losses only. It too is reckoned up, from
some elements, and answers are compared first. Dense real networks are those of topohub, where installed.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import rustworkx

from benchmarks.operators import operator
from benchmarks.real import real
from benchmarks.registry import Phase, Sample, Subject, in_process
from benchmarks.subjects.outage_single import glued
from netproof.graph import Engine, Multigraph, Need
from netproof.graph.pairs import Searching, pair_losses
from netproof.graph.single import losses, skeleton

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

SITES = 20_000
MESH_SITES = 3_000
REAL = ("backbone/world", "caida/2024-08/7922", "caida/2024-08/3356")
GROWTH = (1_000, 5_000, 20_000, 60_000)
# Of the search that compresses nothing: vertices and links that are gone through.
PART = 100_000_000
# Elements that the libraries' loop deletes.
DELETED = 60


def _whole(graph: Multigraph, need: Need) -> object:
    return pair_losses(graph, need, engine=Engine.NATIVE)


def _uncompressed(graph: Multigraph, need: Need) -> Sample:
    """Search part of the rows without compression; return the time reckoned up to all."""
    start = time.perf_counter()
    with Searching(graph, need, compress=False) as run:
        ready = time.perf_counter()
        done, work = run.step(PART)
        end = time.perf_counter()
    return Sample(ready - start + (end - ready) * work / max(done, 1))


class Deleting:
    """The libraries' loop: delete, find blocks, add up."""

    def __init__(self, graph: Multigraph, need: Need) -> None:
        """Make the library's graph; link l is its edge l."""
        self._graph, self._need = graph, need
        self._theirs: Any = rustworkx.PyGraph(multigraph=True)
        self._theirs.add_nodes_from(range(graph.nodes))
        ends = zip(graph.tail.tolist(), graph.head.tolist(), strict=True)
        self._theirs.add_edges_from_no_data(list(ends))

    def row(self, x: int) -> NDArray[np.int64]:
        """Return what each node loses beside element x, and x alone at its own place."""
        nodes, need, left = self._graph.nodes, self._need, self._theirs.copy()
        if x < nodes:
            left.remove_edges_from([(a, b) for a, b, _ in left.incident_edge_index_map(x).values()])
            people = need.people.copy()
            people[x] = 0
            need = replace(need, people=people, instances=tuple(one[one != x] for one in need.instances))
        else:
            left.remove_edge_from_index(x - nodes)
        found = rustworkx.biconnected_components(left)
        ends = np.fromiter(chain.from_iterable(found.keys()), np.int64, 2 * len(found))
        blocks = np.repeat(np.fromiter(found.values(), np.int64, len(found)), 2)
        many = int(blocks.max(initial=0)) + 1
        pairs = np.sort(ends * many + blocks)
        pairs = pairs[np.diff(pairs, prepend=-1) > 0]
        return glued(nodes, pairs // many, pairs % many, need)

    def reckoned(self) -> Sample:
        """Delete some elements; return the time reckoned up to all."""
        elements = self._graph.nodes + self._graph.links
        some = np.linspace(0, elements - 1, DELETED).astype(int)
        taken = in_process(lambda: [self.row(int(x)) for x in some])()
        return Sample(taken.seconds * elements / DELETED)


def _agreed(name: str, graph: Multigraph, need: Need, loop: Deleting) -> None:
    """Compare what some elements lose with their worst partner.

    Raises:
        RuntimeError: The loop finds another loss than netproof.
    """
    alone = losses(skeleton(graph), need)
    nodes = pair_losses(graph, need, links=False, engine=Engine.NATIVE)
    both = pair_losses(graph, need, engine=Engine.NATIVE)
    for x in range(0, graph.nodes, graph.nodes // 20):
        if int(alone.node[x] + loop.row(x).max()) != int(nodes.worst[x]):
            raise RuntimeError(f"{name}: the loop finds another worst partner of node {x}")
    for link in range(0, graph.links, graph.links // 20):
        # its worst partner may be a link, which the loop does not see
        if int(alone.link[link] + loop.row(graph.nodes + link).max()) > int(both.worst[graph.nodes + link]):
            raise RuntimeError(f"{name}: the loop loses more with link {link}")


def _growth() -> list[Phase]:
    """Return the seconds for 1e10 pairs, of operators of growing size; the exponent is 2 where they stay."""
    phases: list[Phase] = []
    for sites in GROWTH:
        made = operator(sites)
        ask = partial(_whole, made.graph, made.need)
        elements, times = made.graph.nodes + made.graph.links, max(1, SITES // sites)

        def run(ask: Callable[[], object] = ask, times: int = times, elements: int = elements) -> Sample:
            taken = in_process(lambda: [ask() for _ in range(times)])()
            return Sample(taken.seconds / times / elements**2 * 2e10)

        phases.append(
            Phase(f"1e10 pairs at {made.graph.nodes:.0e} nodes", run, phases[0].name if phases else "")
        )
    return phases


def prepare(scratch: Path) -> list[Phase]:
    """Make the operators and read the real networks."""
    del scratch
    networks = {}
    for name, made in (("operator", operator(SITES)), ("mesh", operator(MESH_SITES, mesh=True))):
        networks[f"{name} {made.graph.nodes:,}+{made.graph.links:,}"] = (made.graph, made.need)
    for name in REAL:
        network = real(name)
        if network is None:
            sys.stderr.write("topohub is not installed: real networks are left out\n")
            break
        networks[name] = network
    phases = []
    for name, (graph, need) in networks.items():
        ours = f"{name}: netproof"
        loop = Deleting(graph, need)
        if name in REAL:
            _agreed(name, graph, need, loop)
        phases += [
            Phase(ours, in_process(partial(_whole, graph, need))),
            Phase(f"{name}: each block, no compression", partial(_uncompressed, graph, need), ours),
        ]
        if name in REAL:
            phases.append(Phase(f"{name}: delete, rustworkx + numpy", loop.reckoned, ours))
    return phases + _growth()


SUBJECT = Subject(
    f"all pairs of nodes and links, operators of {SITES:,} sites and dense real networks", prepare, repeats=5
)
