"""Losses with one-way links equal those of taking each node and link out in turn, with both engines."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pytest

from netproof.graph.directed import directed_losses
from netproof.graph.library import Engine, native
from netproof.graph.multigraph import Need
from tests.oracle.seeds import over_seeds

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from netproof.graph.single import Losses

    Ends = NDArray[np.int32]

ENGINES = [
    Engine.PORTABLE,
    pytest.param(Engine.NATIVE, marks=pytest.mark.skipif(native() is None, reason="no compiled kernels")),
]
pytestmark = pytest.mark.parametrize("engine", ENGINES)


def drawn(rng: np.random.Generator) -> tuple[int, Ends, Ends, Need]:
    """Nodes, tails, heads and a need; self-loops, parallel links, islands and functions nobody provides."""
    n = int(rng.integers(1, 18))
    m = int(rng.integers(0, 3 * n))
    tail, head = rng.integers(0, n, (2, m)).astype(np.int32)
    if rng.random() < 0.6:  # chains towards few nodes make long rows of things that stand alone
        more = np.arange(1, n, dtype=np.int32)
        tail, head = (
            np.append(tail, more),
            np.append(head, (more - rng.integers(1, 4, n - 1)).clip(0)).astype(np.int32),
        )
    functions = int(rng.integers(1, 5))
    instances = tuple(
        rng.integers(0, n, int(rng.choice([0, 1, 1, 2, 3], p=[0.04, 0.3, 0.26, 0.2, 0.2])))
        for _ in range(functions)
    )
    places = int(rng.integers(1, n + 1))
    people = np.where(rng.random(n) < 0.2, 0, rng.integers(1, 1 << 40, n))
    return n, tail, head, Need(people, instances, rng.integers(-1, places, n), places)  # type: ignore[arg-type]


def lost(n: int, links: list[tuple[int, int]], need: Need, node: int) -> NDArray[np.bool_]:
    """Who is without the need when `node` (or none, -1) is out and these are the links."""
    into: dict[int, list[int]] = defaultdict(list)
    for a, b in links:
        if node not in {a, b}:
            into[b].append(a)
    served = np.ones(n, np.bool_)
    for instances in need.instances:
        reached = {int(one) for one in instances} - {node}
        front = list(reached)
        while front:
            fresh = {one for one in into[front.pop()] if one not in reached}
            reached |= fresh
            front += fresh
        served &= [v in reached for v in range(n)]
    if node >= 0:
        served[node] = False
    return ~served


def places_lost(need: Need, gone: NDArray[np.bool_]) -> int:
    homes: dict[int, list[bool]] = defaultdict(list)
    assert need.place is not None
    for v, place in enumerate(need.place.tolist()):
        if place >= 0 and need.people[v] > 0:
            homes[place].append(bool(gone[v]))
    return sum(all(home) for home in homes.values())


def brute(n: int, tail: Ends, head: Ends, need: Need) -> dict[str, list[int]]:
    links = list(zip(tail.tolist(), head.tolist(), strict=True))
    nodes = [lost(n, links, need, v) for v in range(n)]
    without = [lost(n, links[:e] + links[e + 1 :], need, -1) for e in range(len(links))]
    before = lost(n, links, need, -1)
    counts: dict[str, Callable[[NDArray[np.bool_]], int]] = {
        "people": lambda gone: int(need.people[gone].sum()),
        "places": lambda gone: places_lost(need, gone),
    }
    got = {f"baseline {what}": [count(before)] for what, count in counts.items()}
    for what, count in counts.items():
        got[f"node {what}"] = [count(gone) - count(before) for gone in nodes]
        got[f"link {what}"] = [count(gone) - count(before) for gone in without]
    return got


def shown(losses: Losses) -> dict[str, list[int]]:
    assert losses.node_places is not None
    assert losses.link_places is not None
    return {
        "baseline people": [losses.baseline],
        "baseline places": [losses.baseline_places],
        "node people": losses.node.tolist(),
        "link people": losses.link.tolist(),
        "node places": losses.node_places.tolist(),
        "link places": losses.link_places.tolist(),
    }


@over_seeds(400)
def test_losses_are_those_of_taking_each_thing_out(seed: int, engine: Engine) -> None:
    network = drawn(np.random.default_rng(seed))

    got = directed_losses(*network, engine=engine)

    assert shown(got) == brute(*network)


@over_seeds(100)
def test_links_both_ways_are_an_undirected_network(seed: int, engine: Engine) -> None:
    n, tail, head, need = drawn(np.random.default_rng(9000 + seed))

    got = directed_losses(n, np.append(tail, head), np.append(head, tail), need, engine=engine)

    graph = nx.MultiGraph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from(zip(tail.tolist(), head.tolist(), strict=True))

    def served(out: int) -> int:
        left = graph.subgraph(set(range(n)) - {out})
        pieces = [
            one for one in nx.connected_components(left) if all(one & set(f.tolist()) for f in need.instances)
        ]
        return sum(int(need.people[list(one)].sum()) for one in pieces)

    assert got.node.tolist() == [served(-1) - served(v) for v in range(n)]
    assert got.baseline == need.people.sum() - served(-1)


@over_seeds(100)
def test_one_function_loses_what_networkx_dominates(seed: int, engine: Engine) -> None:
    n, tail, head, need = drawn(np.random.default_rng(9500 + seed))
    need = Need(need.people, need.instances[:1])

    got = directed_losses(n, tail, head, need, engine=engine)

    graph = nx.DiGraph()
    graph.add_node(-1)
    graph.add_edges_from((-1, int(one)) for one in need.instances[0])
    graph.add_edges_from(zip(head.tolist(), tail.tolist(), strict=True))
    above = nx.immediate_dominators(graph, -1)
    want = [0] * n
    for v in set(above) - {-1}:
        at = v
        while at not in {-1, None}:
            want[at] += int(need.people[v])
            at = above[at]
    assert got.node.tolist() == want


def test_functions_that_disagree_each_take_their_chain(engine: Engine) -> None:
    # 0 and 1 are instances of one function each; 2 leads to both over nodes of their own, and 3 leads to 2.
    tail, head = np.array([2, 2, 4, 5, 3], np.int32), np.array([4, 5, 0, 1, 2], np.int32)
    need = Need(np.array([0, 0, 1, 10, 0, 0]), (np.array([0], np.int32), np.array([1], np.int32)))

    got = directed_losses(6, tail, head, need, engine=engine)

    assert got.node.tolist() == [11, 11, 11, 10, 11, 11]
    assert got.link.tolist() == [11, 11, 11, 11, 10]
    assert got.node_places is None


def test_a_function_that_nobody_provides_is_lost_from_the_start(engine: Engine) -> None:
    need = Need(
        np.array([5, 7]), (np.array([0], np.int32), np.zeros(0, np.int32)), np.array([0, 0], np.int32), 1
    )

    got = directed_losses(2, np.array([1], np.int32), np.array([0], np.int32), need, engine=engine)

    assert shown(got) == {
        "baseline people": [12],
        "baseline places": [1],
        "node people": [0, 0],
        "link people": [0],
        "node places": [0, 0],
        "link places": [0],
    }


def test_people_who_need_nothing_lose_only_their_own_node(engine: Engine) -> None:
    need = Need(np.array([5, 7, 0]), (), np.array([0, 1, 1], np.int32), 2)

    got = directed_losses(3, np.array([1], np.int32), np.array([0], np.int32), need, engine=engine)

    assert (got.node.tolist(), got.link.tolist(), got.baseline) == ([5, 7, 0], [0], 0)
    assert got.node_places is not None
    assert got.node_places.tolist() == [1, 1, 0]


@pytest.mark.parametrize("functions", [1, 3])
def test_a_long_chain_is_lost_from_each_node_on(functions: int, engine: Engine) -> None:
    n = 100_000 if engine is Engine.NATIVE else 5_000
    v = np.arange(n - 1, dtype=np.int32)
    instances = tuple(np.array([0], np.int32) for _ in range(functions))
    place = np.arange(n, dtype=np.int32) // 2

    got = directed_losses(n, v + 1, v, Need(np.ones(n, np.int64), instances, place, n // 2), engine=engine)

    assert got.node.tolist() == list(range(n, 0, -1))
    assert got.link.tolist() == list(range(n - 1, 0, -1))
    assert got.node_places is not None
    assert got.node_places.tolist() == [n // 2 - (v + 1) // 2 for v in range(n)]


def test_the_empty_network_loses_nothing(engine: Engine) -> None:
    none = np.zeros(0, np.int32)

    got = directed_losses(0, none, none, Need(np.zeros(0, np.int64), (none,)), engine=engine)

    assert (got.node.size, got.link.size, got.baseline) == (0, 0, 0)


def test_a_need_of_another_network_is_refused(engine: Engine) -> None:
    none = np.zeros(0, np.int32)

    with pytest.raises(ValueError, match="expected people of 3 nodes, got 2"):
        directed_losses(3, none, none, Need(np.zeros(2, np.int64), (none,)), engine=engine)
