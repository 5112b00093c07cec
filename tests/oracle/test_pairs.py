"""Losses of all pairs of nodes and links against failing every pair: union-find, networkx, and the naive twin."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pytest

from netproof.graph import Engine, Multigraph, Need
from netproof.graph.pairs import Pairs, Searching, pair_losses, pairs_memory
from netproof.graph.single import losses, skeleton
from tests.oracle.pairing import anyhow, brute, graph_of, lost, served_all_over, subdivided

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

GRAPHS = 420
SUBDIVIDED = 160
SERVED = 160
REAL = ("DeutscheTelekom", "Dfn")
TOPS = (0, 1, 7, 60)

Pair = tuple[int, int]


def _agrees(found: Pairs, want: dict[Pair, int], elements: int, top: int) -> None:
    worst = [0] * elements
    for pair, loss in want.items():
        for one in pair:
            worst[one] = max(worst[one], loss)

    assert found.total == sum(want.values())
    assert found.pairs == len(want)
    assert found.maximum == max(want.values(), default=0)
    assert found.worst.tolist() == worst
    for one, other in enumerate(found.worst_partner.tolist()):
        assert other == -1 if elements == 1 else want[min(one, other), max(one, other)] == worst[one]
    most = sorted((loss for loss in want.values() if loss), reverse=True)[:top]
    assert [loss for _, _, loss in found.top] == most
    assert len({pair[:2] for pair in found.top}) == len(found.top)
    assert all(want[a, b] == loss for a, b, loss in found.top)


def _cases(seed: int, many: int, make: Callable[[random.Random], tuple[Multigraph, Need]]) -> Iterator[Any]:
    chance = random.Random(seed)  # noqa: S311 - seeded, for test data
    for number in range(many):
        graph, need = make(chance)
        links = number % 4 > 0
        yield graph, need, links, TOPS[number % 3 + (number % 2)], graph.nodes + links * graph.links


@pytest.mark.parametrize(
    ("make", "many"), [(anyhow, GRAPHS), (subdivided, SUBDIVIDED), (served_all_over, SERVED)]
)
def test_all_pairs_of_random_multigraphs_lose_what_failing_each_pair_says(
    make: Callable[[random.Random], tuple[Multigraph, Need]], many: int
) -> None:
    joint = 0
    for graph, need, links, top, elements in _cases(5, many, make):
        want = brute(graph, need, elements)
        found = pair_losses(graph, need, links=links, top=top)
        alone = losses(skeleton(graph), need)
        single = np.concatenate([alone.node, alone.link]).tolist()
        joint += sum(loss > single[a] + single[b] for (a, b), loss in want.items())

        _agrees(found, want, elements, top)
    assert joint > 500


def test_the_twin_says_the_same() -> None:
    for graph, need, links, top, elements in [*_cases(6, 50, anyhow), *_cases(7, 30, subdivided)]:
        want = brute(graph, need, elements)

        _agrees(pair_losses(graph, need, links=links, top=top, engine=Engine.PORTABLE), want, elements, top)


def test_networkx_says_the_same() -> None:
    for graph, need, links, top, elements in _cases(8, 60, anyhow):
        n, want = graph.nodes, {}
        pairs: list[Any] = [(), *combinations(range(elements), 2)]
        whole = nx.MultiGraph()
        whole.add_nodes_from(range(n))
        ends = zip(graph.tail.tolist(), graph.head.tolist(), strict=True)
        whole.add_edges_from((tail, head, number) for number, (tail, head) in enumerate(ends, n))
        for pair in pairs:
            left = whole.copy()
            left.remove_edges_from([edge for edge in whole.edges if edge[2] in pair])
            left.remove_nodes_from([node for node in pair if node < n])
            served = [
                one
                for one in nx.connected_components(left)
                if all(one & set(function.tolist()) for function in need.instances)
            ]
            want[pair] = int(need.people.sum()) - sum(int(need.people[list(one)].sum()) for one in served)
        before = want.pop(())

        _agrees(
            pair_losses(graph, need, links=links, top=top),
            {pair: loss - before for pair, loss in want.items()},
            elements,
            top,
        )


def test_searching_without_compression_says_the_same() -> None:
    for graph, need, links, top, elements in [*_cases(9, 60, anyhow), *_cases(10, 60, subdivided)]:
        with Searching(graph, need, links=links, top=top, compress=False) as run:
            done, work = run.step(1 << 40)
            total, worst, _, found = run.read()
        want = pair_losses(graph, need, links=links, top=top)

        assert done == work
        assert total == want.total
        assert elements < 2 or worst.tolist() == want.worst.tolist()
        assert sorted(loss for _, _, loss in found) == sorted(loss for _, _, loss in want.top)


def _real(shared_data: Path, name: str) -> tuple[Multigraph, Need]:
    path = shared_data / "topology" / f"{name}.graphml"
    if not path.is_file():
        pytest.skip(f"no {name}.graphml among the real files")
    found = nx.read_graphml(path, force_multigraph=True)
    number = {name: at for at, name in enumerate(found.nodes)}
    chance = np.random.default_rng(4)
    n = len(number)
    need = Need(chance.integers(0, 10_000, n), tuple(chance.choice(n, 3).astype(np.int32) for _ in range(3)))
    return graph_of(n, [(number[tail], number[head]) for tail, head, _ in found.edges]), need


@pytest.mark.parametrize("name", REAL)
def test_all_pairs_of_a_real_network_lose_what_failing_each_pair_says(shared_data: Path, name: str) -> None:
    graph, need = _real(shared_data, name)
    elements = graph.nodes + graph.links

    _agrees(pair_losses(graph, need, top=60), brute(graph, need, elements), elements, 60)


def test_all_pairs_of_the_largest_real_network_lose_what_the_twin_says(shared_data: Path) -> None:
    graph, need = _real(shared_data, "Kdl")
    found = pair_losses(graph, need)
    twin = pair_losses(graph, need, engine=Engine.PORTABLE)
    lose = lost(graph, need)
    chance = random.Random(3)  # noqa: S311 - seeded, for test data

    assert found.pairs == 1_365_378
    assert replace(found, worst_partner=twin.worst_partner, worst=twin.worst, top=twin.top) == twin
    assert found.worst.tolist() == twin.worst.tolist()
    assert [loss for *_, loss in found.top] == [loss for *_, loss in twin.top]
    assert all(lose(a, b) == loss for a, b, loss in found.top)
    for one in chance.sample(range(found.worst.size), 200):
        assert lose(one, int(found.worst_partner[one])) == found.worst[one]


def test_a_pair_loses_at_least_what_each_of_the_two_loses_alone() -> None:
    for graph, need, _, _, elements in _cases(11, 100, anyhow):
        alone = losses(skeleton(graph), need)
        single = np.concatenate([alone.node, alone.link])
        found = pair_losses(graph, need)

        assert elements < 2 or (found.worst >= single).all()
        assert found.total >= (elements - 1) * int(single.max(initial=0))


def test_numbers_of_nodes_and_links_do_not_matter() -> None:
    chance = np.random.default_rng(12)
    for graph, need, links, _, _ in _cases(12, 100, subdivided):
        new, order = chance.permutation(graph.nodes).astype(np.int32), chance.permutation(graph.links)
        people = np.empty_like(need.people)
        people[new] = need.people
        moved = pair_losses(
            Multigraph(graph.nodes, new[graph.head[order]], new[graph.tail[order]]),
            Need(people, tuple(new[one] for one in need.instances)),
            links=links,
        )
        found = pair_losses(graph, need, links=links)

        assert moved.total == found.total
        assert moved.worst[new].tolist() == found.worst[: graph.nodes].tolist()
        assert [loss for *_, loss in moved.top] == [loss for *_, loss in found.top]


def test_losses_of_two_networks_side_by_side_add_up() -> None:
    cases = list(_cases(13, 60, anyhow))
    for (one, need, _, _, _), (other, _, _, _, _) in zip(cases[::2], cases[1::2], strict=True):
        beside = Need(np.ones(other.nodes, np.int64), (np.array([0], np.int32),))
        both = Need(
            np.concatenate([need.people, beside.people]),
            tuple(np.append(function, np.int32(one.nodes)) for function in need.instances),
        )
        graph = Multigraph(
            one.nodes + other.nodes,
            np.append(one.tail, other.tail + np.int32(one.nodes)),
            np.append(one.head, other.head + np.int32(one.nodes)),
        )
        single = [
            int(alone.node.sum() + alone.link.sum())
            for alone in (losses(skeleton(one), need), losses(skeleton(other), beside))
        ]
        across = single[0] * (other.nodes + other.links) + single[1] * (one.nodes + one.links)

        found = pair_losses(graph, both)

        assert found.total == pair_losses(one, need).total + pair_losses(other, beside).total + across


def test_who_needs_nothing_loses_only_what_fails() -> None:
    graph = graph_of(4, [(0, 1), (1, 2), (2, 2)])

    found = pair_losses(graph, Need(np.array([1, 2, 3, 4], np.int64), ()))

    assert found.total == 10 * 6
    assert found.maximum == 7
    assert found.top[0] == (2, 3, 7)


def test_what_nobody_provides_cannot_be_lost() -> None:
    graph, need = graph_of(3, [(0, 1), (1, 2)]), Need(np.array([1, 2, 3], np.int64), (np.empty(0, np.int32),))

    for engine in Engine:
        found = pair_losses(graph, need, engine=engine)

        assert (found.total, found.maximum, found.top) == (0, 0, [])
        assert all(one != other for one, other in enumerate(found.worst_partner.tolist()))


def test_a_network_of_no_node_and_of_one_node_has_no_pair() -> None:
    for nodes in (0, 1):
        need = Need(np.ones(nodes, np.int64), (np.arange(nodes, dtype=np.int32),))
        for engine in Engine:
            found = pair_losses(graph_of(nodes, []), need, engine=engine)

            assert (found.total, found.pairs, found.maximum, found.top) == (0, 0, 0, [])
            assert found.worst.tolist() == [0] * nodes
            assert found.worst_partner.tolist() == [-1] * nodes


@pytest.mark.parametrize("many", [43_000, 43_001, 65_536, 70_000])
def test_many_instances_of_one_function_are_counted(many: int) -> None:
    ends = [(0, leaf) for leaf in range(1, many + 1)]
    people = np.ones(many + 1, np.int64)
    need = Need(people, (np.arange(1, many + 1, dtype=np.int32), np.array([0], np.int32)))

    found = pair_losses(graph_of(many + 1, ends), need, top=3)

    # The hub takes all; of leaves and their links each takes one, the two of one leaf no more.
    others = 2 * many
    assert found.total == others * (many + 1) + 2 * (others * (others - 1) // 2) - many
    assert found.maximum == many + 1


def test_many_instances_of_all_functions_do_not_make_the_search_long() -> None:
    leaves = 70_000
    ends = [(0, leaf) for leaf in range(1, leaves + 1)]
    need = Need(np.ones(leaves + 1, np.int64), (np.arange(1, leaves + 1, dtype=np.int32),))

    found = pair_losses(graph_of(leaves + 1, ends), need, top=3)

    # Each leaf serves itself, and all the hub: nothing is lost but the nodes that fail.
    assert found.total == (leaves + 1) * (2 * leaves)
    assert found.maximum == 2


def test_a_sum_above_64_bits_is_exact() -> None:
    n, each = 20_000, 5_000_000_000
    ring = graph_of(n, [(node, (node + 1) % n) for node in range(n)])

    found = pair_losses(ring, Need(np.full(n, each), (np.array([0], np.int32),)))

    # Around the ring nodes stand at even places and links between; a pair cuts off what lies between, itself too.
    last = 2 * n - 1
    between = sum((at - 1) * (at // 2) - (last - at) * ((at - 1) // 2) for at in range(1, last + 1))
    assert found.total == each * (between + n * last)
    assert found.total > 1 << 63


def test_more_failures_never_help() -> None:
    for graph, need, _, _, _ in _cases(14, 60, anyhow):
        if not graph.links:
            continue
        fewer = Multigraph(graph.nodes, graph.tail[1:], graph.head[1:])
        lost = int(losses(skeleton(graph), need).link[0])
        elements = graph.nodes + graph.links - 1

        assert pair_losses(fewer, need).total + lost * elements * (elements - 1) // 2 >= sum(
            loss for (a, b), loss in brute(graph, need, elements + 1).items() if graph.nodes not in (a, b)
        )


def test_progress_is_told_and_can_stop_the_run() -> None:
    chance = random.Random(15)  # noqa: S311 - seeded, for test data
    graph = graph_of(200, [(chance.randrange(200), chance.randrange(200)) for _ in range(500)])
    need = Need(np.ones(200, np.int64), (np.array([0, 7], np.int32),))
    told: list[Pair] = []

    def stop(done: int, work: int) -> None:
        del done, work
        raise KeyboardInterrupt

    pair_losses(graph, need, progress=lambda done, work: told.append((done, work)))

    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1] > 0
    for engine in Engine:
        with pytest.raises(KeyboardInterrupt):
            pair_losses(graph, need, progress=stop, engine=engine)


def test_what_passes_the_kernels_is_refused() -> None:
    graph, few = graph_of(2, [(0, 1)]), np.array([0], np.int32)

    with pytest.raises(ValueError, match="expected people on 2 nodes, got 3"):
        pair_losses(graph, Need(np.ones(3, np.int64), (few,)))
    with pytest.raises(ValueError, match=r"expected people times elements below 2\^62, got .* times 3"):
        pair_losses(graph, Need(np.full(2, 1 << 61), (few,)))
    with pytest.raises(ValueError, match="expected at most 64 functions, got 65"):
        pair_losses(graph, Need(np.ones(2, np.int64), (few,) * 65))
    with pytest.raises(ValueError, match="expected at most 3000 nodes and links without compiled kernels"):
        pair_losses(graph_of(3_001, []), Need(np.ones(3_001, np.int64), ()), engine=Engine.PORTABLE)


def test_memory_is_stated_and_grows_with_the_graph() -> None:
    small, large = graph_of(10, [(0, 1)]), graph_of(20, [(0, 1)] * 2)

    assert 0 < pairs_memory(small) < pairs_memory(large) < pairs_memory(large, functions=8)
