"""Naive twins of the failure kernels: take it out, walk through what is left, count. Correct by being short."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netproof.graph import Multigraph, Need

if TYPE_CHECKING:
    import random
    from collections.abc import Collection, Iterator


def components(
    graph: Multigraph, nodes_down: Collection[int] = (), links_down: Collection[int] = ()
) -> Iterator[set[int]]:
    """Yield the nodes of each component of what is up."""
    beside: dict[int, set[int]] = {node: set() for node in range(graph.nodes) if node not in nodes_down}
    for link, (tail, head) in enumerate(zip(graph.tail.tolist(), graph.head.tolist(), strict=True)):
        if link not in links_down and tail in beside and head in beside:
            beside[tail].add(head)
            beside[head].add(tail)
    while beside:
        found, ahead = set(), [next(iter(beside))]
        while ahead:
            node = ahead.pop()
            if node not in found:
                found.add(node)
                ahead.extend(beside.pop(node))
        yield found


def without(
    graph: Multigraph, need: Need, nodes_down: Collection[int] = (), links_down: Collection[int] = ()
) -> set[int]:
    """Return the nodes whose people lack the need: those that are down, and those that miss a function."""
    functions = [set(one.tolist()) for one in need.instances]
    lacking = set(nodes_down)
    for component in components(graph, nodes_down, links_down):
        if not all(one & component for one in functions):
            lacking |= component
    return lacking


def people_of(need: Need, lacking: Collection[int]) -> int:
    """Return the people of these nodes."""
    return sum(int(need.people[node]) for node in lacking)


def places_of(need: Need, lacking: Collection[int]) -> set[int]:
    """Return the places that have people, all of them on these nodes."""
    assert need.place is not None
    inhabited = [
        (node, int(place)) for node, place in enumerate(need.place) if need.people[node] and place >= 0
    ]
    return {place for _, place in inhabited} - {place for node, place in inhabited if node not in lacking}


def losses(graph: Multigraph, need: Need) -> dict[str, list[int]]:
    """Return what each node and each link takes when it fails alone, and what is lost before."""
    before = without(graph, need)
    downs = {
        "node": [without(graph, need, nodes_down={node}) for node in range(graph.nodes)],
        "link": [without(graph, need, links_down={link}) for link in range(graph.links)],
    }
    lost = {what: [people_of(need, one - before) for one in each] for what, each in downs.items()}
    lost["baseline"] = [people_of(need, before)]
    if need.place is not None:
        places = places_of(need, before)
        for what, each in downs.items():
            lost[f"{what}_places"] = [len(places_of(need, one) - places) for one in each]
        lost["baseline_places"] = [len(places)]
    return lost


def random_network(chance: random.Random, *, nodes: int = 24, functions: int = 8) -> tuple[Multigraph, Need]:
    """Return a small random multigraph with self-loops, parallel links and islands, and a need with places."""
    n = chance.randint(1, nodes)
    order = chance.sample(range(n), n)
    # Mostly a tree with some cycles: dense graphs lose nothing, and so would show nothing.
    ends = [(order[chance.randrange(at)], order[at]) for at in range(1, n) if chance.random() < 0.95]
    ends += [(chance.randrange(n), chance.randrange(n)) for _ in range(chance.choice([0, 1, 3, n // 2]))]
    if ends and chance.random() < 0.5:
        ends.append(chance.choice(ends)[::-1])
    chance.shuffle(ends)
    tail, head = [one for one, _ in ends], [one for _, one in ends]
    few = chance.choice([1, 2, 4])
    instances = tuple(
        np.array(
            [chance.randrange(n) for _ in range(chance.randint(0 if chance.random() < 0.1 else 1, few))],
            np.int32,
        )
        for _ in range(chance.randint(1, functions))
    )
    people = np.array([chance.choice([0, 1, chance.randrange(10_000)]) for _ in range(n)], np.int64)
    places = chance.randint(1, n)
    place = np.array([chance.randrange(-1, places) for _ in range(n)], np.int32)
    return Multigraph(n, np.array(tail, np.int32), np.array(head, np.int32)), Need(
        people, instances, place, places
    )
