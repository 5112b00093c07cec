"""What goes down with what equals a naive fixed point, with both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pytest

from netproof.graph.closure import Rules, arrange, closures, cycles, spread_bits
from netproof.graph.library import Engine, native
from tests.oracle.seeds import over_seeds

if TYPE_CHECKING:
    from numpy.typing import NDArray

ENGINES = [
    Engine.PORTABLE,
    pytest.param(Engine.NATIVE, marks=pytest.mark.skipif(native() is None, reason="no compiled kernels")),
]
pytestmark = pytest.mark.parametrize("engine", ENGINES)


def rules_of(elements: int, rules: list[tuple[int, list[int]]]) -> Rules:
    start = np.cumsum([0, *(len(members) for _, members in rules)])
    member = [one for _, members in rules for one in members]
    return Rules(elements, np.array([t for t, _ in rules], np.int32), start, np.array(member, np.int32))


def drawn(rng: np.random.Generator, *, cyclic: bool) -> Rules:
    elements = int(rng.integers(1, 25))
    rules = []
    for _ in range(int(rng.integers(0, 2 * elements + 1))):
        target = int(rng.integers(elements))
        limit = elements if cyclic else target
        if limit > 0:
            rules.append((target, rng.integers(0, limit, int(rng.choice([1, 1, 2, 3, 5]))).tolist()))
    return rules_of(elements, rules)


def members(rules: Rules, rule: int) -> list[int]:
    return [int(one) for one in rules.member[rules.member_start[rule] : rules.member_start[rule + 1]]]


def naive(rules: Rules, own: set[int]) -> dict[int, int]:
    """What is down, and the first of the earliest rules that took it down."""
    down = dict.fromkeys(own, -1)
    while True:
        fresh: dict[int, int] = {}
        for rule in range(rules.rules):
            target = int(rules.target[rule])
            if target not in down and all(one in down for one in members(rules, rule)):
                fresh.setdefault(target, rule)
        if not fresh:
            return down
        down |= fresh


def closure_of(rules: Rules, own: list[int], engine: Engine) -> list[int]:
    got = closures(rules, np.array([0, len(own)]), np.array(own, np.int32), engine=engine)
    return [int(one) for one in got.element]


def lists(events: list[list[int]]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    return np.cumsum([0, *map(len, events)]), np.array([one for event in events for one in event], np.int32)


@over_seeds(200)
def test_closures_are_the_naive_fixed_point(seed: int, engine: Engine) -> None:
    rng = np.random.default_rng(seed)
    rules = drawn(rng, cyclic=bool(seed % 4))
    events = [rng.integers(0, rules.elements, int(rng.integers(0, 6))).tolist() for _ in range(8)]

    got = closures(rules, *lists(events), engine=engine)

    want = [sorted(naive(rules, set(event)).items()) for event in events]
    assert got.start.tolist() == np.cumsum([0, *map(len, want)]).tolist()
    assert list(zip(got.element.tolist(), got.cause.tolist(), strict=True)) == [
        pair for event in want for pair in event
    ]


@over_seeds(200)
def test_bits_spread_to_the_naive_fixed_point(seed: int, engine: Engine) -> None:
    rng = np.random.default_rng(1000 + seed)
    rules = drawn(rng, cyclic=bool(seed % 4))
    words = int(rng.choice([1, 2, 3, 8]))
    down = rng.random((rules.elements, 64 * words)) < 0.15
    rows = np.packbits(down, axis=1, bitorder="little").view(np.uint64)
    alive = ~rows

    order = arrange(rules, engine=engine)
    spread_bits(order, rows, engine=engine)
    spread_bits(order, alive, alive=True, engine=engine)

    want = np.zeros_like(down)
    for scenario in range(64 * words):
        want[list(naive(rules, set(np.flatnonzero(down[:, scenario]).tolist()))), scenario] = True
    assert np.array_equal(np.unpackbits(rows.view(np.uint8), axis=1, bitorder="little").astype(bool), want)
    assert np.array_equal(~alive, rows)


@over_seeds(100)
def test_cycles_are_the_strongly_connected_groups(seed: int, engine: Engine) -> None:
    rules = drawn(np.random.default_rng(2000 + seed), cyclic=bool(seed % 4))
    graph = nx.DiGraph()
    graph.add_nodes_from(range(rules.elements))
    graph.add_edges_from(
        (one, int(rules.target[rule])) for rule in range(rules.rules) for one in members(rules, rule)
    )

    got = [one.tolist() for one in cycles(rules, engine=engine)]

    groups = nx.strongly_connected_components(graph)
    assert got == sorted(sorted(g) for g in groups if len(g) > 1 or graph.has_edge(*(2 * list(g))))


@over_seeds(60)
def test_both_engines_arrange_alike_and_members_come_first(seed: int, engine: Engine) -> None:
    rules = drawn(np.random.default_rng(3000 + seed), cyclic=bool(seed % 2))

    got = arrange(rules, engine=engine)

    portable = arrange(rules, engine=Engine.PORTABLE)
    for name in ("target", "member_start", "member", "block_start", "block_repeat", "use_start", "use"):
        assert np.array_equal(getattr(got, name), getattr(portable, name)), name
    block = np.repeat(np.arange(got.block_repeat.size), np.diff(got.block_start))
    last = dict(zip(got.target.tolist(), block.tolist(), strict=True))
    for rule in range(rules.rules):
        for one in got.member[got.member_start[rule] : got.member_start[rule + 1]].tolist():
            if one != got.target[rule]:
                assert last.get(one, -1) <= block[rule] - (not got.block_repeat[block[rule]])


@over_seeds(60)
def test_more_failures_never_bring_anything_up(seed: int, engine: Engine) -> None:
    rng = np.random.default_rng(4000 + seed)
    rules = drawn(rng, cyclic=True)
    some = rng.integers(0, rules.elements, 3).tolist()
    more = [*some, *rng.integers(0, rules.elements, 2).tolist()]

    got, bigger = closure_of(rules, some, engine), closure_of(rules, more, engine)

    assert set(got) <= set(bigger)
    assert closure_of(rules, got, engine) == got


def test_a_feed_that_needs_itself_is_named_and_goes_down_only_when_it_fails(engine: Engine) -> None:
    rules = rules_of(3, [(1, [1]), (2, [1])])

    assert [one.tolist() for one in cycles(rules, engine=engine)] == [[1]]
    assert closure_of(rules, [0], engine) == [0]
    assert closure_of(rules, [1], engine) == [1, 2]


def test_a_circle_of_needs_goes_down_as_one(engine: Engine) -> None:
    rules = rules_of(5, [(0, [1]), (1, [2]), (2, [0]), (4, [2])])

    assert [one.tolist() for one in cycles(rules, engine=engine)] == [[0, 1, 2]]
    for failed in range(3):
        assert closure_of(rules, [failed], engine) == [0, 1, 2, 4]


def test_alternatives_that_hold_each_other_up_stay_up(engine: Engine) -> None:
    rules = rules_of(3, [(0, [1, 2]), (1, [0, 2])])

    assert closure_of(rules, [2], engine) == [2]
    assert closure_of(rules, [0, 2], engine) == [0, 1, 2]


def test_a_group_of_very_many_alternatives_holds_until_the_last_one(engine: Engine) -> None:
    n = 1_000_000 if engine is Engine.NATIVE else 200_000
    rules = rules_of(n + 1, [(n, list(range(n)))])
    events = (
        np.array([0, n - 1, 2 * n - 1]),
        np.concatenate([np.arange(1, n), np.arange(n)]).astype(np.int32),
    )
    rows = np.full((n + 1, 1), 3, np.uint64)
    rows[0], rows[n] = 2, 0

    got = closures(rules, *events, engine=engine)
    spread_bits(arrange(rules, engine=engine), rows, engine=engine)

    assert np.diff(got.start).tolist() == [n - 1, n + 1]
    assert got.cause[got.element == n].tolist() == [0]
    assert rows[n].tolist() == [2]


def test_a_feed_of_a_million_takes_all_of_them_down(engine: Engine) -> None:
    n = 1_000_000
    target = np.arange(1, n + 1, dtype=np.int32)
    rules = Rules(n + 1, target, np.arange(n + 1), np.zeros(n, np.int32))
    rows = np.zeros((n + 1, 1), np.uint64)
    rows[0] = 5

    spread_bits(arrange(rules, engine=engine), rows, engine=engine)

    assert closures(rules, np.array([0, 1]), np.zeros(1, np.int32), engine=engine).element.size == n + 1
    assert (rows == 5).all()


def test_a_long_circle_in_any_order_ends(engine: Engine) -> None:
    n = 200_000 if engine is Engine.NATIVE else 2_000
    around = np.random.default_rng(5).permutation(n).astype(np.int32)
    rules = Rules(n, np.roll(around, -1), np.arange(n + 1), around)
    rows = np.zeros((n, 1), np.uint64)
    rows[7], rows[n // 2] = 1, 8

    spread_bits(arrange(rules, engine=engine), rows, engine=engine)

    assert (rows == 9).all()
    assert [one.size for one in cycles(rules, engine=engine)] == [n]


def test_nothing_needs_nothing(engine: Engine) -> None:
    rules = rules_of(0, [])
    rows = np.zeros((0, 4), np.uint64)

    spread_bits(arrange(rules, engine=engine), rows, engine=engine)

    got = closures(rules, np.zeros(1, np.int64), np.zeros(0, np.int32), engine=engine)
    assert (got.start.tolist(), got.element.tolist(), got.cause.tolist()) == ([0], [], [])
    assert cycles(rules, engine=engine) == []


def test_rules_that_do_not_fit_are_refused(engine: Engine) -> None:
    with pytest.raises(ValueError, match="rule without members"):
        rules_of(2, [(0, [])])
    with pytest.raises(ValueError, match="elements from 0 to 1, got 2 to 2"):
        rules_of(2, [(0, [2])])
    with pytest.raises(ValueError, match="targets from 0 to 1"):
        rules_of(2, [(2, [1])])
    with pytest.raises(ValueError, match="elements from 0 to 1, got -1"):
        closure_of(rules_of(2, [(0, [1])]), [-1], engine)
    with pytest.raises(ValueError, match=r"uint64\[2, words\]"):
        spread_bits(arrange(rules_of(2, [])), np.zeros((3, 1), np.uint64), engine=engine)


def test_progress_is_told_to_the_end(engine: Engine) -> None:
    events = 70_000
    told: list[tuple[int, int]] = []

    closures(
        rules_of(2, [(1, [0])]),
        np.arange(events + 1),
        np.zeros(events, np.int32),
        engine=engine,
        progress=lambda done, total: told.append((done, total)),
    )

    assert told[-1] == (events, events)
