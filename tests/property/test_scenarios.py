"""Laws of groups and samples that hold for every network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netproof.graph import Engine, Multigraph, Need
from netproof.graph.groups import Groups, joined, listed
from netproof.graph.sample import FailureModel, sample
from netproof.graph.scenarios import eliminate, group_losses

ENGINES = pytest.mark.parametrize("engine", list(Engine))


@st.composite
def networks(draw: st.DrawFn) -> tuple[Multigraph, Need]:
    """A small multigraph and who needs what in it."""
    n = draw(st.integers(1, 9))
    node = st.integers(0, n - 1)
    ends = np.array(draw(st.lists(st.tuples(node, node), max_size=14)), np.int32).reshape(-1, 2)
    instances = draw(st.lists(st.lists(node, max_size=3), min_size=1, max_size=8))
    people = draw(st.lists(st.integers(0, 9), min_size=n, max_size=n))
    place = draw(st.lists(st.integers(-1, 3), min_size=n, max_size=n))
    need = Need(
        np.array(people, np.int64),
        tuple(np.array(one, np.int32) for one in instances),
        np.array(place, np.int32),
        4,
    )
    return Multigraph(n, ends[:, 0], ends[:, 1]), need


def _nested(graph: Multigraph, order: list[int]) -> Groups:
    """Return groups of which each has one element more than the one before."""
    elements = [one % max(1, graph.nodes + graph.links) for one in order]
    return listed(
        (
            {one for one in elements[:count] if one < graph.nodes},
            {one - graph.nodes for one in elements[:count] if one >= graph.nodes},
        )
        for count in range(len(elements) + 1)
    )


@ENGINES
@given(network=networks(), order=st.lists(st.integers(0, 99), max_size=30), degree=st.integers(0, 5))
def test_more_failures_never_help(
    engine: Engine, network: tuple[Multigraph, Need], order: list[int], degree: int
) -> None:
    graph, need = network

    found = group_losses(eliminate(graph, degree_max=degree, engine=engine), [need], _nested(graph, order))

    assert found.people[0, 0] == found.places[0, 0] == 0
    assert (np.diff(found.people[0]) >= 0).all()
    assert (np.diff(found.places[0]) >= 0).all()


@ENGINES
@given(network=networks(), order=st.lists(st.integers(0, 99), max_size=30))
def test_who_needs_less_loses_no_more_and_nobody_loses_what_was_lost(
    engine: Engine, network: tuple[Multigraph, Need], order: list[int]
) -> None:
    graph, need = network
    less = replace(need, instances=need.instances[1:])

    found = group_losses(eliminate(graph, engine=engine), [need, less], _nested(graph, order))
    whole = found.people + found.baseline[:, np.newaxis]

    assert (whole[0] >= whole[1]).all()
    assert (found.people >= 0).all()
    assert (whole <= need.people.sum()).all()


@given(
    network=networks(),
    seed=st.integers(0, 2**64 - 1),
    odds=st.sampled_from([0.001, 0.05, 0.5]),
    scenarios=st.integers(0, 600),
)
def test_a_sample_is_the_same_in_blocks_of_any_size_and_on_both_engines(
    network: tuple[Multigraph, Need], seed: int, odds: float, scenarios: int
) -> None:
    graph, need = network
    both = joined([_nested(graph, [3, 11, 5]), listed([(range(graph.nodes), range(graph.links))])])
    model = FailureModel(
        np.full(graph.nodes, odds), np.full(graph.links, odds), both, np.full(both.size, odds / 2)
    )
    program = eliminate(graph)

    want = sample(program, [need], model, min(scenarios, 130), seed, engine=Engine.PORTABLE)
    for words in (1, 4, 8):
        got = sample(program, [need], model, scenarios, seed, words=words)
        assert (got.lost[:, : want.lost.shape[1]] == want.lost).all()
        assert (got.places[:, : want.lost.shape[1]] == want.places).all()
