"""Losses of single failures against deleting and counting again, and against igraph's articulation points and bridges."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import igraph
import networkx as nx
import numpy as np
import pytest
import rustworkx

from netproof.graph import Engine, Multigraph, Need, single_portable
from netproof.graph.single import losses, skeleton
from tests.oracle import naive

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

GRAPHS = 500
REAL = ("Cogentco", "DeutscheTelekom", "Dfn", "Kdl")


def _graph(nodes: int, *ends: tuple[int, int]) -> Multigraph:
    pairs = np.array(ends, np.int32).reshape(-1, 2)
    return Multigraph(nodes, pairs[:, 0], pairs[:, 1])


def _need(people: list[int], *instances: list[int], place: list[int] | None = None) -> Need:
    places = max(place, default=-1) + 1 if place else 0
    return Need(
        np.array(people, np.int64),
        tuple(np.array(one, np.int32) for one in instances),
        None if place is None else np.array(place, np.int32),
        places,
    )


def _told(graph: Multigraph, need: Need, engine: Engine) -> dict[str, list[int]]:
    found = losses(skeleton(graph, engine=engine), need, engine=engine)
    told = {"node": found.node.tolist(), "link": found.link.tolist(), "baseline": [found.baseline]}
    if found.node_places is not None and found.link_places is not None:
        told["node_places"], told["link_places"] = found.node_places.tolist(), found.link_places.tolist()
        told["baseline_places"] = [found.baseline_places]
    return told


def _multigraph(graph: Multigraph) -> Any:
    """Return it for networkx; the key of an edge is the link's number."""
    made = nx.MultiGraph()
    made.add_nodes_from(range(graph.nodes))
    made.add_edges_from(
        (int(t), int(h), link) for link, (t, h) in enumerate(zip(graph.tail, graph.head, strict=True))
    )
    return made


def _unserved(graph: Any, need: Need, down: list[int]) -> int:
    functions = [set(one.tolist()) for one in need.instances]
    lacking = set(down)
    for component in nx.connected_components(graph):
        if not all(one & component for one in functions):
            lacking |= component
    return sum(int(need.people[node]) for node in lacking)


def _deleted(graph: Multigraph, need: Need) -> dict[str, list[int]]:
    """Delete each node and each link in networkx, and count again."""
    whole = _multigraph(graph)
    before = _unserved(whole, need, [])
    lost: dict[str, list[int]] = {"node": [], "link": [], "baseline": [before]}
    for node in range(graph.nodes):
        left = whole.copy()
        left.remove_node(node)
        lost["node"].append(_unserved(left, need, [node]) - before)
    for link, (tail, head) in enumerate(zip(graph.tail.tolist(), graph.head.tolist(), strict=True)):
        left = whole.copy()
        left.remove_edge(tail, head, link)
        lost["link"].append(_unserved(left, need, []) - before)
    return lost


def _read(path: Path) -> Multigraph:
    found = nx.read_graphml(path, force_multigraph=True)
    number = {name: at for at, name in enumerate(found.nodes)}
    return _graph(len(number), *((number[tail], number[head]) for tail, head, _ in found.edges))


@pytest.mark.parametrize("engine", list(Engine))
def test_random_multigraphs_lose_what_counting_again_says(engine: Engine) -> None:
    chance = random.Random(4)  # noqa: S311 - seeded, for test data
    moving = 0
    for _ in range(GRAPHS):
        graph, need = naive.random_network(chance)
        want = naive.losses(graph, need)
        moving += sum(lost > 0 for lost in want["link"]) + sum(
            lost > own for lost, own in zip(want["node"], need.people.tolist(), strict=True)
        )

        assert _told(graph, need, engine) == want

    assert moving > 2 * GRAPHS  # most graphs show something


@pytest.mark.parametrize("engine", list(Engine))
def test_random_multigraphs_lose_what_networkx_says(engine: Engine) -> None:
    chance = random.Random(40)  # noqa: S311 - seeded, for test data
    for _ in range(GRAPHS):
        graph, need = naive.random_network(chance, nodes=14)
        told = _told(graph, need, engine)

        assert {name: told[name] for name in ("node", "link", "baseline")} == _deleted(graph, need)


@pytest.mark.parametrize("engine", list(Engine))
def test_either_engine_reads_the_skeleton_of_the_other(engine: Engine) -> None:
    chance = random.Random(44)  # noqa: S311 - seeded, for test data
    for _ in range(100):
        graph, need = naive.random_network(chance)
        searched = skeleton(graph, engine=engine)
        found = [losses(searched, need, engine=one) for one in Engine]

        assert found[0].node.tolist() == found[1].node.tolist()
        assert found[0].link.tolist() == found[1].link.tolist()
        assert found[0].node_places is not None
        assert found[1].node_places is not None
        assert found[0].node_places.tolist() == found[1].node_places.tolist()


