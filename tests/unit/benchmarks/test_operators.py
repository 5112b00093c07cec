"""Made-up operators: of the size asked for, in one piece, the same for the same seed."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from benchmarks.operators import FUNCTIONS, KINDS, SUPPLIERS, Operator, operator
from netproof.graph.single import losses, skeleton


def _connected(made: Operator) -> bool:
    graph = nx.MultiGraph(list(zip(made.graph.tail.tolist(), made.graph.head.tolist(), strict=True)))
    return len(graph) == made.graph.nodes and nx.is_connected(graph)


@pytest.mark.parametrize("mesh", [False, True])
@pytest.mark.parametrize("sites", [8, 300, 2_000])
def test_an_operator_is_in_one_piece_and_serves_everybody(sites: int, mesh: bool) -> None:
    made = operator(sites, mesh=mesh)
    found = losses(skeleton(made.graph), made.need)

    assert _connected(made)
    assert found.baseline == 0
    assert len(made.instances) == len(FUNCTIONS)
    assert int(np.unique(made.site).size) == made.sites


def test_a_large_operator_has_about_five_components_a_site() -> None:
    made = operator(2_000)

    assert 9_500 < made.graph.nodes < 10_700
    assert made.graph.nodes < made.graph.links < 1.05 * made.graph.nodes


def test_the_mesh_adds_a_third_as_many_links_as_there_are_sites() -> None:
    plain, mesh = operator(2_000), operator(2_000, mesh=True)

    assert mesh.graph.nodes == plain.graph.nodes
    assert 550 < mesh.graph.links - plain.graph.links < 730


def test_the_same_seed_gives_the_same_operator() -> None:
    one, other, third = operator(100), operator(100), operator(100, seed=2)

    assert one.people.tolist() == other.people.tolist()
    assert one.graph.head.tolist() == other.graph.head.tolist()
    assert one.people.tolist() != third.people.tolist()


def test_labels_are_numbered_and_a_shared_duct_has_several_links() -> None:
    made = operator(2_000)

    assert made.kind.max() == len(KINDS) - 1
    assert made.supplier.max() == SUPPLIERS - 1
    assert (made.release // 3 == made.product).all()
    assert (np.bincount(made.duct[made.duct >= 0]) > 1).all()
    assert (made.people[made.kind != KINDS.index("radio unit")] == 0).all()


def test_a_handful_of_sites_is_no_operator() -> None:
    with pytest.raises(ValueError, match="expected 8 or more sites, got 7"):
        operator(7)
