"""How fast are the losses of all single failures, beside libraries that find the cuts but not the losses?

On a made-up operator of about a million nodes, and on dense real networks from topohub where it is installed
(a peer's data only: it drops nodes and merges parallel links, so it is no source for analysis). Peers start
from their own graph, built before; netproof starts from the table of links. All answers are compared first.
igraph's articulation points and bridges are sets: who is lost stays unknown. What has to be added to a peer
to know it is here twice: as one writes it, and without the one call of numpy that costs it the most.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any

import igraph
import numpy as np
import rustworkx
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import breadth_first_order, connected_components

from benchmarks.operators import operator
from benchmarks.real import real
from benchmarks.registry import Phase, Sample, Subject, in_process
from netproof.graph import Engine, Multigraph, Need
from netproof.graph.single import losses, skeleton

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

SITES = 200_000
REAL = ("backbone/world", "caida/2024-08/7922", "caida/2024-08/3356")
# Small networks are asked this often in one phase, or the clock would be all that is measured.
SMALL_TIMES = 50
GROWTH = (2_000, 20_000, 200_000, 400_000)


def glued(nodes: int, node: NDArray[np.int64], block: NDArray[np.int64], need: Need) -> NDArray[np.int64]:
    """Return the people lost with each node, from the nodes of each block: what a peer's user has to add.

    The tree of nodes and blocks is searched breadth first, and sums go up level by level.
    """
    size = nodes + int(block.max(initial=-1)) + 1
    block = block + nodes
    _, label = connected_components(coo_matrix((np.ones(node.size), (node, block)), shape=(size, size)))
    top = np.empty(int(label.max()) + 1, np.int64)
    top[label[::-1]] = np.arange(size)[::-1]
    tail, head = np.append(node, np.full(top.size, size)), np.append(block, top)
    links = coo_matrix((np.ones(tail.size), (tail, head)), shape=(size + 1, size + 1)).tocsr()
    order, parent = breadth_first_order(links, size, directed=False)
    at = np.empty(size + 1, np.int64)
    at[order] = np.arange(size + 1)
    above, level = at[parent[order[1:]]], [0, 1]
    while level[-1] <= size:
        level.append(1 + int(np.searchsorted(above, level[-1])))

    sums = np.zeros((1 + len(need.instances), size + 1), np.int64)
    sums[0, :nodes] = need.people
    for number, one in enumerate(need.instances, 1):
        sums[number] = np.bincount(one, minlength=size + 1)
    for start, end in reversed(list(pairwise(level[1:]))):
        here = order[start:end]
        for row in sums:
            np.add.at(row, parent[here], row[here])
    lacking = (sums[1:] == 0).any(axis=0)
    falling = nodes + np.flatnonzero(lacking[nodes:size])
    lost = need.people.copy()
    np.add.at(lost, parent[falling], sums[0, falling])
    total = sums[:, top[label[:nodes]]]
    rest = total - sums[:, :nodes]
    found: NDArray[np.int64] = lost + np.where((rest[1:] == 0).any(axis=0), rest[0], 0)
    return np.where((total[1:] > 0).all(axis=0), found, 0)


def _plain(pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.unique(pairs)


def _tuned(pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the same, without np.unique: its hash table is many times slower than sorting at this size."""
    pairs = np.sort(pairs)
    return pairs[np.diff(pairs, prepend=-1) > 0]


