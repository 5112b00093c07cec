"""Laws of single failures that hold for every network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netproof.graph import Engine, Multigraph, Need
from netproof.graph.contract import contract
from netproof.graph.single import losses, skeleton

ENGINES = pytest.mark.parametrize("engine", list(Engine))


@st.composite
def networks(draw: st.DrawFn) -> tuple[Multigraph, Need]:
    """A small multigraph and who needs what in it."""
    n = draw(st.integers(1, 9))
    node = st.integers(0, n - 1)
    ends = draw(st.lists(st.tuples(node, node), max_size=14))
    instances = draw(st.lists(st.lists(node, max_size=3), min_size=1, max_size=3))
    people = draw(st.lists(st.integers(0, 9), min_size=n, max_size=n))
    place = draw(st.lists(st.integers(-1, 3), min_size=n, max_size=n))
    pairs = np.array(ends, np.int32).reshape(-1, 2)
    need = Need(
        np.array(people, np.int64),
        tuple(np.array(one, np.int32) for one in instances),
        np.array(place, np.int32),
        4,
    )
    return Multigraph(n, pairs[:, 0], pairs[:, 1]), need


@ENGINES
@given(networks(), st.data())
def test_the_order_of_nodes_does_not_matter(
    engine: Engine, network: tuple[Multigraph, Need], data: st.DataObject
) -> None:
    graph, need = network
    number = np.array(data.draw(st.permutations(range(graph.nodes))), np.int32)
    moved = Multigraph(graph.nodes, number[graph.tail], number[graph.head])
    back = np.argsort(number)
    assert need.place is not None
    placed = Need(
        need.people[back], tuple(number[one] for one in need.instances), need.place[back], need.places
    )
    want = losses(skeleton(graph, engine=engine), need, engine=engine)
    got = losses(skeleton(moved, engine=engine), placed, engine=engine)
    assert want.node_places is not None
    assert got.node_places is not None

    assert got.node[number].tolist() == want.node.tolist()
    assert got.link.tolist() == want.link.tolist()
    assert got.node_places[number].tolist() == want.node_places.tolist()
    assert (got.baseline, got.baseline_places) == (want.baseline, want.baseline_places)


@ENGINES
@given(networks())
def test_a_node_that_is_served_takes_its_own_people_at_least(
    engine: Engine, network: tuple[Multigraph, Need]
) -> None:
    graph, need = network
    searched = skeleton(graph, engine=engine)
    found = losses(searched, need, engine=engine)
    everybody = int(need.people.sum())
    served = np.array(
        [
            losses(
                searched, replace(need, people=np.eye(graph.nodes, dtype=np.int64)[node]), engine=engine
            ).baseline
            == 0
            for node in range(graph.nodes)
        ]
    )

    assert (found.node[served] >= need.people[served]).all()
    assert (found.node[~served] == 0).all()
    assert found.baseline == int(need.people[~served].sum())
    assert (found.node + found.baseline <= everybody).all()
    assert (found.link + found.baseline <= everybody).all()


@ENGINES
@given(networks(), st.data())
def test_more_people_never_lose_less(
    engine: Engine, network: tuple[Multigraph, Need], data: st.DataObject
) -> None:
    graph, need = network
    more = data.draw(st.lists(st.integers(0, 5), min_size=graph.nodes, max_size=graph.nodes))
    searched = skeleton(graph, engine=engine)
    few = losses(searched, need, engine=engine)
    many = losses(searched, replace(need, people=need.people + np.array(more)), engine=engine)

    assert (many.node >= few.node).all()
    assert (many.link >= few.link).all()
    assert many.baseline >= few.baseline


@ENGINES
@given(networks(), st.data())
def test_one_more_instance_never_leaves_more_people_without(
    engine: Engine, network: tuple[Multigraph, Need], data: st.DataObject
) -> None:
    graph, need = network
    extra = np.array([data.draw(st.integers(0, graph.nodes - 1))], np.int32)
    instances = (np.append(need.instances[0], extra).astype(np.int32), *need.instances[1:])
    searched = skeleton(graph, engine=engine)
    few, many = (
        losses(searched, replace(need, instances=one), engine=engine) for one in (need.instances, instances)
    )

    assert (many.node + many.baseline <= few.node + few.baseline).all()
    assert (many.link + many.baseline <= few.link + few.baseline).all()


@ENGINES
@given(networks())
def test_a_link_takes_no_more_than_either_of_its_ends(
    engine: Engine, network: tuple[Multigraph, Need]
) -> None:
    graph, need = network
    found = losses(skeleton(graph, engine=engine), need, engine=engine)

    assert (found.link <= np.minimum(found.node[graph.tail], found.node[graph.head])).all()


@ENGINES
@given(networks())
def test_a_graph_whose_nodes_stay_apart_is_contracted_to_itself(
    engine: Engine, network: tuple[Multigraph, Need]
) -> None:
    graph, _ = network
    made, node, link = contract(graph, np.full(graph.nodes, -1, np.int32), engine=engine)

    outer = graph.tail != graph.head

    assert node.tolist() == list(range(graph.nodes))
    assert made.tail.tolist() == graph.tail[outer].tolist()
    assert made.head.tolist() == graph.head[outer].tolist()
    assert link[outer].tolist() == list(range(made.links))
    assert (link[~outer] == -1).all()
