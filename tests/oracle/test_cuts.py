"""What cuts a group off, against leaving out each node and each link with networkx."""

from __future__ import annotations

import random

import networkx as nx
import numpy as np
import pytest

from netproof.graph import Engine, Multigraph, library
from netproof.graph.cuts import cuts

ENGINES = [engine for engine in Engine if engine is Engine.PORTABLE or library.native() is not None]


def reaches(graph: Multigraph, members: set[int], targets: set[int], out: int) -> bool:
    """Return whether a member reaches a target without one node or link (`nodes` + l is link l)."""
    left = nx.Graph()
    left.add_nodes_from(node for node in range(graph.nodes) if node != out)
    for link, (a, b) in enumerate(zip(graph.tail.tolist(), graph.head.tolist(), strict=True)):
        if out not in {a, b, graph.nodes + link}:
            left.add_edge(a, b)
    return any(
        bool(nx.node_connected_component(left, member) & targets) for member in members if member in left
    )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("part", range(4))
def test_cuts_are_what_cuts_when_left_out(part: int, engine: Engine) -> None:
    for seed in range(part * 25, part * 25 + 25):
        chance = random.Random(seed)  # noqa: S311 - seeded, for test data
        nodes = chance.randint(1, 12)
        ends = np.array(
            [[chance.randrange(nodes) for _ in range(2)] for _ in range(chance.randint(0, nodes + 4))],
            np.int32,
        ).reshape(-1, 2)
        graph = Multigraph(nodes, ends[:, 0], ends[:, 1])
        group = np.array([chance.randint(-1, 3) for _ in range(nodes)], np.int32)
        target = np.array(chance.sample(range(nodes), chance.randint(0, min(nodes, 3))), np.int32)
        kind = np.array([chance.randint(0, 2) for _ in range(nodes + graph.links)], np.uint8)

        got = cuts(graph, group, target, kind, kinds=2, engine=engine)

        for number in range(int(group.max()) + 1):
            members = set(np.flatnonzero(group == number).tolist())
            before = reaches(graph, members, set(target.tolist()), -1)
            cutting = [
                out
                for out in range(nodes + graph.links)
                if before and out not in members and not reaches(graph, members, set(target.tolist()), out)
            ]
            assert got.reached[number] == before
            for one in (1, 2):
                assert got.count[one - 1, number] == sum(kind[out] == one for out in cutting)
            counted = [out for out in cutting if kind[out]]
            assert (got.nearest[number] in counted) if counted else got.nearest[number] == -1


@pytest.mark.parametrize("engine", ENGINES)
def test_the_nearest_cut_of_a_long_chain_is_the_next_link(engine: Engine) -> None:
    nodes = 1000
    line = np.arange(nodes - 1, dtype=np.int32)
    group = np.arange(nodes, dtype=np.int32)

    got = cuts(
        Multigraph(nodes, line, line + np.int32(1)),
        group,
        np.array([0], np.int32),
        np.repeat(np.array([1, 2], np.uint8), [nodes, nodes - 1]),
        kinds=2,
        engine=engine,
    )

    assert got.count.tolist() == [group.tolist(), group.tolist()]
    assert got.nearest.tolist() == [-1, *(nodes + line).tolist()]


def test_arrays_of_another_graph_are_refused() -> None:
    graph = Multigraph(2, np.array([0], np.int32), np.array([1], np.int32))
    nothing = np.zeros(0, np.int32)

    with pytest.raises(ValueError, match="expected groups of 2 nodes"):
        cuts(graph, nothing, nothing, np.zeros(3, np.uint8))