def _by_rustworkx(
    graph: Any, nodes: int, need: Need, distinct: Callable[[NDArray[np.int64]], NDArray[np.int64]]
) -> NDArray[np.int64]:
    found = rustworkx.biconnected_components(graph)
    ends = np.fromiter(chain.from_iterable(found.keys()), np.int64, 2 * len(found))
    blocks = np.repeat(np.fromiter(found.values(), np.int64, len(found)), 2)
    many = int(blocks.max(initial=0)) + 1
    pairs = distinct(ends * many + blocks)
    return glued(nodes, pairs // many, pairs % many, need)


def _by_igraph(graph: Any, nodes: int, need: Need) -> NDArray[np.int64]:
    found = list(graph.biconnected_components())
    sizes = np.fromiter(map(len, found), np.int64, len(found))
    node = np.fromiter(chain.from_iterable(found), np.int64, int(sizes.sum()))
    return glued(nodes, node, np.repeat(np.arange(len(found)), sizes), need)


def _sets_of_igraph(graph: Any) -> tuple[list[int], list[int]]:
    return graph.articulation_points(), graph.bridges()


def _ours(graph: Multigraph, need: Need, engine: Engine) -> NDArray[np.int64]:
    return losses(skeleton(graph, engine=engine), need, engine=engine).node


def _peers(graph: Multigraph, need: Need) -> dict[str, Callable[[], NDArray[np.int64]]]:
    """Return what yields the people lost with each node, by name; the peers' own graphs are ready made."""
    ends = list(zip(graph.tail.tolist(), graph.head.tolist(), strict=True))
    theirs = rustworkx.PyGraph(multigraph=True)
    theirs.add_nodes_from(range(graph.nodes))
    theirs.add_edges_from_no_data([pair for pair in ends if pair[0] != pair[1]])
    return {
        "netproof": partial(_ours, graph, need, Engine.NATIVE),
        "rustworkx + numpy": partial(_by_rustworkx, theirs, graph.nodes, need, _plain),
        "rustworkx + tuned numpy": partial(_by_rustworkx, theirs, graph.nodes, need, _tuned),
        "igraph + numpy": partial(_by_igraph, igraph.Graph(graph.nodes, ends), graph.nodes, need),
        "portable": partial(_ours, graph, need, Engine.PORTABLE),
    }


def _repeated(function: Callable[[], object], times: int) -> Callable[[], None]:
    def run() -> None:
        for _ in range(times):
            function()

    return run


def _compared(name: str, graph: Multigraph, need: Need, times: int) -> list[Phase]:
    """Return the phases of one network, after all agree on what each node takes."""
    peers = _peers(graph, need)
    answers = {peer: ask() for peer, ask in peers.items()}
    for peer, answer in answers.items():
        if not np.array_equal(answer, answers["netproof"]):
            raise RuntimeError(f"{peer} finds other losses in {name}")
    against = dict.fromkeys(peers, "netproof") | {"netproof": "", "portable": "rustworkx + numpy"}
    return [
        Phase(
            f"{name}: {peer}", in_process(_repeated(ask, times)), against[peer] and f"{name}: {against[peer]}"
        )
        for peer, ask in peers.items()
    ]


def _again(graph: Multigraph, need: Need) -> Callable[[], object]:
    """Return a question for another need, on a skeleton that is there."""
    other = replace(need, people=need.people[::-1].copy(), instances=need.instances[::-1])
    return partial(losses, skeleton(graph, engine=Engine.NATIVE), other, engine=Engine.NATIVE)


def _growth() -> list[Phase]:
    """Return the seconds for a million nodes, of operators of growing size."""
    phases: list[Phase] = []
    for sites in GROWTH:
        made = operator(sites)
        ask = partial(_ours, made.graph, Need(made.people, made.instances), Engine.NATIVE)
        times = max(1, 200_000 // sites)

        def run(ask: Callable[[], object] = ask, times: int = times, nodes: int = made.graph.nodes) -> Sample:
            taken = in_process(_repeated(ask, times))()
            return Sample(taken.seconds / times / nodes * 1_000_000)

        phases.append(Phase(f"1e6 nodes at {made.graph.nodes:.0e}", run, phases[0].name if phases else ""))
    return phases


def prepare(scratch: Path) -> list[Phase]:
    """Make the operator and read the real networks; all must agree before anything is measured."""
    del scratch
    made = operator(SITES)
    need = Need(made.people, made.instances)
    whole = "operator"
    phases = _compared(whole, made.graph, need, 1)
    ours = phases[0].name
    ends = zip(made.graph.tail.tolist(), made.graph.head.tolist(), strict=True)
    theirs = igraph.Graph(made.graph.nodes, list(ends))
    phases += [
        Phase(
            "operator: igraph articulation points + bridges",
            in_process(partial(_sets_of_igraph, theirs)),
            ours,
        ),
        Phase("operator: another need, same skeleton", in_process(_again(made.graph, need)), ours),
        Phase(
            "operator: netproof with places",
            in_process(partial(_ours, made.graph, made.need, Engine.NATIVE)),
            ours,
        ),
    ]
    for name in REAL:
        network = real(name)
        if network is None:
            sys.stderr.write("topohub is not installed: real networks are left out\n")
            break
        phases += _compared(name, *network, SMALL_TIMES)
    return phases + _growth()


SUBJECT = Subject(
    f"people lost with each node and link, an operator of {SITES:,} sites and dense real networks",
    prepare,
    repeats=5,
)
