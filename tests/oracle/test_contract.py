"""Groups that fail as one node against taking the whole group down and counting again."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from netproof.graph import Engine, Multigraph, Need
from netproof.graph.contract import contract, gathered, piece
from netproof.graph.single import losses, skeleton
from tests.oracle import naive

ENGINES = pytest.mark.parametrize("engine", list(Engine))
NETWORKS = 400


def _labels(graph: Multigraph, chance: random.Random) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """Return labels: mostly neighbours together, some nodes alone, some labels torn."""
    label = np.array([chance.choice([-1, node, node]) for node in range(graph.nodes)], np.int32)
    for tail, head in zip(graph.tail.tolist(), graph.head.tolist(), strict=True):
        if chance.random() < 0.4:
            label[label == label[tail]] = label[head]
    return label


def _in_one_piece(graph: Multigraph, members: set[int]) -> bool:
    outside = set(range(graph.nodes)) - members
    return len(list(naive.components(graph, nodes_down=outside))) == 1


@ENGINES
def test_a_group_in_one_piece_loses_what_counting_again_says(engine: Engine) -> None:
    chance = random.Random(5)  # noqa: S311 - seeded, for test data
    groups = several = 0
    for number in range(NETWORKS):
        graph, need = naive.random_network(chance, nodes=16)
        if number % 20 == 0:
            need = replace(need, instances=())
        label = _labels(graph, chance)
        members = [set(np.flatnonzero(label == one).tolist()) for one in range(graph.nodes)]
        whole = [bool(one) and _in_one_piece(graph, one) for one in members]
        told = piece(graph, label, engine=engine).tolist()
        assert told == whole[: len(told)]
        assert not any(whole[len(told) :])

        label[~np.isin(label, np.flatnonzero(whole))] = -1
        made = contract(graph, label, engine=engine)
        smaller, gained = gathered(made, need)
        found = losses(skeleton(smaller, engine=engine), gained, engine=engine)
        assert found.node_places is not None
        assert found.link_places is not None
        before = naive.without(graph, need)
        places = naive.places_of(need, before)
        groups += sum(whole)
        several += smaller.nodes > made.graph.nodes

        assert found.baseline == naive.people_of(need, before)
        assert found.baseline_places == len(places)
        for one in [
            *(members[at] for at in np.flatnonzero(whole)),
            *({at} for at in np.flatnonzero(label < 0).tolist()),
        ]:
            lacking = naive.without(graph, need, nodes_down=one)
            at = made.node[min(one)]
            assert found.node[at] == naive.people_of(need, lacking - before)
            assert found.node_places[at] == len(naive.places_of(need, lacking) - places)
        for link in np.flatnonzero(made.link >= 0).tolist():
            lacking = naive.without(graph, need, links_down={link})
            assert found.link[made.link[link]] == naive.people_of(need, lacking - before)
            assert found.link_places[made.link[link]] == len(naive.places_of(need, lacking) - places)

    assert groups > NETWORKS
    assert several > NETWORKS // 10


@ENGINES
def test_without_places_people_are_summed(engine: Engine) -> None:
    graph = Multigraph(4, np.array([0, 1, 2]), np.array([1, 2, 3]))
    need = Need(np.array([1, 2, 4, 8]), (np.array([0]),))
    made = contract(graph, np.array([-1, 7, 7, -1], np.int32), engine=engine)
    smaller, gained = gathered(made, need)
    found = losses(skeleton(smaller, engine=engine), gained, engine=engine)

    assert made.node.tolist() == [0, 1, 1, 2]
    assert made.link.tolist() == [0, -1, 1]
    assert found.node.tolist() == [15, 14, 8]


@ENGINES
def test_a_label_in_several_pieces_is_refused(engine: Engine) -> None:
    graph = Multigraph(3, np.array([0, 1]), np.array([1, 2]))
    label = np.array([3, -1, 3], np.int32)

    assert piece(graph, label, engine=engine).tolist() == [False, False, False, False]
    with pytest.raises(
        ValueError, match="expected each label in one piece, got 1 in several, the first is 3"
    ):
        contract(graph, label, engine=engine)


def test_labels_of_another_graph_are_refused() -> None:
    with pytest.raises(ValueError, match="expected a label for each of 2 nodes"):
        piece(Multigraph(2, *np.empty((2, 0), np.int32)), np.zeros(3, np.int32))