@pytest.mark.parametrize("engine", list(Engine))
def test_articulation_points_and_bridges_are_those_of_igraph(engine: Engine) -> None:
    chance = random.Random(400)  # noqa: S311 - seeded, for test data
    for _ in range(GRAPHS):
        graph, _ = naive.random_network(chance, nodes=40)
        theirs = igraph.Graph(graph.nodes, list(zip(graph.tail.tolist(), graph.head.tolist(), strict=True)))
        # One instance in each component: who is cut off from it is lost.
        chosen = sorted(min(one) for one in theirs.connected_components())
        found = losses(skeleton(graph, engine=engine), _need([1] * graph.nodes, chosen), engine=engine)
        points = set(theirs.articulation_points())

        assert set(np.flatnonzero(found.link).tolist()) == set(theirs.bridges())
        assert set(np.flatnonzero(found.node > 1).tolist()) - set(chosen) == points - set(chosen)


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("engine", list(Engine))
def test_real_networks_lose_what_counting_again_says(shared_data: Path, engine: Engine, name: str) -> None:
    graph = _read(shared_data / "topology" / f"{name}.graphml")
    chance = np.random.default_rng(4)
    n = graph.nodes
    need = Need(
        chance.integers(0, 10_000, n),
        tuple(chance.integers(0, n, 2, np.int32) for _ in range(4)),
        np.arange(n, dtype=np.int32) // 3,
        n,
    )

    assert _told(graph, need, engine) == _REAL.setdefault(name, naive.losses(graph, need))


_REAL: dict[str, dict[str, list[int]]] = {}


@pytest.mark.parametrize("engine", list(Engine))
def test_parallel_links_are_no_single_point_of_failure(engine: Engine) -> None:
    graph = _graph(3, (0, 1), (1, 0), (1, 2))
    found = losses(skeleton(graph, engine=engine), _need([0, 10, 5], [0]), engine=engine)

    assert found.link.tolist() == [0, 0, 5]


def test_other_libraries_take_parallel_links_for_single_points_of_failure() -> None:
    ends = [(0, 1), (1, 0), (1, 2)]
    theirs = rustworkx.PyGraph(multigraph=True)
    theirs.add_nodes_from(range(3))
    theirs.add_edges_from_no_data(ends)

    assert {tuple(sorted(one)) for one in rustworkx.bridges(theirs)} == {(0, 1), (1, 2)}
    assert {tuple(sorted(one)) for one in nx.bridges(nx.Graph(ends))} == {(0, 1), (1, 2)}
    assert {tuple(sorted(one)) for one in nx.bridges(nx.MultiGraph(ends))} == {(1, 2)}
    assert igraph.Graph(3, ends).bridges() == [2]


@pytest.mark.parametrize("engine", list(Engine))
def test_a_component_that_lacks_a_function_before_loses_nothing_more(engine: Engine) -> None:
    graph = _graph(5, (0, 1), (2, 3), (3, 4))
    need = _need([1, 2, 4, 8, 16], [0, 2], [1], place=[0, 0, 1, 1, 2])

    assert _told(graph, need, engine) == {
        "node": [3, 3, 0, 0, 0],
        "link": [3, 0, 0],
        "baseline": [28],
        "node_places": [1, 1, 0, 0, 0],
        "link_places": [1, 0, 0],
        "baseline_places": [2],
    }


@pytest.mark.parametrize("engine", list(Engine))
@pytest.mark.parametrize("instances", [65_535, 65_536, 70_000])
def test_a_function_may_have_more_instances_than_a_narrow_lane_counts(engine: Engine, instances: int) -> None:
    # A star whose middle holds people; its leaves hold instances; one more leaf hangs on a chain.
    n = instances + 3
    tail = np.append(np.zeros(n - 2, np.int32), [n - 2])
    graph = Multigraph(n, tail.astype(np.int32), np.arange(1, n, dtype=np.int32))
    people = np.zeros(n, np.int64)
    people[[0, n - 2, n - 1]] = [1, 10, 100]
    everywhere = np.arange(1, instances + 1, dtype=np.int32)
    found = losses(
        skeleton(graph, engine=engine), Need(people, (everywhere, everywhere, everywhere)), engine=engine
    )

    assert found.baseline == 0
    assert found.node[[0, 1, n - 2, n - 1]].tolist() == [111, 0, 110, 100]
    assert found.link[[0, n - 3, n - 2]].tolist() == [0, 110, 100]


