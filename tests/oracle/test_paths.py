"""What lies between two nodes equals what networkx finds by leaving things out, with both engines."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pytest

from netproof.graph.library import Engine, native
from netproof.graph.multigraph import Multigraph
from netproof.graph.paths import avoiding, block_tree, every, flow_losses, pieces, shared, some
from tests.oracle.seeds import over_seeds

if TYPE_CHECKING:
    from numpy.typing import NDArray

ENGINES = [
    Engine.PORTABLE,
    pytest.param(Engine.NATIVE, marks=pytest.mark.skipif(native() is None, reason="no compiled kernels")),
]
pytestmark = pytest.mark.parametrize("engine", ENGINES)


def graph_of(nodes: int, links: list[tuple[int, int]]) -> Multigraph:
    ends = np.array(links, np.int32).reshape(-1, 2)
    return Multigraph(nodes, ends[:, 0], ends[:, 1])


def drawn(rng: np.random.Generator, most: int = 22) -> Multigraph:
    """A multigraph with self-loops, parallel links, rings, trees and islands."""
    nodes = int(rng.integers(1, most))
    links = rng.integers(0, nodes, (int(rng.integers(0, 2 * nodes)), 2)).tolist()
    if rng.random() < 0.5:
        links += [(int(rng.integers(max(0, v - 3), v)), v) for v in range(1, nodes) if rng.random() < 0.8]
    links += [links[i] for i in rng.integers(0, len(links), 2)] if links else []
    return graph_of(nodes, links)


def outside(graph: Multigraph, nodes: set[int] = frozenset(), links: set[int] = frozenset()) -> nx.MultiGraph:  # type: ignore[assignment]
    got = nx.MultiGraph()
    got.add_nodes_from(set(range(graph.nodes)) - nodes)
    for link, (a, b) in enumerate(zip(graph.tail.tolist(), graph.head.tolist(), strict=True)):
        if link not in links and a not in nodes and b not in nodes:
            got.add_edge(a, b, key=link)
    return got


def joined(graph: nx.MultiGraph, a: int, b: int) -> bool:
    return bool(a in graph and b in graph and nx.has_path(graph, a, b))


def chosen(mask: NDArray[np.bool_]) -> set[int]:
    return {int(one) for one in np.flatnonzero(mask)}


@over_seeds(150)
def test_flows_lose_what_leaving_each_thing_out_cuts(seed: int, engine: Engine) -> None:
    rng = np.random.default_rng(seed)
    graph = drawn(rng)
    flows = int(rng.integers(0, 12))
    source, target = rng.integers(0, graph.nodes, (2, flows)).astype(np.int32)
    rate = rng.integers(0, 1 << 40, flows)

    got = flow_losses(graph, source, target, rate, engine=engine)

    ends = list(zip(source.tolist(), target.tolist(), rate.tolist(), strict=True))
    whole = outside(graph)
    served = [flow for flow in ends if joined(whole, *flow[:2])]
    assert got.baseline == rate.sum() - sum(one for *_, one in served)
    for node in range(graph.nodes):
        left = outside(graph, {node})
        assert got.node[node] == sum(one for a, b, one in served if not joined(left, a, b))
    for link in range(graph.links):
        left = outside(graph, links={link})
        assert got.link[link] == sum(one for a, b, one in served if not joined(left, a, b))


@over_seeds(150)
def test_on_every_path_is_what_cuts_the_ends_apart(seed: int, engine: Engine) -> None:
    rng = np.random.default_rng(5000 + seed)
    graph = drawn(rng)
    a, b = (int(one) for one in rng.integers(0, graph.nodes, 2))

    node, link = every(graph, a, b, engine=engine)

    if not joined(outside(graph), a, b):
        assert not node.any()
        assert not link.any()
        return
    assert chosen(node) == {v for v in range(graph.nodes) if not joined(outside(graph, {v}), a, b)}
    assert chosen(link) == {e for e in range(graph.links) if not joined(outside(graph, links={e}), a, b)}


@over_seeds(150)
def test_on_some_path_is_what_the_simple_paths_visit(seed: int, engine: Engine) -> None:
    rng = np.random.default_rng(6000 + seed)
    graph = drawn(rng, 9)
    a, b = (int(one) for one in rng.integers(0, graph.nodes, 2))

    node, link = some(graph, a, b, engine=engine)

    whole = outside(graph)
    nodes, links = set(), set()
    if a == b:
        nodes = {a}
    else:
        for path in nx.all_simple_edge_paths(whole, a, b):
            nodes |= {a, *(head for _, head, _ in path)}
            links |= {key for *_, key in path}
    assert chosen(node) == nodes
    assert chosen(link) == links


@over_seeds(150)
def test_a_way_around_is_a_shortest_path_of_what_is_left(seed: int, engine: Engine) -> None:
    rng = np.random.default_rng(7000 + seed)
    graph = drawn(rng)
    a, b = (int(one) for one in rng.integers(0, graph.nodes, 2))
    without, without_link = rng.random(graph.nodes) < 0.2, rng.random(graph.links) < 0.2

    got = avoiding(graph, a, b, without, without_link, engine=engine)
    label = pieces(graph, without, without_link, engine=engine)

    left = outside(graph, chosen(without), chosen(without_link))
    assert (label[a] == label[b] != -1) == joined(left, a, b)
    assert label.tolist() == [
        min(nx.node_connected_component(left, v)) if v in left else -1 for v in range(graph.nodes)
    ]
    if got is None:
        assert not joined(left, a, b)
        return
    assert got.link.size == nx.shortest_path_length(left, a, b)
    assert (got.node[0], got.node[-1]) == (a, b)
    for (one, other), link in zip(pairwise(got.node.tolist()), got.link.tolist(), strict=True):
        assert left.has_edge(one, other, key=link)
    twin = avoiding(graph, a, b, without, without_link, engine=Engine.PORTABLE)
    assert twin is not None
    assert (got.node.tolist(), got.link.tolist()) == (twin.node.tolist(), twin.link.tolist())


@over_seeds(60)
def test_blocks_are_those_of_networkx(seed: int, engine: Engine) -> None:
    graph = drawn(np.random.default_rng(8000 + seed), 60)

    tree = block_tree(graph, engine=engine)

    blocks: dict[int, set[int]] = {}
    for position, block in enumerate(tree.block.tolist()):
        if block >= 0:
            top = int(tree.order[tree.parent[block]])
            blocks.setdefault(block, {top}).add(int(tree.order[position]))
    simple = nx.Graph(outside(graph))
    assert sorted(map(sorted, blocks.values())) == sorted(map(sorted, nx.biconnected_components(simple)))
    assert np.array_equal(tree.order[tree.position], np.arange(graph.nodes))


@pytest.mark.parametrize("shape", ["chain", "ring", "star", "ladder"])
def test_large_shapes_lose_what_is_known(shape: str, engine: Engine) -> None:
    n = 20_000
    v = np.arange(n - 1)
    tail = {"chain": v, "ring": np.arange(n), "star": 0 * v, "ladder": np.concatenate([v, v[:-1]])}[shape]
    head = {
        "chain": v + 1,
        "ring": (np.arange(n) + 1) % n,
        "star": v + 1,
        "ladder": np.concatenate([v + 1, v[:-1] + 2]),
    }[shape]
    graph = Multigraph(n, tail, head)
    flows = (np.array([5, n - 1], np.int32), np.array([n - 3, 5], np.int32), np.array([1, 10]))

    got = flow_losses(graph, *flows, engine=engine)

    want = np.zeros(n, np.int64)
    want[[5, n - 3, n - 1]] = [11, 1, 10]
    if shape == "chain":
        want[6 : n - 2], want[n - 2] = 11, 10
    if shape == "star":
        want[0] = 11
    assert got.node.tolist() == want.tolist()
    assert int(got.link.max()) == (11 if shape in {"chain", "star"} else 0)


def test_a_second_link_beside_the_first_is_no_single_point_of_failure(engine: Engine) -> None:
    graph = graph_of(3, [(0, 1), (1, 0), (1, 2), (2, 2)])

    node, link = every(graph, 0, 2, engine=engine)
    losses = flow_losses(graph, np.array([0]), np.array([2]), np.array([7]), engine=engine)

    assert (node.tolist(), link.tolist()) == ([True] * 3, [False, False, True, False])
    assert losses.link.tolist() == [0, 0, 7, 0]
    assert some(graph, 0, 2, engine=engine)[1].tolist() == [True, True, True, False]


def test_a_network_of_one_node_and_of_none(engine: Engine) -> None:
    none = np.zeros(0, np.int32)

    one = flow_losses(
        graph_of(1, [(0, 0)]), np.zeros(1, np.int32), np.zeros(1, np.int32), np.array([3]), engine=engine
    )
    empty = flow_losses(graph_of(0, []), none, none, np.zeros(0, np.int64), engine=engine)

    assert (one.node.tolist(), one.link.tolist(), one.baseline) == ([3], [0], 0)
    assert (empty.node.size, empty.baseline) == (0, 0)
    assert pieces(graph_of(0, []), np.zeros(0, np.bool_), engine=engine).size == 0


def test_hundreds_of_parallel_links_are_one_way(engine: Engine) -> None:
    graph = graph_of(3, [(0, 1)] * 256 + [(1, 2)] * 300)

    assert chosen(every(graph, 0, 2, engine=engine)[0]) == {0, 1, 2}
    assert not every(graph, 0, 2, engine=engine)[1].any()
    assert some(graph, 0, 2, engine=engine)[1].all()
    assert pieces(graph, np.zeros(3, np.bool_), engine=engine).tolist() == [0, 0, 0]


def test_what_does_not_fit_is_refused(engine: Engine) -> None:
    graph = graph_of(2, [(0, 1)])
    at, no = np.array([0], np.int32), np.zeros(2, np.bool_)

    with pytest.raises(ValueError, match="ends of flows from 0 to 1, got 2 to 2"):
        flow_losses(graph, at, at + 2, np.array([1]), engine=engine)
    with pytest.raises(ValueError, match="rate of 0 or more, got -1"):
        flow_losses(graph, at, at, np.array([-1]), engine=engine)
    with pytest.raises(ValueError, match="got 1, 1 and 2"):
        flow_losses(graph, at, at, np.array([1, 1]), engine=engine)
    with pytest.raises(ValueError, match="a node from 0 to 1, got 2"):
        every(graph, 0, 2, engine=engine)
    with pytest.raises(ValueError, match="a node from 0 to 1, got -1"):
        avoiding(graph, -1, 0, no, engine=engine)
    with pytest.raises(ValueError, match="for 2 nodes and 1 links"):
        avoiding(graph, 0, 1, no[:1], engine=engine)


def test_what_any_ends_share_is_what_tears_all_of_them_apart(engine: Engine) -> None:
    for seed in range(60):
        chance = np.random.default_rng(seed)
        nodes, links = int(chance.integers(1, 10)), int(chance.integers(0, 14))
        ends = chance.integers(0, nodes, (2, links)).astype(np.int32)
        graph = Multigraph(nodes, ends[0], ends[1])
        tree = block_tree(graph, engine=engine)
        sides = [chance.integers(0, nodes, int(chance.integers(1, 4))).astype(np.int32) for _ in range(2)]

        def joined(
            node: int, link: int, graph: Multigraph = graph, sides: list[NDArray[np.int32]] = sides
        ) -> bool:
            without = np.arange(graph.nodes) == node, np.arange(graph.links) == link
            label = pieces(graph, *without, engine=engine)
            one, other = (set(label[side].tolist()) - {-1} for side in sides)
            return bool(one & other)

        want: tuple[list[int], list[int]] = [], []
        if joined(-1, -1):
            want = (
                [node for node in range(nodes) if not joined(node, -1)],
                [link for link in range(links) if not joined(-1, link)],
            )
        way = shared(tree, *sides)
        found = (np.zeros(0), np.zeros(0)) if way is None else every(tree, *way, engine=engine)
        assert want == tuple(np.flatnonzero(one).tolist() for one in found)
