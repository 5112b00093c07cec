"""Losses of groups against deleting and searching with networkx, in every shape a network may have."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pytest

from netproof.graph import Engine, Multigraph, Need
from netproof.graph.closure import Rules
from netproof.graph.groups import Groups, joined, labelled, listed
from netproof.graph.scenarios import eliminate, group_losses
from tests.oracle import naive

if TYPE_CHECKING:
    from collections.abc import Collection

    from netproof.graph.scenarios import GroupLosses

GRAPHS = 280
DEGREES = (0, 1, 2, 3, 4, 5, 16)
ENGINES = pytest.mark.parametrize("engine", list(Engine))


def _multigraph(graph: Multigraph) -> Any:
    made = nx.MultiGraph()
    made.add_nodes_from(range(graph.nodes))
    made.add_edges_from(
        (int(t), int(h), link) for link, (t, h) in enumerate(zip(graph.tail, graph.head, strict=True))
    )
    return made


def _lacking(
    whole: Any, graph: Multigraph, need: Need, down: tuple[Collection[int], Collection[int]]
) -> set[int]:
    """Return who lacks the need: networkx deletes and searches."""
    left = whole.copy()
    left.remove_edges_from([(int(graph.tail[one]), int(graph.head[one]), one) for one in down[1]])
    left.remove_nodes_from(down[0])
    lacking = set(down[0])
    for component in nx.connected_components(left):
        if any(component.isdisjoint(one.tolist()) for one in need.instances):
            lacking |= component
    return lacking


def _closed(rules: Rules, elements: set[int]) -> set[int]:
    """Return what goes down with these elements: rule after rule until nothing changes."""
    down, before = set(elements), -1
    while before != len(down):
        before = len(down)
        for rule, target in enumerate(rules.target.tolist()):
            if down.issuperset(
                rules.member[rules.member_start[rule] : rules.member_start[rule + 1]].tolist()
            ):
                down.add(target)
    return down


def _chosen(chance: random.Random, graph: Multigraph) -> tuple[list[int], list[int]]:
    share = chance.choice([0.0, 0.05, 0.2, 0.5])
    nodes = [one for one in range(graph.nodes) if chance.random() < share]
    return nodes, [one for one in range(graph.links) if chance.random() < share]


def _same(one: GroupLosses, other: GroupLosses) -> bool:
    return all((getattr(one, name) == getattr(other, name)).all() for name in one.__slots__)


def _line(nodes: int) -> Multigraph:
    at = np.arange(nodes, dtype=np.int32)
    return Multigraph(nodes, at[:-1], at[1:])


def _need(people: list[int], *instances: list[int], place: list[int] | None = None) -> Need:
    return Need(
        np.array(people, np.int64),
        tuple(np.array(one, np.int32) for one in instances),
        None if place is None else np.array(place, np.int32),
        0 if place is None else max(place) + 1,
    )


@pytest.mark.parametrize("part", range(7))
def test_a_group_takes_what_networkx_finds_lost_without_its_members(part: int) -> None:
    chance, telling = random.Random(part), 0  # noqa: S311 - a seeded test
    for number in range(GRAPHS // 7):
        graph, need = naive.random_network(chance)
        _, other = naive.random_network(chance)
        instances = tuple(one[one < graph.nodes] for one in other.instances)
        needs = [
            need,
            Need(need.people // 2, instances),
            Need(need.people, need.instances[:1], need.place, need.places),
        ]
        downs = [_chosen(chance, graph) for _ in range(chance.choice([1, 7, 20, 66]))]
        whole = _multigraph(graph)
        before = [_lacking(whole, graph, one, ([], [])) for one in needs]
        after = [[_lacking(whole, graph, one, down) for down in downs] for one in needs]

        program = eliminate(graph, degree_max=DEGREES[(part + number) % 7])
        got = group_losses(program, needs, listed(downs))

        assert _same(got, group_losses(program, needs, listed(downs), engine=Engine.PORTABLE))
        assert got.baseline.tolist() == [naive.people_of(n, b) for n, b in zip(needs, before, strict=True)]
        for at, one in enumerate(needs):
            want = [naive.people_of(one, lacking - before[at]) for lacking in after[at]]
            assert got.people[at].tolist() == want
            telling += sum(loss > 0 for loss in want)
            if one.place is not None:
                places = naive.places_of(one, before[at])
                want = [len(naive.places_of(one, lacking) - places) for lacking in after[at]]
                assert got.places[at].tolist() == want
                assert got.baseline_places[at] == len(places)

    assert telling > 300


def test_the_answer_does_not_depend_on_which_nodes_are_taken_out() -> None:
    chance = random.Random(7)  # noqa: S311 - a seeded test
    for _ in range(60):
        graph, need = naive.random_network(chance, nodes=40)
        # Some more links, so that a kernel is left at low degrees.
        ends = np.array([chance.randrange(graph.nodes) for _ in range(2 * graph.nodes)], np.int32).reshape(
            2, -1
        )
        dense = Multigraph(graph.nodes, np.append(graph.tail, ends[0]), np.append(graph.head, ends[1]))
        groups = listed(_chosen(chance, dense) for _ in range(70))
        want = group_losses(eliminate(dense, engine=Engine.PORTABLE), [need], groups)
        for degree in DEGREES:
            assert _same(group_losses(eliminate(dense, degree_max=degree), [need], groups), want)


def test_groups_say_the_same_in_any_order_alone_or_together() -> None:
    chance = random.Random(11)  # noqa: S311 - a seeded test
    for _ in range(8):
        graph, need = naive.random_network(chance, nodes=60)
        program = eliminate(graph)
        downs = [_chosen(chance, graph) for _ in range(1200)]
        together = group_losses(program, [need], listed(downs))
        order = chance.sample(range(1200), 1200)
        shuffled = group_losses(program, [need], listed(downs[one] for one in order))

        assert (shuffled.people == together.people[:, order]).all()
        assert (shuffled.places == together.places[:, order]).all()
        for one in chance.sample(range(1200), 25):
            alone = group_losses(program, [need], listed([downs[one]]))
            assert (alone.people[0, 0], alone.places[0, 0]) == (
                together.people[0, one],
                together.places[0, one],
            )


def test_what_needs_a_member_goes_down_with_the_group() -> None:
    chance = random.Random(13)  # noqa: S311 - a seeded test
    for _ in range(60):
        graph, need = naive.random_network(chance)
        elements = graph.nodes + graph.links
        members = [
            [chance.randrange(elements) for _ in range(chance.randint(1, 3))]
            for _ in range(chance.randint(1, 12))
        ]
        start = np.cumsum([0, *(len(one) for one in members)])
        rules = Rules(
            elements,
            np.array([chance.randrange(elements) for _ in members], np.int32),
            start.astype(np.int64),
            np.array([one for some in members for one in some], np.int32),
        )
        downs = [_chosen(chance, graph) for _ in range(70)]
        closed = [_closed(rules, {*nodes, *(graph.nodes + link for link in links)}) for nodes, links in downs]
        spread = listed(
            ([e for e in one if e < graph.nodes], [e - graph.nodes for e in one if e >= graph.nodes])
            for one in closed
        )
        program = eliminate(graph)
        want = group_losses(program, [need], spread)

        assert _same(group_losses(program, [need], listed(downs), rules), want)
        assert _same(group_losses(program, [need], listed(downs), rules, engine=Engine.PORTABLE), want)


def test_needs_asked_together_say_what_each_says_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(17)  # noqa: S311 - a seeded test
    monkeypatch.setattr("netproof.graph.asking._BYTES", 2000)
    for _ in range(20):
        graph, need = naive.random_network(chance)
        needs = [
            Need(need.people, tuple(chance.sample(need.instances, chance.randint(0, len(need.instances)))))
            for _ in range(9)
        ]
        program, groups = eliminate(graph), listed(_chosen(chance, graph) for _ in range(30))
        together = group_losses(program, needs, groups)
        for at, one in enumerate(needs):
            alone = group_losses(program, [one], groups)
            assert (alone.people[0] == together.people[at]).all()
            assert alone.baseline[0] == together.baseline[at]


@ENGINES
def test_one_of_two_parallel_links_takes_nothing_and_both_take_all(engine: Engine) -> None:
    graph = Multigraph(2, np.array([0, 1, 1], np.int32), np.array([1, 0, 1], np.int32))
    groups = listed([([], [0]), ([], [1]), ([], [0, 1]), ([], [2]), ([], [])])

    got = group_losses(eliminate(graph, engine=engine), [_need([3, 5], [0])], groups, engine=engine)

    assert got.people.tolist() == [[0, 0, 5, 0, 0]]


@ENGINES
def test_a_network_of_one_node_and_one_of_none(engine: Engine) -> None:
    none = np.zeros(0, np.int32)
    one = eliminate(Multigraph(1, none, none), engine=engine)
    nothing = eliminate(Multigraph(0, none, none), engine=engine)

    got = group_losses(one, [_need([7], [0], place=[0])], listed([([0], []), ([], [])]))

    assert (got.people.tolist(), got.places.tolist()) == ([[7, 0]], [[1, 0]])
    assert group_losses(nothing, [_need([])], listed([([], [])])).people.tolist() == [[0]]
    assert group_losses(one, [], listed([([0], [])])).people.shape == (0, 1)
    assert group_losses(one, [_need([7], [0])], listed([])).people.shape == (1, 0)


@ENGINES
def test_who_is_without_before_is_told_apart(engine: Engine) -> None:
    # 0 - 1 - 2 with the function on 0, and an island 3 - 4 without it.
    graph = Multigraph(5, np.array([0, 1, 3], np.int32), np.array([1, 2, 4], np.int32))
    need = _need([0, 1, 2, 4, 8], [0], place=[0, 1, 1, 1, 2])
    nobody = _need([0, 1, 2, 4, 8], [0], [])
    vacant = _need([0, 1, 2, 4, 8])

    got = group_losses(
        eliminate(graph, engine=engine), [need, nobody, vacant], listed([([1], []), ([0, 1, 2, 3, 4], [])])
    )

    assert got.people.tolist() == [[3, 3], [0, 0], [1, 15]]
    assert got.baseline.tolist() == [12, 15, 0]
    assert (got.places[0].tolist(), got.baseline_places.tolist()) == ([1, 1], [1, 0, 0])


@ENGINES
def test_seventy_thousand_instances_of_one_function(engine: Engine) -> None:
    hub = np.zeros(70_000, np.int32)
    graph = Multigraph(70_001, hub, np.arange(1, 70_001, dtype=np.int32))
    need = Need(np.ones(70_001, np.int64), (np.arange(1, 70_001, dtype=np.int32), np.zeros(1, np.int32)))
    groups = listed([([0], []), (range(1, 70_001), []), ([5], []), ([], [5, 6])])

    got = group_losses(eliminate(graph, engine=engine), [need], groups, engine=engine)

    assert got.people.tolist() == [[70_001, 70_001, 1, 2]]


def test_a_group_of_a_million_members_among_small_ones() -> None:
    nodes = 1_000_001
    graph = _line(nodes)
    need = Need(np.ones(nodes, np.int64), (np.zeros(1, np.int32),))
    groups = joined([listed([([500_000], []), ([], [])]), labelled(np.zeros(nodes, np.int32), 1)])

    got = group_losses(eliminate(graph), [need], groups)

    assert got.people.tolist() == [[500_001, 0, nodes]]


def test_many_nodes_between_two_hubs_are_planned_without_searching_their_lists() -> None:
    middle = np.arange(2, 120_002, dtype=np.int32)
    hubs = np.repeat(np.array([0, 1], np.int32), middle.size)
    graph = Multigraph(middle.size + 2, hubs, np.concatenate([middle, middle]))
    began = time.process_time()

    program = eliminate(graph)
    got = group_losses(
        program,
        [Need(np.ones(graph.nodes, np.int64), (np.zeros(1, np.int32),))],
        listed([([0], []), ([1], [])]),
    )

    # Searching would take minutes: seven thousand million steps.
    assert time.process_time() - began < 20
    assert (got.people.tolist(), program.kernel) == ([[graph.nodes, 1]], 0)


def test_progress_is_told_and_a_stop_is_clean() -> None:
    program, need = eliminate(_line(50)), _need([1] * 50, [0])
    groups = labelled(np.arange(50, dtype=np.int32), 1200)
    told: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt(f"{done} of {total}")

    group_losses(program, [need], groups, progress=lambda done, total: told.append((done, total)))

    assert told == [(512, 1200), (1024, 1200), (1200, 1200)]
    with pytest.raises(KeyboardInterrupt, match="512 of 1200"):
        group_losses(program, [need], groups, progress=stop)
    assert group_losses(program, [need], groups).people[0, :3].tolist() == [50, 49, 48]


def test_what_does_not_fit_is_refused() -> None:
    graph, need = _line(3), _need([1, 1, 1], [0])
    program = eliminate(graph)
    start, one = np.array([0, 1]), np.array([3])
    empty = (np.array([0, 0]), np.zeros(0, np.int32))

    with pytest.raises(ValueError, match="expected nodes from 0 to 2, got 3 to 3"):
        group_losses(program, [need], Groups(start, one, *empty))
    with pytest.raises(ValueError, match="expected links from 0 to 1, got 3 to 3"):
        group_losses(program, [need], Groups(*empty, start, one))
    with pytest.raises(ValueError, match="expected people for 3 nodes, got 2"):
        group_losses(program, [_need([1, 1], [0])], listed([]))
    with pytest.raises(ValueError, match="expected rules for 5 elements, got 4"):
        group_losses(program, [need], listed([]), Rules(4, empty[1], np.zeros(1, np.int64), empty[1]))
    with pytest.raises(ValueError, match="expected a program of the compiled kernels"):
        group_losses(eliminate(graph, engine=Engine.PORTABLE), [need], listed([]), engine=Engine.NATIVE)
    with pytest.raises(ValueError, match="expected a degree of 0 or more, got -1"):
        eliminate(graph, degree_max=-1)
    with pytest.raises(ValueError, match="expected as many groups of nodes as of links, got 1 and 0"):
        Groups(start, one, np.zeros(1, np.int64), np.zeros(0, np.int32))
    with pytest.raises(ValueError, match="expected starts that rise from 0 to 1"):
        Groups(np.array([0, 2]), one, *empty)


def test_labels_make_groups_and_some_of_them_can_be_taken() -> None:
    groups = labelled(np.array([1, -1, 0, 1], np.int32), 3, np.array([2, -1, 2], np.int32))

    assert (groups.size, groups.node_start.tolist(), groups.node.tolist()) == (3, [0, 1, 3, 3], [2, 0, 3])
    assert (groups.link_start.tolist(), groups.link.tolist()) == ([0, 0, 0, 2], [0, 2])
    some = joined([groups.some(1, 3), listed([([2], [1])])])
    assert (some.node_start.tolist(), some.node.tolist()) == ([0, 2, 2, 3], [0, 3, 2])
    assert (some.link_start.tolist(), some.link.tolist()) == ([0, 0, 2, 3], [0, 2, 1])