@pytest.mark.parametrize("engine", list(Engine))
def test_a_network_of_one_node_loses_its_own_people(engine: Engine) -> None:
    graph = _graph(1, (0, 0))

    assert _told(graph, _need([7], [0], place=[0]), engine) == {
        "node": [7],
        "link": [0],
        "baseline": [0],
        "node_places": [1],
        "link_places": [0],
        "baseline_places": [0],
    }


@pytest.mark.parametrize("engine", list(Engine))
def test_a_network_of_no_node_loses_nothing(engine: Engine) -> None:
    told = _told(_graph(0), _need([], [], place=[]), engine)

    assert told["node"] == told["link"] == []
    assert told["baseline"] == [0]


@pytest.mark.parametrize("engine", list(Engine))
def test_islands_are_lost_before_unless_they_provide_for_themselves(engine: Engine) -> None:
    islands = 100_000
    graph = _graph(islands)
    found = losses(
        skeleton(graph, engine=engine), Need(np.full(islands, 3), (np.array([5], np.int32),)), engine=engine
    )

    assert found.baseline == 3 * (islands - 1)
    assert np.flatnonzero(found.node).tolist() == [5]


@pytest.mark.parametrize("engine", list(Engine))
def test_a_function_that_nobody_provides_is_a_loss_before_any_failure(engine: Engine) -> None:
    told = _told(_graph(2, (0, 1)), _need([1, 2], [0], []), engine)

    assert told["baseline"] == [3]
    assert told["node"] == [0, 0]


@pytest.mark.parametrize("engine", list(Engine))
def test_people_who_need_no_function_lose_only_their_own_node(engine: Engine) -> None:
    told = _told(_graph(2, (0, 1)), _need([1, 2]), engine)

    assert told == {"node": [1, 2], "link": [0], "baseline": [0]}


def test_lists_of_links_in_parts_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(64)  # noqa: S311 - seeded, for test data
    for most in (1, 2, 3):
        monkeypatch.setattr(single_portable, "_AT_ONCE", most)
        for _ in range(100):
            graph, need = naive.random_network(chance)

            assert _told(graph, need, Engine.PORTABLE) == _told(graph, need, Engine.NATIVE)


@pytest.mark.parametrize("engine", list(Engine))
def test_a_long_chain_is_no_danger_to_the_search(engine: Engine) -> None:
    n = 200_000
    order = np.random.default_rng(1).permutation(n).astype(np.int32)
    graph = Multigraph(n, order[:-1], order[1:])
    found = losses(skeleton(graph, engine=engine), Need(np.ones(n, np.int64), (order[:1],)), engine=engine)

    assert found.node[order].tolist() == list(range(n, 0, -1))
    assert found.link.tolist() == list(range(n - 1, 0, -1))


@pytest.mark.parametrize("engine", list(Engine))
def test_a_place_is_lost_only_when_all_of_it_is(engine: Engine) -> None:
    # Two arms hang on node 0 which holds nobody; place 0 lies in both arms, place 1 in one, the instance beyond.
    graph = _graph(5, (4, 0), (0, 1), (0, 2), (1, 3))
    told = _told(graph, _need([0, 1, 1, 1, 1], [4], place=[-1, 0, 0, 1, 2]), engine)

    assert told["node_places"] == [2, 1, 0, 1, 3]
    assert told["link_places"] == [2, 1, 0, 1]


def test_needs_of_another_network_are_refused() -> None:
    with pytest.raises(ValueError, match="expected people on 2 nodes, got 1"):
        losses(skeleton(_graph(2)), _need([1]))


def _shuffled(
    graph: Multigraph, need: Need, node: NDArray[np.int32], link: NDArray[np.int64]
) -> tuple[Multigraph, Need]:
    tail, head = node[graph.tail][link], node[graph.head][link]
    people = np.empty_like(need.people)
    people[node] = need.people
    return Multigraph(graph.nodes, tail, head), Need(people, tuple(node[one] for one in need.instances))


@pytest.mark.parametrize("engine", list(Engine))
def test_the_order_of_nodes_and_links_changes_nothing(engine: Engine) -> None:
    chance, numbers = random.Random(9), np.random.default_rng(9)  # noqa: S311 - seeded, for test data
    for _ in range(200):
        graph, need = naive.random_network(chance)
        node = numbers.permutation(graph.nodes).astype(np.int32)
        link = numbers.permutation(graph.links)
        want = losses(skeleton(graph, engine=engine), need, engine=engine)
        moved_graph, moved_need = _shuffled(graph, need, node, link)
        got = losses(skeleton(moved_graph, engine=engine), moved_need, engine=engine)

        assert got.node[node].tolist() == want.node.tolist()
        assert got.link.tolist() == want.link[link].tolist()
