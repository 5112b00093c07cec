"""Small networks to fail all pairs of, and what union-find says that each pair loses."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from netproof.graph import Multigraph, Need

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    Pair = tuple[int, int]


def graph_of(nodes: int, ends: list[Pair]) -> Multigraph:
    pairs = np.array(ends, np.int32).reshape(-1, 2)
    return Multigraph(nodes, pairs[:, 0], pairs[:, 1])


def _need(chance: random.Random, nodes: int, functions: int) -> Need:
    people = [chance.choice([0, 1, 2, 9, chance.randrange(10_000)]) for _ in range(nodes)]
    share = chance.choice([0.05, 0.2, 0.5])
    instances = [[node for node in range(nodes) if chance.random() < share] for _ in range(functions)]
    for one in instances:
        if chance.random() < 0.95:
            one.append(chance.randrange(nodes))
    return Need(np.array(people, np.int64), tuple(np.array(one, np.int32) for one in instances))


def anyhow(chance: random.Random) -> tuple[Multigraph, Need]:
    """A small multigraph with self-loops, parallel links and islands; 1 to 8 functions."""
    n = chance.randint(1, 12)
    reach = chance.choice([1, 2, 5, 12])
    ends = [(at, chance.randrange(max(0, at - reach), at)) for at in range(1, n) if chance.random() < 0.93]
    for _ in range(chance.choice([0, 1, 2, 4, 6])):
        ends += [(chance.randrange(n), chance.randrange(n))] * chance.choice([1, 1, 2])
    order = chance.sample(range(n), n)
    ends = [(order[tail], order[head]) for tail, head in ends]
    chance.shuffle(ends)
    return graph_of(n, ends), _need(chance, n, chance.choice([1, 1, 2, 3, 4, 5, 8]))


def subdivided(chance: random.Random) -> tuple[Multigraph, Need]:
    """A few nodes with many parallel ways of several links between them, as access rings are."""
    few = n = chance.randint(1, 4)
    ends = []
    for _ in range(chance.randint(1, 5)):
        at, to = chance.randrange(few), chance.randrange(few)
        for _ in range(chance.choice([0, 0, 1, 2, 3])):
            ends.append((at, n))
            at, n = n, n + 1
        ends.append((at, to))
        if chance.random() < 0.2:
            ends.append((at, n))
            n += 1
    return graph_of(n, ends), _need(chance, n, chance.choice([1, 1, 2, 3]))


def served_all_over(chance: random.Random) -> tuple[Multigraph, Need]:
    """Trees and rings with instances in most branches, so that branches serve themselves."""
    n, near = chance.randint(3, 13), chance.choice([1, 2, 3, 13])
    ends = [(at, chance.randrange(max(0, at - near), at)) for at in range(1, n)]
    ends += [(chance.randrange(n), chance.randrange(n)) for _ in range(chance.choice([0, 1, 2]))]
    order = chance.sample(range(n), n)
    share = chance.choice([0.3, 0.5, 0.7])
    instances = [
        [chance.randrange(n), *(node for node in range(n) if chance.random() < share)]
        for _ in range(chance.choice([1, 1, 2, 3]))
    ]
    people = np.array([chance.choice([0, 1, 2, 9, chance.randrange(10_000)]) for _ in range(n)], np.int64)
    return graph_of(n, [(order[tail], order[head]) for tail, head in ends]), Need(
        people, tuple(np.array(one, np.int32) for one in instances)
    )


def lost(graph: Multigraph, need: Need) -> Callable[..., int]:
    """Return what counts, by union-find, the people without the need when elements are down."""
    n, ends = graph.nodes, list(zip(graph.tail.tolist(), graph.head.tolist(), strict=True))
    people, mask = need.people.tolist(), [0] * n
    for number, one in enumerate(need.instances):
        for node in one.tolist():
            mask[node] |= 1 << number
    wanted = (1 << len(need.instances)) - 1

    def count(*down: int) -> int:
        above = list(range(n))

        def root(node: int) -> int:
            while above[node] != node:
                above[node] = node = above[above[node]]
            return node

        for link, (tail, head) in enumerate(ends, n):
            if not (link in down or tail in down or head in down):
                above[root(tail)] = root(head)
        there = [0] * n
        for node in range(n):
            there[root(node)] |= 0 if node in down else mask[node]
        return sum(people[node] for node in range(n) if node in down or there[root(node)] != wanted)

    before = count()
    return lambda *down: count(*down) - before


def brute(graph: Multigraph, need: Need, elements: int) -> dict[Pair, int]:
    lose = lost(graph, need)
    return {pair: lose(*pair) for pair in combinations(range(elements), 2)}
